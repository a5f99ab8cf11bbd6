"""The Word file: the words of the page, by a template that a house may replace."""

from io import BytesIO

import pytest
from django.core.management import CommandError, call_command
from docx import Document
from docx.shared import Mm

from bulletins import frozen, operations
from bulletins.paper import BUILT_IN, paper_of, unknown_names

pytestmark = pytest.mark.once  # pages, forms and words: no database decides them
TYPE_AREA = Mm(156) + 635  # 版心, and one twentieth of a point for rounding


def paper(bulletin):
    return paper_of(bulletin, frozen.shown_tables(bulletin.freeze, bulletin.division))


def word(client, places, bulletin):
    client.force_login(places["manager"])
    return client.get(f"{bulletin.get_absolute_url()}word/")


def said(content):
    document = Document(BytesIO(content))
    return [one.text for one in document.paragraphs], document.tables


def test_word_says_what_the_page_says(client, places, issued):
    answer = word(client, places, issued)
    lines, tables = said(answer.content)
    for text in (
        issued.number,
        f"{issued.addressed}：",
        issued.opening,
        "一、总体情况",
        "二、排名情况",
        *issued.overall.split("\n"),
    ):
        assert text in lines
    one = paper(issued)
    assert [[cell.text for cell in row.cells] for row in tables[0].rows[1:]] == one.sections[1].table.rows
    assert len(tables) == 2 + len(one.attachments)  # the colophon is one
    assert "附件1" in lines
    assert issued.receipts.count() == 1


def test_a_section_without_words_is_left_out_and_the_others_move_up(issued):
    assert [section.heading for section in paper(issued).sections] == [
        "一、总体情况", "二、排名情况", "三、存在问题", "四、工作要求",
    ]  # fmt: skip


def test_signs_of_xml_are_text(client, places, draft, noon):
    operations.edit_bulletin(draft, by=places["writer"], at=noon, requirements="<w:b/> & {{ 1 }}")
    operations.submit_bulletin(draft, by=places["writer"], at=noon)
    operations.issue_bulletin(draft, by=places["head"], at=noon)
    assert "<w:b/> & {{ 1 }}" in said(word(client, places, draft).content)[0]


def own_template(path, *lines):
    document = Document()
    for line in lines:
        document.add_paragraph(line)
    document.save(path)


def test_a_template_of_the_house_is_used(client, places, issued, settings, tmp_path):
    settings.BULLETIN_TEMPLATE = str(tmp_path / "own.docx")
    own_template(tmp_path / "own.docx", "本单位模板：{{ number }}")
    assert said(word(client, places, issued).content)[0] == [f"本单位模板：{issued.number}"]


@pytest.mark.parametrize("line", ["{{ secret }}", "{% for %}", "{{ number.__class__.__mro__ }}", None])
def test_a_template_that_cannot_be_used_is_said_to_be_so(client, places, issued, settings, tmp_path, line):
    settings.BULLETIN_TEMPLATE = str(tmp_path / "own.docx")
    if line is None:
        (tmp_path / "own.docx").write_bytes(b"no document at all")
    else:
        own_template(tmp_path / "own.docx", line)
    answer = word(client, places, issued)
    assert answer.status_code == 302
    told = client.get(answer.url).content.decode()
    assert "Word 模板不能使用" in told
    assert not any(word in told for word in ("undefined", "zip", "manage.py", "Encountered"))


def test_the_command_writes_out_the_template_and_checks_another(tmp_path, capsys):
    call_command("bulletin_template", write=str(tmp_path / "start.docx"))
    assert (tmp_path / "start.docx").read_bytes() == BUILT_IN.read_bytes()
    call_command("bulletin_template", check=str(tmp_path / "start.docx"))
    own_template(tmp_path / "own.docx", "{{ nunber }}")
    with pytest.raises(CommandError, match="nunber"):
        call_command("bulletin_template", check=str(tmp_path / "own.docx"))
    assert unknown_names(BUILT_IN) == []


def test_tables_of_the_built_in_paper_are_dense_and_the_colophon_ends_it(client, places, issued):
    """附件 of 199 rows took 50 sheets: rows stood on the page's grid of 22 lines, columns were as wide as each other."""
    document = Document(BytesIO(word(client, places, issued).content))
    *sheets, colophon = document.tables
    for table in sheets:
        widths = [column.width for column in table.columns]
        assert widths == [cell.width for cell in table.rows[1].cells] and widths[1] == max(widths)
        assert sum(widths) <= TYPE_AREA
        for cell in table.rows[1].cells:
            [snap] = cell.paragraphs[0]._p.xpath("w:pPr/w:snapToGrid")
            assert snap.values() == ["0"], "off the grid"
    # GB/T 9704: the colophon is the last thing of the last page, after what is attached.
    assert colophon.rows[-1].cells[0].text == f"{paper(issued).issuer}\t{paper(issued).printed}"
    assert [child.tag.rpartition("}")[2] for child in document.element.body][-3:] == ["tbl", "p", "sectPr"]
