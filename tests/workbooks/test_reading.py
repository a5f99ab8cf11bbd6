"""Opening whatever people upload: readable files, lying extensions, hostile files."""

import base64
import io
import os
import struct
import zipfile
import zlib
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given, settings
from hypothesis import strategies as st

from workbooks import detection, parser_process, reading
from workbooks.reading import Unreadable, open_workbook
from workbooks.writing import stream_xlsx

# A workbook of Excel 97 (written by xlwt), deflated: 隐患描述 | 整改期限, 护栏缺失 | a date, "" | 43613.
XLS = zlib.decompress(
    base64.b85decode(
        "c-rk)O=uHA6#izLG(V)tCZ<9w)KD<m+8&A*71~v)_LLI!pcTP3ZBVJC5{jS)Tdg@33qnEhQjCXQs$Tp-4|?+;MD!pCLZU}66%;(Q"
        "S>L?f#WX4;poPkO%Y5_p&6}CGJ2P))_jMs$TzJr0LKXVZfU@aBV}(vo@;Ns;sN6KA=;U5Xrox7T&r1W@=*H8gR~|Wra=c5>aNqTU"
        "82Cu(B+g@SB9o4-BMz_+BSQMnODu4kG(ohmR}tn>=1t7^*zy_kKGw`K_mXW<oIt@C?A&e7;^SI7mjxl)eZ+O%v!(~lcqwP`)SR$v"
        "-PoT!J92J=6|}hm$b$xSAe~8P<$VZu;Rl8Y-HAkZe}55C8tgp2nK9t2v#OuRlzx5n0;K=GR`2<P-b;g6t-qnUfN7Y+yhw5gKzGR!"
        "O)MXc&#s_@0y#LjAm--p3>QY1uah{L-jm*XIyp~bJ{3B%cdBQ|FXKDM1AR?AXySDeARa@A<uI=nog7+O{PHG|N*bqFGtGN|wNq@9"
        "j={tgS%WGExuk(v+IBMUWWLI+Zeh8VIZ9KR@_4e@77op@%{4BKQ$M>HZ;kC0@(z-7pASE7%Y8CBNM0H!U5YNfGZxTJJJ%T1m)8us"
        "M3=aAQ{su?<id_BADCNyi7;MGw|zJ5?J$H@xuytVX6sJA9bwyx-`ESbmn~k_{OnHz7Zx?P*Q)HLh4sFrMV}VILuo=0?kD_EP*6}%"
        "P*6}%P^cBcK8;%+2%y8Zb>{cj|8-U=mDO*O{}x9uLDwXGR31cz@+>aaHGek4Eu6MQjdh&=g%Zc8_bkSdVn4>~p1<_XCMut&=8F2?"
        "TSE2rU#`c`f875M_)68P"
    )
)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def rows_of(data: bytes, filename: str = "台账.xlsx") -> list[list]:
    with open_workbook(io.BytesIO(data), filename) as workbook:
        return list(workbook.sheets[0].rows())


def refusal(data: bytes, filename: str = "台账.xlsx") -> str:
    with pytest.raises(Unreadable) as refused:
        rows_of(data, filename)
    return str(refused.value)


def xlsx(rows=(["护栏缺失"],), headings=("隐患描述",)) -> bytes:
    return b"".join(stream_xlsx("台账", headings, rows))


def repacked(data: bytes, **parts: bytes | None) -> bytes:
    """The workbook with parts replaced or added; keys use __ for / ."""
    replaced = {name.replace("__", "/"): content for name, content in parts.items()}
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in replaced:
                new.writestr(name, old.read(name))
        for name, content in replaced.items():
            new.writestr(name, content)
    return buffer.getvalue()


def sheet_part(cells: str) -> bytes:
    return (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        f"{cells}</sheetData></worksheet>"
    ).encode()


def with_sheet(cells: str) -> bytes:
    return repacked(xlsx(), **{"xl__worksheets__sheet1.xml": sheet_part(cells)})


