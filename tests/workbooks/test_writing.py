"""The streaming writer, checked by two independent readers."""

import io
import re
import tracemalloc
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import load_workbook

from workbooks import writing
from workbooks.writing import Paper, stream_xlsx


def written(headings, rows, **options) -> io.BytesIO:
    return io.BytesIO(b"".join(stream_xlsx("隐患台账", headings, rows, **options)))


def test_values_come_back_in_both_readers():
    row = [
        "基坑 <临边> & 护栏",
        7,
        0.5,
        Decimal("12.30"),
        True,
        date(2025, 8, 4),
        datetime(2025, 8, 4, 10, 30),
        None,
        "😀",
    ]
    file = written(["文字", "整数", "小数", "金额", "是否", "日期", "时间", "空", "表情"], [row])
    sheet = openpyxl.load_workbook(file).active
    assert sheet.title == "隐患台账"
    assert [cell.value for cell in sheet[2]] == [
        *("基坑 <临边> & 护栏", 7, 0.5, 12.3, "是"),
        *(datetime(2025, 8, 4), datetime(2025, 8, 4, 10, 30), None, "😀"),
    ]
    assert sheet["F2"].is_date and sheet["F2"].number_format == r"yyyy\-mm\-dd"
    file.seek(0)
    rows = load_workbook(file).get_sheet_by_index(0).to_python()
    assert rows[1] == [
        *("基坑 <临边> & 护栏", 7.0, 0.5, 12.3, "是"),
        *(date(2025, 8, 4), datetime(2025, 8, 4, 10, 30), "", "😀"),
    ]


def test_layout_title_header_filter_and_widths():
    sheet = openpyxl.load_workbook(
        written(["序号", "隐患描述"], [[1, "a"], [2, "b"]], title="2026年台账", column_widths=[6, None])
    ).active
    assert sheet["A1"].value == "2026年台账" and sheet["A1"].font.bold
    assert [str(merged) for merged in sheet.merged_cells.ranges] == ["A1:B1"]
    assert [cell.value for cell in sheet[2]] == ["序号", "隐患描述"]
    assert sheet["A2"].font.bold and sheet["A3"].alignment.wrap_text
    assert sheet.freeze_panes == "A3" and sheet.auto_filter.ref == "A2:B4"
    assert sheet.column_dimensions["A"].width == 6
    assert sheet.print_title_rows == "$1:$2"


def test_a_form_says_its_conditions_is_numbered_page_by_page_and_signed():
    paper = Paper(note="条件：在办；共 2 条", signature="制表：　审核：")
    sheet = openpyxl.load_workbook(written(["序号", "描述"], [[1, "a"], [2, "b"]], title="台账", paper=paper)).active
    assert [sheet.cell(row, 1).value for row in range(1, 7)] == [
        "台账",
        "条件：在办；共 2 条",
        "序号",
        1,
        2,
        "制表：　审核：",
    ]
    assert {str(merged) for merged in sheet.merged_cells.ranges} == {"A1:B1", "A2:B2", "A6:B6"}
    assert sheet.print_title_rows == "$1:$3" and sheet.freeze_panes == "A4" and sheet.auto_filter.ref is None
    assert sheet.oddFooter.center.text == "第 &P 页 共 &N 页"
    assert (sheet.page_setup.paperSize, sheet.page_setup.orientation, sheet.page_setup.fitToWidth) == (
        9,
        "landscape",
        1,
    )


def test_a_wide_sheet_lies_on_pages_side_by_side_each_with_the_first_column():
    sheet = openpyxl.load_workbook(written(["a", "b"], [[1, 2]], title="台账", paper=Paper(across=2, size=8))).active
    assert sheet.print_title_cols == "$A:$A" and sheet.print_title_rows == "$1:$2"
    assert (sheet.page_setup.paperSize, sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (8, 2, 0)
    assert not sheet.merged_cells.ranges  # a title in the middle of two pages would be cut


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", 1),
        ("短", 1),
        ("汉" * 9, 1),
        ("汉" * 10, 2),
        ("a" * 19, 1),
        ("a" * 20, 2),
        ("甲\n乙\n\n丙", 4),
        ("汉" * 90, 10),
        ("汉" * 9999, 28.1),
    ],
)
def test_a_row_is_as_high_as_its_longest_text_needs(text, lines):
    sheet = openpyxl.load_workbook(written(["描述", "备注"], [[text, "短"]], column_widths=[20, 20])).active
    assert sheet.row_dimensions[2].height == pytest.approx(min(409.5, lines * 14.5 + 4), abs=3)


