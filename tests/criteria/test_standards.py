"""The standards: what comes with the code, who keeps them, and from when to when each counts."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from criteria import operations
from criteria.models import CITED, DATES_CROSSED, NUMBER_TAKEN, WHOLE, Criterion, Standard
from criteria.operations import standards
from journal import audit, gate
from journal.refusal import NotPermitted, Refused
from tests.factories import NOON, TODAY, UnitFactory, UserFactory

pytestmark = pytest.mark.django_db
TEN = "应急管理部令第10号"
NEXT_RELEASE = (("甲", "GB 1-2027"), ("乙", "GB 2-2027"))
DAYS = st.dates(TODAY - timedelta(days=4), TODAY + timedelta(days=4))
MANY = settings(max_examples=60)


def test_every_item_of_order_ten_says_where_it_stands_and_fits_the_row():
    rows = Criterion.objects.filter(standard__number=TEN).items().newest().select_related("standard")
    assert len(rows) == 65  # 64 items of 应急管理部令第10号 and its §14
    assert len({row.citation for row in rows}) == 65
    assert all(TEN in row.citation and len(row.citation) <= CITED and row.is_cited_in(row.citation) for row in rows)
    assert [row.order for row in rows] == list(range(1, 66))


def test_the_standards_in_force_come_with_their_numbers_and_days():
    found = dict(Standard.objects.values_list("number", "effective_on"))
    assert len(found) == 10
    assert found[TEN] == date(2023, 5, 15)
    assert found["应急管理部令第21号"] == date(2026, 7, 1)
    assert found["AQ 3067-2026"] == date(2026, 9, 30)
    assert found["建城规〔2023〕4号"] is None
    for standard in Standard.objects.all():
        assert Criterion.objects.get(standard=standard, article="").wording == WHOLE
    assert list(audit.breaks([Standard])) == []


def test_a_standard_is_founded_once_whatever_the_office_made_of_it(safety_office):
    standard = Standard.objects.get(number=TEN)
    operations.edit(standard, by=safety_office, at=NOON, number="令第10号（修正）")
    assert operations.seed_standards(at=NOON) == 0
    assert Standard.objects.count() == 10


def test_a_standard_that_the_office_had_entered_before_is_not_founded(safety_office, monkeypatch):
    later = [{"name": name, "number": number, "effective_on": "", "sector": ""} for name, number in NEXT_RELEASE]
    monkeypatch.setattr(standards, "_read", lambda name: later if name == "standards" else [])
    operations.enter(by=safety_office, at=NOON, name="某标准", number="ＧＢ 1—2027")
    assert operations.seed_standards(at=NOON) == 1
    assert set(Standard.objects.order_by("-pk").values_list("name", flat=True)[:2]) == {"某标准", "乙"}


@MANY
@given(begins=st.none() | DAYS, ends=st.none() | DAYS, day=DAYS)
def test_in_force_on_a_day_is_said_alike_by_the_row_by_sql_and_in_words(begins, ends, day):
    if begins and ends and ends <= begins:
        return
    meant = (begins is None or begins <= day) and (ends is None or day < ends)
    with transaction.atomic():
        standard = Standard.objects.create(
            name="某标准", number="试〔2026〕1号", effective_on=begins, expires_on=ends, state="listed"
        )
        row = standard.whole()
        row.save()
        assert standard.is_in_force_on(day) is meant
        assert Standard.objects.in_force_on(day).filter(pk=standard.pk).exists() is meant
        assert Criterion.objects.in_force_on(day).filter(pk=row.pk).exists() is meant
        assert Criterion.objects.offered_on(day).filter(pk=row.pk).exists() is meant
        assert (standard.standing_on(day) == "现行") is meant
        transaction.set_rollback(True)


def test_a_standing_is_said_in_a_word():
    standard = Standard(effective_on=TODAY, expires_on=TODAY + timedelta(days=2))
    words = [standard.standing_on(TODAY + timedelta(days=days)) for days in (-1, 0, 1, 2)]
    assert words == ["尚未施行", "现行", "现行", "已废止"]


def test_the_office_enters_a_standard_and_corrects_it(safety_office):
    made = operations.enter(by=safety_office, at=NOON, name="某标准", number="GB 1-2026", effective_on=TODAY)
    assert [one.wording for one in made.criteria.all()] == [WHOLE]
    event = operations.edit(made, by=safety_office, at=NOON, expires_on=TODAY + timedelta(days=9))
    assert event.changes == {"废止日期": "无 → 2026-11-29"}
    assert operations.edit(made, by=safety_office, at=NOON, name="某标准") is None
    assert list(audit.breaks([Standard])) == []


def test_a_number_stands_once_however_it_is_typed(safety_office):
    with pytest.raises(Refused, match=NUMBER_TAKEN):
        operations.enter(by=safety_office, at=NOON, name="另一名称", number="gb　35181－2025")
    other = Standard.objects.get(number=TEN)
    with pytest.raises(Refused, match=NUMBER_TAKEN):
        operations.edit(other, by=safety_office, at=NOON, number="GB35181-2025")


def test_a_standard_does_not_end_before_it_begins(safety_office):
    with pytest.raises(Refused, match=DATES_CROSSED):
        operations.enter(by=safety_office, at=NOON, name="某", number="某1", effective_on=TODAY, expires_on=TODAY)
    standard = Standard.objects.get(number=TEN)
    with pytest.raises(Refused, match=DATES_CROSSED):
        operations.edit(standard, by=safety_office, at=NOON, expires_on=date(2023, 5, 15))
    with pytest.raises(IntegrityError), transaction.atomic():
        Standard.objects.filter(pk=standard.pk).update(expires_on=date(2023, 5, 15))


@pytest.mark.parametrize(
    ("offices", "keeps"),
    [
        (["4114-AWB", "411402-AWB", "411402001-AWB"], "4114-AWB"),
        (["411402-AWB", "411402001-AWB"], "411402-AWB"),
        (["411402001-AWB"], "411402001-AWB"),
    ],
)
def test_the_highest_safety_office_keeps_the_standards(offices, keeps):
    UnitFactory(code="4114")  # a government above is no office
    units = {code: UnitFactory(code=code) for code in offices}
    people = {code: UserFactory(role="safety_office", unit=unit) for code, unit in units.items()}
    may = {code for code, person in people.items() if _may(person)}
    assert may == {keeps}
    assert not _may(UserFactory(role="manager", unit=units[keeps]))


def test_an_office_out_of_use_keeps_nobody_from_it():
    UnitFactory(code="4114-AWB", is_active=False)
    county = UserFactory(role="safety_office", unit=UnitFactory(code="411402-AWB"))
    assert _may(county)


def _may(person):
    try:
        gate.check_birth(Standard, "enter", by=person)
    except NotPermitted as refusal:
        assert "安委办维护" in str(refusal)
        return False
    return True