def test_own_workbook_comes_back():
    data = xlsx([["甲", date(2025, 8, 4), datetime(2025, 8, 4, 10, 30), 3]], ["文字", "日期", "时间", "数"])
    assert rows_of(data) == [
        ["文字", "日期", "时间", "数"],
        ["甲", date(2025, 8, 4), datetime(2025, 8, 4, 10, 30), 3.0],
    ]


def test_rows_and_columns_keep_their_place_and_serials_come_as_numbers():
    book = openpyxl.Workbook()
    book.active["C3"], book.active["D4"] = "x", 43613
    buffer = io.BytesIO()
    book.save(buffer)
    assert rows_of(buffer.getvalue()) == [[""] * 4, [""] * 4, ["", "", "x", ""], ["", "", "", 43613.0]]


def test_old_excel():
    assert rows_of(XLS, "台账.xls") == [["隐患描述", "整改期限"], ["护栏缺失", date(2019, 5, 28)], ["", 43613]]


def ods(row: str) -> bytes:
    """An OpenDocument spreadsheet with the given <table:table-row>."""
    namespaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    content = (
        f"<office:document-content {namespaces}><office:body><office:spreadsheet>"
        f'<table:table table:name="A">{row}</table:table></office:spreadsheet></office:body></office:document-content>'
    )
    manifest = '<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", manifest)
        archive.writestr("content.xml", content)
    return buffer.getvalue()


def test_open_document():
    cell = '<table:table-cell office:value-type="string"><text:p>护栏缺失</text:p></table:table-cell>'
    assert rows_of(ods(f"<table:table-row>{cell}</table:table-row>"), "台账.ods") == [["护栏缺失"]]


def test_open_document_that_repeats_a_cell_for_ever():
    repeated = 'office:value-type="string" table:number-columns-repeated="16384"'
    cell = f"<table:table-cell {repeated}><text:p>x</text:p></table:table-cell>"
    assert refusal(ods(f'<table:table-row table:number-rows-repeated="1048576">{cell}</table:table-row>'), "台账.ods")


def test_sheets_hidden_ones_marked_and_empty_ones_without_rows():
    book = openpyxl.Workbook()
    book.create_sheet("隐藏").sheet_state = "hidden"
    buffer = io.BytesIO()
    book.save(buffer)
    with open_workbook(buffer, "a.xlsx") as workbook:
        assert [(sheet.name, sheet.hidden) for sheet in workbook.sheets] == [("Sheet", False), ("隐藏", True)]
        assert list(workbook.sheets[1].rows()) == []


def test_extension_does_not_matter_and_a_sheet_can_be_read_twice():
    with open_workbook(io.BytesIO(xlsx()), "旧表.xls") as workbook:
        assert workbook.kind == "xlsx"
        assert list(workbook.sheets[0].rows()) == list(workbook.sheets[0].rows()) == [["隐患描述"], ["护栏缺失"]]


@pytest.mark.parametrize(
    "data",
    [
        "隐患描述,整改期限\r\n护栏缺失,2025.8.4\r\n".encode(encoding)
        for encoding in ("utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16")
    ]
    + ["隐患描述\t整改期限\n护栏缺失\t2025.8.4\n".encode("gbk"), "隐患描述;整改期限\n护栏缺失;2025.8.4".encode()],
)
@pytest.mark.parametrize("name", ["台账.csv", "台账.xls"])
def test_text_tables(data, name):
    assert rows_of(data, name) == [["隐患描述", "整改期限"], ["护栏缺失", "2025.8.4"]]


def test_django_upload():
    with open_workbook(SimpleUploadedFile("台账.xlsx", xlsx()), "台账.xlsx") as workbook:
        assert list(workbook.sheets[0].rows()) == [["隐患描述"], ["护栏缺失"]]


def test_quoted_line_breaks_in_csv():
    assert rows_of('a,"甲\n乙"\nb,c\n'.encode(), "a.csv") == [["a", "甲\n乙"], ["b", "c"]]


