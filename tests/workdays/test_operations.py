from datetime import UTC, date, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from workdays import operations
from workdays.models import PublishedYear, WorkingDay
from workdays.rules import BadNotice, Deadline, ExceptionDay

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 22, 4, tzinfo=UTC)
NOTICE_2027 = [
    ExceptionDay(date(2026, 12, 31), False, "元旦"),
    ExceptionDay(date(2027, 1, 1), False, "元旦"),
    ExceptionDay(date(2027, 1, 2), False, "元旦"),
    ExceptionDay(date(2027, 1, 10), True, "元旦调休"),
]


@pytest.fixture
def seeded():
    PublishedYear.objects.all().delete()
    operations.seed(at=AT)


def test_seeding_enters_the_committed_years_once(seeded):
    assert PublishedYear.objects.count() == 23
    assert WorkingDay.objects.count() == 557
    assert operations.seed(at=AT) == 0


def test_seeding_keeps_what_someone_entered(seeded):
    PublishedYear.objects.filter(year=2026).update(notice="更正")
    PublishedYear.objects.filter(year=2025).delete()
    assert operations.seed(at=AT) == 1
    assert PublishedYear.objects.get(year=2026).notice == "更正"


def test_the_calendar_is_one_query(seeded, django_assert_num_queries):
    with django_assert_num_queries(1):
        calendar = operations.load_calendar()
    assert calendar.add_working_days(date(2026, 9, 30), 1) == Deadline(date(2026, 10, 8), True)


def test_an_empty_table_counts_monday_to_friday():
    PublishedYear.objects.all().delete()
    calendar = operations.load_calendar()
    assert calendar.add_working_days(date(2026, 9, 30), 1) == Deadline(date(2026, 10, 1), False)


def test_publishing_a_year_changes_what_was_unpublished(seeded):
    before = operations.load_calendar().add_working_days(date(2026, 12, 30), 2)
    operations.publish_year(2027, NOTICE_2027, "国办发明电〔2026〕9号", by="张敏", at=AT)
    after = operations.load_calendar().add_working_days(date(2026, 12, 30), 2)
    assert before == Deadline(date(2027, 1, 1), published=False)
    assert after == Deadline(date(2027, 1, 5), published=True)
    assert PublishedYear.objects.get(year=2027).recorded_by == "张敏"
    assert not WorkingDay.objects.filter(date=date(2027, 1, 2)).exists()  # a Saturday is no exception


def test_publishing_again_replaces_the_year(seeded):
    operations.publish_year(2027, NOTICE_2027, "甲", by="", at=AT)
    operations.publish_year(2027, NOTICE_2027[1:2], "乙", by="", at=AT)
    assert list(WorkingDay.objects.filter(year=2027).values_list("date", flat=True)) == [date(2027, 1, 1)]


def test_a_refused_notice_changes_nothing(seeded):
    new_years_eve = ExceptionDay(date(2027, 12, 31), False, "元旦")
    operations.publish_year(2027, [*NOTICE_2027, new_years_eve], "甲", by="", at=AT)
    clash = [new_years_eve, ExceptionDay(date(2028, 1, 3), False, "元旦")]
    with pytest.raises(BadNotice, match="已在 2027 年"):
        operations.publish_year(2028, clash, "丙", by="", at=AT)
    with pytest.raises(BadNotice, match="文号"):
        operations.publish_year(2027, NOTICE_2027[1:2], " ", by="", at=AT)
    assert WorkingDay.objects.filter(year=2027).count() == 4
    assert not PublishedYear.objects.filter(year=2028).exists()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_the_command_enters_a_file(seeded, tmp_path, encoding):
    file = tmp_path / "2027.csv"
    file.write_text("日期,类型,名称\n2027-01-01,放假,元旦\n2027-01-10,上班,元旦调休\n", encoding=encoding)
    out = StringIO()
    call_command("publish_workdays", "2027", str(file), "--notice", "国办发明电〔2026〕9号", stdout=out)
    assert "已录入2027 年放假安排" in out.getvalue()
    assert WorkingDay.objects.filter(year=2027).count() == 2


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"\xff\xfe\x00\x81", "文字编码"),
        ("年份,日期,类型,名称\n2026,2027-01-01,放假,元旦\n".encode(), "与要录入的 2027 年不符"),
        ("日期,类型,名称\n2027-02-30,放假,元旦\n".encode(), "第 2 行：日期"),
        (b"x" * 100_001, "文件太大"),
    ],
)
def test_the_command_refuses_a_bad_file_with_a_sentence(seeded, tmp_path, content, sentence):
    file = tmp_path / "2027.csv"
    file.write_bytes(content)
    with pytest.raises(CommandError, match=sentence):
        call_command("publish_workdays", "2027", str(file), "--notice", "文号")
    assert not PublishedYear.objects.filter(year=2027).exists()


def test_the_command_refuses_a_missing_file(tmp_path):
    with pytest.raises(CommandError, match="无法读取文件"):
        call_command("publish_workdays", "2027", str(tmp_path / "none.csv"), "--notice", "文号")


def test_the_seed_command_says_what_it_did():
    PublishedYear.objects.all().delete()
    out = StringIO()
    call_command("seed_workdays", stdout=out)
    assert "23 个年份" in out.getvalue()