@pytest.mark.parametrize("text", ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(1)", "\t=1", "\r=1"])
def test_formula_like_text_stays_text(text):
    file = written(["描述"], [[text]])
    cell = openpyxl.load_workbook(file).active["A2"]
    assert cell.data_type == "s" or cell.value == text.replace("\r", "\n")
    assert cell.quotePrefix
    xml = zipfile.ZipFile(file).read("xl/worksheets/sheet1.xml").decode()
    assert "<f" not in re.sub(r"<fgColor|<fill", "", xml)
    assert 't="inlineStr"' in xml.split('r="A2"')[1]


def test_ordinary_text_has_no_quote_prefix():
    assert not openpyxl.load_workbook(written(["描述"], [["1+1"]])).active["A2"].quotePrefix


def test_what_xml_forbids_is_dropped():
    sheet = openpyxl.load_workbook(written(["a\x00b"], [["甲\x00\x0b\ud800乙\ufffe\r\n丙"]])).active
    assert sheet["A1"].value == "ab"
    assert sheet["A2"].value == "甲乙\n丙"


@settings(max_examples=60)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\ufffe\uffff"), max_size=80)))
def test_any_text_comes_back(texts):
    texts = ["".join(c for c in text if c >= " " or c in "\t\n") for text in texts]
    file = written(["文字", "尾"], [[text, "|"] for text in texts])
    assert [row[0].value or "" for row in openpyxl.load_workbook(file).active.iter_rows(min_row=2)][
        : len(texts)
    ] == texts


def test_values_that_only_look_equal_are_kept_apart():
    sheet = openpyxl.load_workbook(written(["a", "b", "c", "d"], [[1, True, "1", 1.0]])).active
    assert [cell.value for cell in sheet[2]] == [1, "是", "1", 1]
    assert [cell.data_type for cell in sheet[2]] == ["n", "s", "s", "n"]


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (914101234567890123, "914101234567890123"),
        (float("inf"), None),
        (float("nan"), None),
        pytest.param(10**5000, "（数字过大）", id="huge"),
        (date(1900, 1, 1), "1900-01-01"),
        (datetime(1899, 1, 1, 8), "1899-01-01 08:00"),
    ],
)
def test_values_a_cell_cannot_hold_are_not_falsified(value, cell):
    assert openpyxl.load_workbook(written(["a"], [[value]])).active["A2"].value == cell


def test_text_longer_than_a_cell_is_cut_visibly():
    value = openpyxl.load_workbook(written(["a"], [["隐" * 40_000]])).active["A2"].value
    assert len(value) == 32_767 and value.endswith("…")
    emoji = openpyxl.load_workbook(written(["a"], [["😀" * 20_000]])).active["A2"].value
    assert len(emoji.encode("utf-16-le")) <= 2 * 32_767 and emoji.endswith("…")


def test_refusals():
    with pytest.raises(ValueError, match="2 values for 1 headings"):
        written(["a"], [["x", "y"]])
    with pytest.raises(ValueError, match="local time"):
        written(["a"], [[datetime(2025, 1, 1, tzinfo=UTC)]])
    with pytest.raises(ValueError, match="headings"):
        written([], [])


def test_no_rows_still_make_a_workbook():
    sheet = openpyxl.load_workbook(written(["a", "b"], [])).active
    assert (sheet.max_row, sheet.auto_filter.ref) == (1, "A1:B1")


def test_further_sheets_when_one_is_full(monkeypatch):
    monkeypatch.setattr(writing, "SHEET_ROWS", 4)
    book = openpyxl.load_workbook(written(["n"], [[n] for n in range(7)], title="台账"))
    assert book.sheetnames == ["隐患台账", "隐患台账(2)", "隐患台账(3)", "隐患台账(4)"]
    values = [[row[0].value for row in sheet.iter_rows(min_row=3)] for sheet in book]
    assert values == [[0, 1], [2, 3], [4, 5], [6]]


@pytest.mark.parametrize(
    ("asked", "given_name"),
    [
        ("a/b:c", "a b c"),
        ("", "Sheet1"),
        ("History", "Sheet1"),
        ("'", "Sheet1"),
        ("超" * 40, "超" * 27),
        ("A'B&\"", "A'B&\""),
    ],
)
def test_sheet_names_are_legal(asked, given_name):
    assert openpyxl.load_workbook(io.BytesIO(b"".join(stream_xlsx(asked, ["a"], [])))).sheetnames == [given_name]


def test_bytes_leave_before_the_last_row_and_memory_stays_flat():
    reached = 0

    def rows():
        nonlocal reached
        for reached in range(20_000):
            yield [f"HZ{reached:08d}", f"第{reached}处临边防护栏杆缺失，存在高处坠落风险" * 3]

    tracemalloc.start()
    pieces = stream_xlsx("台账", ["编号", "描述"], rows())
    next(pieces)
    assert reached < 10_000
    biggest = max(len(piece) for piece in pieces)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert biggest < 1_000_000
    assert peak < 16_000_000
    assert reached == 19_999


def test_an_export_given_up_half_way_leaves_nothing_open():
    pieces = stream_xlsx("台账", ["a"], ([f"{n}" * 50] for n in range(100_000)))
    next(pieces)
    pieces.close()


def test_same_rows_make_the_same_bytes():
    assert written(["a"], [["x"]]).getvalue() == written(["a"], [["x"]]).getvalue()


def test_parts_need_no_zip64():
    """Excel declines entries that announce zip64 sizes in a data descriptor."""
    with zipfile.ZipFile(written(["a"], [["x"]] * 1000)) as archive:
        assert {entry.extract_version for entry in archive.infolist()} == {20}
        assert all(entry.flag_bits & 0x08 for entry in archive.infolist())