@pytest.mark.parametrize(
    "body", ["<html><table><tr><td>1", "\ufeff \n<!DOCTYPE html>", "<!-- x --><TABLE border=1>", "MIME-Version: 1.0"]
)
def test_web_page_called_xls_is_refused_by_content(body):
    sentence = "这个文件的扩展名是 .xls，内容却是网页；请在 Excel 或 WPS 中另存为 .xlsx 后再导入"
    assert refusal(body.encode(), "导出.xls") == sentence


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "文件是空的"),
        (b"\xef\xbb\xbf\r\n  ", "文件是空的"),
        (b"\0" * 5000, "文件是空的"),
        (b"PK\x05\x06" + b"\0" * 18, "空的压缩包"),
        (b"PK\x03\x04" + b"\0" * 200, "文件不完整或已损坏"),
        (b"%PDF-1.7\n", "内容却是PDF 文件"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "内容却是图片"),
        (b"Rar!\x1a\x07\x00", "内容却是RAR 压缩包"),
        (b"<?xml version='1.0'?><Workbook/>", "内容却是 XML 文本"),
        (b"<!DOCTYPE a [<!ENTITY b 'c'>]>", "内容却是 XML 文本"),
        (b"\x01\x02\x03 abc", "认不出这个文件的格式"),
        (b"abc\xff\xff\xff\x81", "编码既不是 UTF-8 也不是 GBK"),
        (OLE + b"\0" * 600, "文件不完整或已损坏"),
        (OLE + "Workbook".encode("utf-16-le") + b"\0" * 600, "文件不完整或已损坏"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "文件设有打开密码"),
        (OLE + "WordDocument".encode("utf-16-le"), "文件是 Word 文档"),
        (OLE + "Workbook".encode("utf-16-le") + "_VBA_PROJECT".encode("utf-16-le"), "文件带有宏"),
    ],
)
def test_what_is_no_workbook_is_refused_with_a_reason(data, words):
    assert words in refusal(data)


def test_truncated_workbook():
    data = xlsx([[f"护栏缺失{n}"] for n in range(3000)])
    for share in (0.1, 0.5, 0.99):
        assert "文件不完整或已损坏" in refusal(data[: int(len(data) * share)])


def test_damaged_part():
    assert "文件不完整或已损坏" in refusal(with_sheet("<row r='1'><c r='A1'><v>1</row>"))
    assert "文件不完整或已损坏" in refusal(repacked(xlsx(), **{"xl__workbook.xml": b"<workbook"}))


@pytest.mark.parametrize("name", ["xl__vbaProject.bin", "xl__macrosheets__sheet1.xml"])
def test_macro_workbook(name):
    assert "文件带有宏" in refusal(repacked(xlsx(), **{name: b"x"}), "a.xlsm")


def test_other_archives():
    assert "文件是压缩包" in refusal(repacked(b"PK\x05\x06" + b"\0" * 18, **{"readme.txt": b"x"}))
    assert "Word 文档" in refusal(repacked(b"PK\x05\x06" + b"\0" * 18, **{"word__document.xml": b"<a/>"}))


@pytest.mark.parametrize(
    "prologue",
    [
        b'<!DOCTYPE x [<!ENTITY a "b">]>',
        b'<?xml version="1.0"?>\n<!doctype x SYSTEM "file:///etc/passwd">',
        '<!DOCTYPE x [<!ENTITY a "b">]>'.encode("utf-16"),
    ],
)
def test_document_types_are_refused(prologue):
    data = repacked(xlsx(), **{"xl__worksheets__sheet1.xml": prologue + sheet_part("")})
    assert "外部引用或实体定义" in refusal(data)


def test_zip_bomb_by_ratio():
    assert "异常庞大" in refusal(repacked(xlsx(), **{"xl__media__x.bin": b"\0" * 20_000_000}))


def test_zip_bomb_by_number_of_parts(monkeypatch):
    monkeypatch.setattr(detection, "MAX_ENTRIES", 50)
    assert "异常庞大" in refusal(repacked(xlsx(), **{f"x{n}": b"" for n in range(60)}))


def test_zip_bomb_by_total_size(monkeypatch):
    monkeypatch.setattr(detection, "MAX_UNPACKED_BYTES", 1_000_000)
    assert "异常庞大" in refusal(repacked(xlsx(), **{"xl__media__x.bin": os.urandom(1_000_001)}))


