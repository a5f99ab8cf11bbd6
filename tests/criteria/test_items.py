"""Items from a workbook: what is new is added, what is changed supersedes, what is wrong is said row by row, nothing half applied."""

from unittest.mock import patch

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from criteria import loading, operations
from criteria.models import Criterion, Standard
from criteria.operations import TAKEN_OUT, Item
from journal import audit
from journal.refusal import Refused
from tests.criteria.books import HEADER, text, workbook
from tests.factories import NOON

pytestmark = pytest.mark.django_db
FIRST, SECOND = Item("4.1", "a)", "", "未设泄爆"), Item("4.1", "b)", "粮食", "未清扫")


@pytest.fixture
def standard(safety_office):
    return operations.enter(by=safety_office, at=NOON, name="某标准", number="GB 1-2026")


@pytest.fixture
def load(standard, safety_office):
    return lambda *items: operations.load_items(standard, by=safety_office, at=NOON, items=list(items))


def told(standard):
    rows = standard.criteria.items().newest().order_by("order")
    return [(row.article, row.item, row.field, row.wording) for row in rows]


def as_row(item):
    return item.article, item.item, item.field, item.wording


def test_items_are_added_changed_and_taken_out_and_older_rows_stay(standard, load):
    assert load(FIRST, SECOND).changes == {"新增": "2 条"}
    assert told(standard) == [as_row(FIRST), as_row(SECOND)]
    older = standard.criteria.get(item="a)")
    third = Item("4.2", "", "", "无联锁")
    changed = Item("４.1", "a）", "", "未设泄爆或抑爆")  # the same place, typed another way
    assert load(changed, SECOND, third).changes == {"新增": "1 条", "改写": "1 条"}
    assert told(standard) == [("4.1", "a)", "", "未设泄爆或抑爆"), as_row(SECOND), as_row(third)]
    assert not older.is_newest() and Criterion.objects.get(pk=older.pk).wording == "未设泄爆"
    assert load(Item("4.1", "b)", wording=TAKEN_OUT)).changes == {"停用": "1 条"}
    assert [row[1] for row in told(standard)] == ["a)", ""]
    assert load(SECOND).changes == {"新增": "1 条"}  # it is back, where it stood
    assert told(standard)[1] == as_row(SECOND)
    assert list(audit.breaks([Standard])) == []


def test_the_same_again_changes_nothing(standard, load):
    load(FIRST, SECOND)
    before = standard.version, Criterion.objects.count()
    assert load(SECOND, FIRST) is None
    assert (standard.version, Criterion.objects.count()) == before


def test_another_field_of_work_supersedes_too(standard, load):
    load(FIRST)
    assert load(Item("4.1", "a)", "木材", "未设泄爆")).changes == {"改写": "1 条"}


@pytest.mark.parametrize(
    ("items", "words"),
    [
        ([], "没有条目"),
        ([Item("", "a)", "", "未设泄爆")], "写明条和情形"),
        ([Item("4.1", "a)")], "写明条和情形"),
        ([FIRST, Item("4.1", "a）", "", "另一种")], "出现了两次"),
        ([Item("4.9", wording=TAKEN_OUT)], "不在现有条目中"),
        ([Item(str(number), wording="某") for number in range(2001)], "最多导入 2000 条"),
    ],
)
def test_the_verb_refuses_what_no_door_should_bring(standard, load, items, words):
    with pytest.raises(Refused, match=words):
        load(*items)
    assert told(standard) == []


def test_a_standard_holds_so_many_items_and_no_more(standard, load):
    with patch("criteria.operations.items.MAX_ITEMS", 2):
        load(FIRST, SECOND)
        with pytest.raises(Refused, match="最多 2 条"):
            load(Item("5", wording="某"))
        load(Item("4.1", "a)", wording=TAKEN_OUT), Item("5", wording="某"))
    assert len(told(standard)) == 2


# --- the workbook -------------------------------------------------------------------------------------------------


def read(file):
    return loading.read(file, file.name)


@pytest.mark.parametrize(
    "file",
    [
        workbook(as_row(FIRST), as_row(SECOND)),
        workbook(("4.1", "a)", "", "未设泄爆"), ("", "b)", "粮食", "未清扫")),  # merged cells
        workbook(("", "重大隐患情形", "小项", "条号", "适用范围"), (1, "未设泄爆", "a)", 4.1), (2, "未清扫", "b)", 4.1, "粮食"), header=("某标准条目",)),
        workbook(as_row(FIRST), sheets=[[HEADER, as_row(SECOND)], []]),
        text("条,项,适用,情形\r\n4.1,a),,未设泄爆\r\n4.1,b),粮食,未清扫\r\n"),
        text("条,项,适用,情形\n4.1,a),,未设泄爆\n4.1,b),粮食,未清扫\n", encoding="gbk"),
        text("条,项,适用,情形\n4.1,a),,未设\u200b泄爆\n 4.1 ,b),粮食,未清扫\n\n\n"),
    ],
)  # fmt: skip
def test_items_are_read_from_whatever_holds_them(file):
    assert read(file) == ([FIRST, SECOND], [])


