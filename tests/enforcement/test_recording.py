"""What may be recorded, and what is refused in which words."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from enforcement import operations
from enforcement.kinds import Kind
from enforcement.models import Measure
from journal.audit import breaks
from journal.refusal import NotPermitted, Refused
from tests.factories import NOON, HazardFactory, InspectionFactory, MeasureFactory, UnitFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.once]  # pages, forms and words: no database decides them
DAY = timedelta(days=1)
CUT = {"notified_at": NOON - timedelta(hours=24), "cut_at": NOON, "approver": "佟建业"}
# What each kind needs besides.
NEEDS = {kind: {} for kind in Kind} | {
    Kind.PENALTY: {"number": "（梁）应急罚〔2026〕12号", "amount": Decimal("20000.50")},
    Kind.UTILITIES: CUT,
}


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("place", ["enterprise", "hazard", "inspection"])
def test_every_kind_stands_on_a_firm_a_hazard_or_a_visit(decide, rectifying, enterprise, inspector, kind, place):
    row = {"enterprise": enterprise, "hazard": rectifying, "inspection": rectifying.inspection}[place]
    made = decide(kind, **{place: row}, **NEEDS[kind])
    made.refresh_from_db()
    assert (made.enterprise, made.stands_on, made.unit, made.officer) == (enterprise, row, inspector.unit, inspector)
    assert (made.state, made.second_officer_name, made.amount) == ("made", "贺春生", NEEDS[kind].get("amount"))
    assert list(breaks([Measure])) == []


@pytest.mark.parametrize(
    ("kind", "told", "words"),
    [
        ("order", {"on": NOON.date() + DAY}, "不能晚于今天"),
        ("order", {"on": NOON.date() - 1100 * DAY}, "请核对年份"),
        ("order", {"second_officer": None}, "不得少于两人"),
        ("order", {"second_officer": None, "second_officer_name": " 袁立新 "}, "不能是同一人"),
        ("order", {"second_officer_name": "李四"}, "清空其中一项"),
        ("order", {"amount": Decimal(1)}, "只有行政处罚填写罚款金额"),
        ("order", {"approver": "佟建业"}, "只在停水停电时填写"),
        ("penalty", {"amount": Decimal(1)}, "决定书文号"),
        ("penalty", {"number": "  ", "amount": Decimal(1)}, "决定书文号"),
        ("penalty", {"number": "12号"}, "没有罚款的填 0"),
        ("utilities", {}, "第七十条"),
        ("utilities", CUT | {"approver": " "}, "第七十条"),
        ("utilities", CUT | {"notified_at": NOON - timedelta(hours=23, minutes=59)}, "提前 24 小时"),
        ("utilities", CUT | {"notified_at": NOON + timedelta(minutes=1)}, "不能晚于停供时间"),
        ("utilities", CUT | {"cut_at": NOON + timedelta(minutes=1)}, "不能晚于现在"),
        ("utilities", CUT | {"on": NOON.date() - DAY}, "当天"),
    ],
)
def test_what_cannot_be_is_refused_in_words_and_writes_nothing(decide, kind, told, words):
    with pytest.raises(Refused, match=words):
        decide(kind, **told)
    assert not Measure.objects.exists()


def test_the_hours_of_notice_are_a_setting_and_an_emergency_needs_its_words(decide, settings):
    short = CUT | {"notified_at": NOON - timedelta(hours=2)}
    assert decide("utilities", **short, emergency="氨气泄漏，随时可能爆炸").emergency
    settings.UTILITY_NOTICE_HOURS = 2
    assert decide("utilities", **short).emergency == ""


def test_a_measure_is_not_older_than_what_was_found(decide, rectifying):
    for place, row, day in (
        ("hazard", rectifying, rectifying.found_on),
        ("inspection", rectifying.inspection, rectifying.inspection.inspected_on),
    ):
        assert decide(on=day, **{place: row}).on == day
        with pytest.raises(Refused, match="不能早于发现问题的日期"):
            decide(on=day - DAY, **{place: row})


def test_exactly_one_of_three(decide, rectifying, enterprise):
    for given in (
        {"enterprise": None},
        {"enterprise": enterprise, "hazard": rectifying},
        {"hazard": rectifying, "inspection": rectifying.inspection},
    ):
        with pytest.raises(Refused, match="一条隐患、一次检查或一家企业"):
            decide(**given)


def test_drafts_and_void_rows_bear_none(decide, inspector, enterprise):
    own = {"enterprise": enterprise, "registered_by": inspector}
    draft = HazardFactory(drafted=True, **own)
    void = HazardFactory(state="voided", voided_on=NOON.date(), **own)
    visit = InspectionFactory(enterprise=enterprise, is_draft=True, created_by=inspector)
    for given in ({"hazard": draft}, {"hazard": void}, {"inspection": visit}):
        with pytest.raises(Refused, match=r"不能记录执法措施|登记后才能"):
            decide(**given)


def test_what_one_does_not_see_bears_no_measure_of_theirs(decide, rectifying, enterprise, stranger):
    partner = UserFactory(role="inspector", unit=stranger.unit)
    for given in ({"hazard": rectifying}, {"inspection": rectifying.inspection}, {"enterprise": enterprise}):
        with pytest.raises(NotPermitted, match="不在您的管辖范围内"):
            decide(by=stranger, second_officer=partner, **given)


def test_officers_are_people_of_the_unit_in_office(decide, township, colleague, manager):
    elsewhere = UserFactory(role="inspector", unit=UnitFactory(code="411402-YJ"))
    stopped = UserFactory(role="inspector", unit=township, is_active=False)
    leader = UserFactory(role="leader", unit=township)
    for person in (elsewhere, stopped, leader):
        for given in ({"officer": person}, {"second_officer": person}):
            with pytest.raises(Refused, match="本单位在职"):
                decide(**given)
    assert decide(officer=manager).officer == manager
    named = decide(second_officer=None, second_officer_name="协管员 马六")
    assert (named.second_officer, named.second_officer_name) == (None, "协管员 马六")


def test_a_decision_is_recorded_once_however_its_number_is_typed(decide, manager):
    first = decide("penalty", number="（梁）应急罚〔2026〕12号", amount=0)
    with pytest.raises(Refused, match="已记录过这一文号"):
        decide("penalty", number="(梁)应急罚〔2026〕 12 号", amount=5)
    assert decide("seizure", number="（梁）应急罚〔2026〕12号")  # one paper may order two things
    operations.withdraw_measure(first, by=manager, at=NOON + DAY, reason="复议撤销")
    assert decide("penalty", number="（梁）应急罚〔2026〕12号", amount=5, at=NOON + DAY)


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount": -1},
        {"amount": None},
        {"number": ""},
        {"kind": "order", "amount": 5},
        {"kind": "utilities", "amount": None, "number": ""},
        {"second_officer_name": ""},
        {"state": "lifted"},
        {"state": "withdrawn", "withdrawn_on": None},
        {"resumption_due_on": NOON.date()},
        {"status_before": "operating"},
        {"kind": "fine"},
        {"state": "open"},
    ],
)
def test_the_database_holds_to_it_too(enterprise, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        MeasureFactory(enterprise=enterprise, **wrong)


def test_the_database_knows_two_officers_and_one_place(enterprise, rectifying, inspector):
    with pytest.raises(IntegrityError), transaction.atomic():
        MeasureFactory(enterprise=enterprise, officer=inspector, second_officer=inspector)
    with pytest.raises(IntegrityError), transaction.atomic():
        MeasureFactory(enterprise=enterprise, hazard=rectifying, inspection=rectifying.inspection)


def test_correcting_number_and_amount_keeps_both_readings(decide, manager):
    row = decide("penalty", number="12号", amount=Decimal("200"))
    at = NOON + DAY
    event = operations.correct_measure(
        row, by=manager, at=at, number="13号", amount=Decimal("2000"), reason="少写一个零"
    )
    row.refresh_from_db()
    assert (row.number, row.amount, event.note) == ("13号", Decimal("2000.00"), "少写一个零")
    assert "12号 → 13号" in event.changes.values()
    assert operations.correct_measure(row, by=manager, at=at, number="13号", reason="再看") is None
    for wrong, words in (({"amount": None}, "填 0"), ({"number": " "}, "文号")):
        with pytest.raises(Refused, match=words):
            operations.correct_measure(row, by=manager, at=at, reason="改", **wrong)
    decide("penalty", number="14号", amount=1)
    with pytest.raises(Refused, match="已记录过这一文号"):
        operations.correct_measure(row, by=manager, at=at, number="14号", reason="改")
    assert list(breaks([Measure])) == []


def test_a_recorder_corrects_and_somebody_else_withdraws(decide, inspector, colleague, manager):
    row = decide("penalty", by=manager, number="12号", amount=1)
    with pytest.raises(NotPermitted, match="更正由记录人"):
        operations.correct_measure(row, by=inspector, at=NOON, number="13号", reason="笔误")
    with pytest.raises(NotPermitted, match="不能撤销自己记录的措施"):
        operations.withdraw_measure(row, by=manager, at=NOON, reason="有误")
    another = UserFactory(role="manager", unit=manager.unit)
    operations.withdraw_measure(row, by=another, at=NOON + DAY, reason="判决撤销")
    row.refresh_from_db()
    assert (row.state, row.withdrawn_on) == ("withdrawn", timezone.localdate(NOON + DAY))


def test_lifting_is_dated_and_for_what_is_lifted_by_hand(decide, manager):
    row = decide("seizure", on=NOON.date() - 2 * DAY)
    for day, words in ((NOON.date() - 3 * DAY, "早于决定日期"), (NOON.date() + DAY, "晚于今天")):
        with pytest.raises(Refused, match=words):
            operations.lift_measure(row, by=manager, at=NOON, on=day, reason="已消除")
    operations.lift_measure(row, by=manager, at=NOON, on=NOON.date() - DAY, reason="已消除")
    assert (row.state, row.lifted_on) == ("lifted", NOON.date() - DAY)
    for kind in set(Kind) - {Kind.SEIZURE, Kind.UTILITIES}:
        other = decide(kind, **NEEDS[kind])
        with pytest.raises(Refused, match="申请复工"):
            operations.lift_measure(other, by=manager, at=NOON, on=NOON.date(), reason="已消除")