def test_zip_whose_parts_overlap():
    data = bytearray(repacked(xlsx(), **{"xl__media__x.bin": os.urandom(50_000)}))
    position = data.rfind(b"xl/media/x.bin")
    struct.pack_into("<I", data, position - 46 + 20, 90_000)
    assert "异常庞大" in refusal(bytes(data))


def test_encrypted_parts():
    data = bytearray(xlsx())
    position = data.rfind(b"xl/styles.xml")
    data[position - 46 + 8] |= 1
    assert "文件设有打开密码" in refusal(bytes(data))


def test_large_file_is_not_copied_whole(monkeypatch):
    monkeypatch.setattr(reading, "MAX_FILE_BYTES", 2**20)
    assert "文件超过 1 MB" in refusal(b"a,b\n" * 300_000)


def test_two_cells_far_apart_do_not_cost_memory():
    corner = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    sentence = refusal(with_sheet(corner))
    assert "内存或时间超出限度" in sentence or "1048576 行" in sentence


def test_one_long_text_repeated_does_not_cost_memory():
    cells = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 60_001))
    strings = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>%s</t></si></sst>'
    data = with_sheet(cells)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        links = archive.read("xl/_rels/workbook.xml.rels").replace(
            b"</Relationships>",
            b'<Relationship Id="rId9" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
            b'sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        )
    hostile = {"xl__sharedStrings.xml": strings % (b"x" * 32_000), "xl___rels__workbook.xml.rels": links}
    assert "内存或时间超出限度" in refusal(repacked(data, **hostile))


def test_styled_empty_cells_far_below_do_not_count():
    cells = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="A1048576" s="1"/></row>'
    assert rows_of(with_sheet(cells)) == [[1.0]]


@pytest.mark.parametrize(
    ("limit", "words"),
    [("MAX_ROWS", "有 3 行，最多 2 行"), ("MAX_COLUMNS", "有 3 列，最多 2 列"), ("MAX_CELLS", "有 9 格")],
)
def test_limits_of_a_sheet(monkeypatch, limit, words):
    monkeypatch.setattr(reading, limit, 2)
    assert words in refusal(xlsx([["1", "2", "3"]] * 2, ["a", "b", "c"]))


def test_limits_of_a_text_table(monkeypatch):
    monkeypatch.setattr(reading, "MAX_ROWS", 2)
    assert "文件超过 2 行" in refusal(b"a\nb\nc\n", "a.csv")
    assert "有 300 列" in refusal(b"," * 299, "a.csv")
    assert "引号没有闭合" in refusal(b'a,b\nc,"' + b"x" * 200_000, "a.csv")


def test_reader_given_up_half_way_stops_its_child():
    with open_workbook(io.BytesIO(xlsx([[str(n)] for n in range(20_000)])), "a.xlsx") as workbook:
        rows = workbook.sheets[0].rows()
        assert next(rows) == ["隐患描述"]
        rows.close()
        path = Path(workbook._path)
        assert path.exists()
    assert not path.exists()


def test_child_knows_nothing_of_the_project():
    source = Path(parser_process.__file__).read_text(encoding="utf-8")
    assert "import django" not in source and "from ." not in source


@settings(max_examples=40)
@given(st.binary(max_size=300), st.sampled_from([b"", b"PK\x03\x04", OLE, b"<", b"\xff\xfe", b"\xef\xbb\xbf"]))
def test_any_bytes_are_read_or_refused_with_a_sentence(data, magic):
    try:
        rows_of(magic + data)
    except Unreadable as reason:
        assert str(reason)


@settings(max_examples=30)
@given(st.data())
def test_any_damaged_workbook_is_read_or_refused_with_a_sentence(data):
    broken = bytearray(xlsx([["护栏缺失"]] * 3))
    for position in data.draw(st.lists(st.integers(0, len(broken) - 1), min_size=1, max_size=6)):
        broken[position] = data.draw(st.integers(0, 255))
    try:
        rows_of(bytes(broken))
    except Unreadable as reason:
        assert str(reason)