def test_a_workbook_of_many_rows_is_refused_whole():
    rows = [(str(number), "", "", "某") for number in range(1, 2002)]
    assert read(workbook(*rows)) == ([], ["一次最多导入 2,000 条，请拆分后再导入"])
    items, problems = read(workbook(*rows[:2000]))
    assert (len(items), problems) == (2000, [])


def test_everything_that_is_wrong_with_a_workbook_is_said_at_once_and_by_row():
    rows = [
        ("", "a)", "", "未设泄爆"), ("4.1", "a)", "", ""), ("4.1", "a)", "", "某"), ("4.1", "a)", "", "某"),
        ("长" * 31, "", "", "某"), ("4.2", "项" * 31, "", "某"), ("4.3", "", "用" * 41, "某"), ("4.4", "", "", "情" * 501),
        (10**40, "b", "", "某"),
    ]  # fmt: skip
    _, problems = read(workbook(*rows))
    assert problems == [
        "第 2 行：没有写条", "第 3 行：没有写情形；要停用这一项，请在情形中写“停用”", "第 5 行：与第 4 行的条、项相同，请只保留一行",
        "第 6 行：条有 31 个字，最多 30 个字", "第 7 行：项有 31 个字，最多 30 个字", "第 8 行：适用有 41 个字，最多 40 个字",
        "第 9 行：情形有 501 个字，最多 500 个字", *problems[7:],
    ]  # fmt: skip
    _, problems = read(workbook(*[("4", "", "", "") for _ in range(30)]))
    assert len(problems) == loading.SAID + 1 and problems[-1] == "另有 10 处同样需要改正"


HTML = b"<!doctype html><html><body><table><tr><td>1</td></tr></table></body></html>"
HOSTILE = {
    "empty": SimpleUploadedFile("条目.xlsx", b""),
    "html": SimpleUploadedFile("条目.xls", HTML),
    "cut": SimpleUploadedFile("条目.xlsx", b"PK\x03\x04" + b"\x00" * 60),
    "picture": SimpleUploadedFile("条目.xlsx", b"\xff\xd8\xff\xe0"),
    "binary": SimpleUploadedFile("条目.csv", bytes(range(256)) * 4),
    "no header": workbook(("4.1", "a)", "", "未设泄爆"), header=("甲", "乙", "丙", "丁")),
    "no article": workbook(("a)", "未设泄爆"), header=("项", "情形")),
    "no wording": workbook(("4.1", "a)"), header=("条", "项")),
    "second sheet is something else": workbook(as_row(FIRST), sheets=[[("甲", "乙"), ("丙", "丁")]]),
    "header alone": workbook(),
    "one wrong row": workbook(as_row(FIRST), ("4.2", "", "", "")),
    "formula of errors": text("条,项,适用,情形\n=1/0,,,\n"),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_workbook_is_refused_in_words_and_writes_nothing(client, safety_office, standard, kind):
    client.force_login(safety_office)
    file = HOSTILE[kind]
    file.seek(0)
    before = Criterion.objects.count()
    response = client.post(reverse("criteria:standard_act", args=[standard.pk, "load_items"]), {"file": file})
    assert response.status_code == 400
    assert response.context["form"].errors["file"]
    assert all("\u4e00" <= words[0] <= "\u9fff" or words[0] == "“" for words in response.context["form"].errors["file"])
    standard.refresh_from_db()
    assert (Criterion.objects.count(), standard.version) == (before, 1)


def test_the_office_loads_a_workbook_and_the_empty_one_that_is_offered(client, safety_office, standard):
    client.force_login(safety_office)
    page = reverse("criteria:standard_act", args=[standard.pk, "load_items"])
    assert reverse("criteria:template") in client.get(page).content.decode()
    answer = client.get(reverse("criteria:template"))
    offered = SimpleUploadedFile("条目.xlsx", b"".join(answer.streaming_content))
    assert [cell.value for cell in load_workbook(offered).active[1]] == list(HEADER)
    offered.seek(0)
    assert client.post(page, {"file": offered}, follow=True).status_code == 200
    assert told(standard) == [loading.EXAMPLE]
    assert "新增 1 条" in client.get(standard.get_absolute_url()).content.decode()
