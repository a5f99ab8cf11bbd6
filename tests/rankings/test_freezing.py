"""When a period is frozen, by what, as of when; and that it is frozen once."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts.operations import init_city
from hazards import operations as acts
from inspections.operations import complete_visit, record_visit
from journal.audit import breaks
from journal.refusal import NotPermitted, Refused
from rankings.kinds import TOWNSHIP
from rankings.models import Freeze, Line, StandingFirm, StandingHazard, StandingVisit
from rankings.operations import freeze, make_up, propose_formula, publish_formula, revise
from rankings.operations.freezing import due_at, end_of, make
from rankings.rows import behind
from rankings.shown import shown
from rankings.tasks import freeze_periods
from rankings.views.ranking import names_of
from reporting.models import Report
from reporting.operations import excuse
from tests.at_once import at_once, races
from tests.factories import ZONE, EnterpriseFactory, HazardFactory, InspectionFactory, UnitFactory, UserFactory
from tests.reports import ask_for
from workdays.periods import month_of, parse_month, parse_week, week_of

pytestmark = pytest.mark.django_db

WEEK = parse_week("2026-W46")  # 2026-11-09 to 2026-11-15
MONDAY_NINE = datetime(2026, 11, 16, 9, tzinfo=ZONE)


@pytest.fixture(autouse=True)
def city(township):
    return UnitFactory(code="4114")


def line(one, kind="township", code="411402001", division="4114"):
    return Line.objects.get(table__freeze=one, table__kind=kind, table__division=division, code=code)


def test_a_period_ends_at_midnight_and_is_frozen_at_nine():
    assert end_of(WEEK) == datetime(2026, 11, 16, tzinfo=ZONE) == datetime(2026, 11, 15, 16, tzinfo=UTC)
    assert due_at(WEEK) == MONDAY_NINE
    assert due_at(parse_month("2026-10")) == datetime(2026, 11, 1, 9, tzinfo=ZONE)
    with pytest.raises(Refused, match="结束后才能冻结"):
        freeze("4114", WEEK, at=end_of(WEEK) - timedelta(seconds=1))
    assert freeze("4114", WEEK, at=end_of(WEEK)).state == "frozen"


def test_what_happens_in_the_last_second_counts_and_in_the_first_one_after_does_not(rectifying, inspector, photo):
    """Sunday 23:59:59, and Monday 0:00:00: by the chain of the row itself."""
    last = datetime(2026, 11, 22, 23, 59, 59, tzinfo=ZONE)
    week = week_of(last.date())
    filer = UserFactory(role="manager", unit=inspector.unit)
    acts.submit_feedback(rectifying, by=filer, at=last, content="已上锁", photos=[photo(filer)])
    acts.comment(rectifying, by=inspector, at=last + timedelta(seconds=1), text="已看过")
    one = freeze("4114", week, at=last + timedelta(hours=10))
    [stood] = StandingHazard.objects.filter(freeze=one)
    assert (stood.hazard, stood.state, stood.feedback_on) == (rectifying, "pending_review", last.date())
    before = freeze("4114", week.previous(), at=last)
    assert not StandingHazard.objects.filter(freeze=before).exists(), "it was not there yet"


def test_rows_that_came_since_are_not_there(enterprise):
    for created in (end_of(WEEK) - timedelta(seconds=1), end_of(WEEK)):
        InspectionFactory(enterprise=enterprise, inspected_on=WEEK.last, created_at=created)
    EnterpriseFactory(township=enterprise.township, registered_on=WEEK.last + timedelta(days=1))
    one = freeze("4114", WEEK, at=MONDAY_NINE)
    assert (StandingVisit.objects.count(), StandingFirm.objects.count()) == (1, 1)
    assert line(one).figures["single"]["inspections"] == 1


def test_a_draft_visit_is_there_from_when_it_was_completed(inspector, enterprise):
    """Begun on the last day, completed in the first second after: not in a freeze of that week, however late it is made."""
    begun = end_of(WEEK) - timedelta(hours=3)
    visits = []
    for completed in (end_of(WEEK) - timedelta(seconds=1), end_of(WEEK)):
        visit, _ = record_visit(
            by=inspector, at=begun, kind="routine", enterprise=enterprise, inspected_on=WEEK.last, inspectors=[inspector],
            nothing_found=False, as_draft=True,
        )  # fmt: skip
        complete_visit(visit, at=completed, colleague=UserFactory(role="inspector", unit=inspector.unit))
        visits.append(visit)
    one = freeze("4114", WEEK, at=MONDAY_NINE)
    assert [stood.inspection for stood in StandingVisit.objects.filter(freeze=one)] == visits[:1]


def test_what_is_done_to_a_report_at_the_cut_off_is_not_yet_done(manager, safety_office):
    """Due in the week and missing at its end: excused in the first second after, it was missing all the same."""
    ask_for("weekly", at=datetime(2026, 11, 9, 9, tzinfo=ZONE))
    [owed] = Report.objects.filter(unit=manager.unit)
    excuse(owed, by=safety_office, at=end_of(WEEK), reason="撤并")
    assert line(freeze("4114", WEEK, at=MONDAY_NINE)).figures["single"]["reports_due"] == 1


def test_what_is_too_old_to_count_is_not_copied_because_somebody_touched_it_since(pending, inspector, safety_office):
    """A freeze made late is the same, seal and all, as one made in time."""
    week = parse_week("2027-W20")
    acts.review(pending, by=inspector, at=datetime(2026, 12, 1, 9, tzinfo=ZONE), passed=True, opinion="属实")
    one = freeze("4114", week, at=end_of(week))
    assert not StandingHazard.objects.filter(freeze=one).exists(), "closed half a year ago"
    acts.comment(pending, by=safety_office, at=end_of(week), text="归档")
    Freeze.objects.filter(pk=one.pk).update(state="superseded", revision=9, uid="0" * 32)
    late = make("4114", week, at=end_of(week) + timedelta(days=9)).freeze
    assert late.figures_digest == one.figures_digest


def test_who_was_entered_later_or_retired_before_is_not_ranked(township):
    init_city("4105", at=MONDAY_NINE)
    assert Freeze.objects.count() == 0
    early = freeze("4105", WEEK.previous(), at=MONDAY_NINE)
    assert not Line.objects.filter(table__freeze=early).exclude(table__kind="sector").exists(), "nobody was there"
    late = freeze("4105", parse_week("2026-W47"), at=MONDAY_NINE + timedelta(days=7))
    assert Line.objects.filter(table__freeze=late, table__kind="township").exists()
    gone = UnitFactory(code="411402002", is_active=False, retired_on=WEEK.first - timedelta(days=1))
    kept = UnitFactory(code="411402003", is_active=False, retired_on=WEEK.first)
    one = freeze("4114", WEEK, at=MONDAY_NINE)
    codes = set(Line.objects.filter(table__freeze=one, table__kind="township").values_list("code", flat=True))
    assert {township.code, kept.code} <= codes and gone.code not in codes


def test_a_freeze_has_the_tables_of_the_city_and_of_its_counties(township, foreign_township):
    for code in ("411402", "411403", "4114-YJ", "411402-YJ"):
        UnitFactory(code=code)
    one = freeze("4114", WEEK, at=MONDAY_NINE)
    assert {(table.kind, table.division) for table in one.tables.all()} == {
        ("county", "4114"), ("township", "4114"), ("township", "411402"), ("township", "411403"), ("department", "4114"),
        ("department", "411402"), ("sector", "4114"),
    }  # fmt: skip
    assert line(one, division="411402").code == line(one).code
    assert (one.window_first, one.formula.number, one.revision) == (date(2026, 10, 19), 2, 1)
    assert one.compute_digest() == one.figures_digest and not list(breaks([Freeze]))


def test_a_county_renamed_since_is_called_on_frozen_pages_as_it_was(township):
    county = UnitFactory(code="411402", short_name="梁园区")
    freeze("4114", WEEK, at=MONDAY_NINE)
    type(county).objects.filter(pk=county.pk).update(short_name="改名区")
    county.refresh_from_db()
    one = shown("4114", TOWNSHIP, WEEK, today=MONDAY_NINE.date(), at=MONDAY_NINE)
    assert names_of(one, [county]) == {township.code: f"梁园区{township.short_name}"}


def test_missed_periods_are_made_up_once_newest_first(settings):
    settings.FREEZE_WEEKS_BACK, settings.FREEZE_MONTHS_BACK = 3, 2
    init_city("4105", at=datetime(2026, 10, 20, tzinfo=ZONE))
    first = make_up(at=MONDAY_NINE - timedelta(seconds=1))
    codes = [one.period for one in first.made if one.city_code == "4105"]
    assert codes == ["2026-10", "2026-W44", "2026-W45"], "the last week is not due yet; nothing from before the city"
    assert [one.period for one in make_up(at=MONDAY_NINE).made if one.city_code == "4105"] == ["2026-W46"]
    assert make_up(at=MONDAY_NINE).made == []


def test_what_does_not_fit_in_one_run_waits_for_the_next(settings):
    settings.FREEZE_WEEKS_BACK, settings.FREEZE_MONTHS_BACK = 4, 1
    init_city("4105", at=datetime(2026, 9, 1, tzinfo=ZONE))
    one = make_up(at=MONDAY_NINE, most=2)
    assert ([made.period for made in one.made], one.waiting) == (["2026-W45", "2026-W46"], 3)
    assert len(make_up(at=MONDAY_NINE, most=9).made) == 3


def test_the_task_freezes_what_is_due():
    init_city("4105", at=timezone.now() - timedelta(days=40))
    freeze_periods()
    periods = set(Freeze.objects.filter(city_code="4105").values_list("period", flat=True))
    today = timezone.localdate()
    assert {month_of(today).previous().code, week_of(today).previous().previous().code} <= periods


def test_a_published_formula_judges_what_ends_after_it_takes_force(safety_office, enterprise):
    office = UserFactory(role="safety_office", unit=UnitFactory(code="4114-AWB"))
    other = UserFactory(role="safety_office", unit=office.unit)
    draft = propose_formula(by=office, at=MONDAY_NINE, reason="加大覆盖", coverage=30, finding=15)
    publish_formula(draft, by=other, at=MONDAY_NINE, since=date(2026, 11, 20))
    old, new = (
        freeze("4114", WEEK, at=MONDAY_NINE),
        freeze("4114", parse_week("2026-W47"), at=MONDAY_NINE + timedelta(days=7)),
    )
    assert (old.formula.number, new.formula.number) == (2, 3)
    assert new.formula.constants.coverage == 30


def test_only_the_office_of_the_city_revises_and_says_why(enterprise):
    one = freeze("4114", WEEK, at=MONDAY_NINE)
    county = UserFactory(role="safety_office", unit=UnitFactory(code="411402-AWB"))
    office = UserFactory(role="safety_office", unit=UnitFactory(code="4114-AWB"))
    for person in (county, UserFactory(role="leader", unit=office.unit), UserFactory(role="manager", unit=office.unit)):
        with pytest.raises(NotPermitted):
            revise(one, by=person, at=MONDAY_NINE, reason="有误")
    for reason in ("", "  ", "长" * 501):
        with pytest.raises(Refused, match="原因"):
            revise(one, by=office, at=MONDAY_NINE, reason=reason)
    second = revise(one, by=office, at=MONDAY_NINE, reason="有误")
    assert Freeze.objects.of("4114", WEEK) == second
    assert (one.state, second.revision, second.reason) == ("superseded", 2, "有误")
    third = revise(second, by=office, at=MONDAY_NINE, reason="仍有误")
    assert third.revision == 3 and Freeze.objects.filter(period=WEEK.code).count() == 3
    with pytest.raises(Refused):
        revise(one, by=office, at=MONDAY_NINE, reason="旧的")


@pytest.mark.parametrize("ends", [25])
def test_a_month_that_ends_on_the_25th(settings, enterprise, ends):
    settings.MONTH_ENDS_ON = ends
    for day in (date(2026, 10, 25), date(2026, 10, 26), date(2026, 11, 25), date(2026, 11, 26)):
        HazardFactory(enterprise=enterprise, found_on=day)
    november = parse_month("2026-11")
    one = freeze("4114", november, at=end_of(november))
    assert (one.first, one.last, one.window_first) == (date(2026, 10, 26), date(2026, 11, 25), date(2026, 8, 26))
    assert line(one).figures["single"]["found"] == 2
    settings.MONTH_ENDS_ON = 0
    assert one.asked_period.last == date(2026, 11, 25), "a frozen month keeps the days it had"
    # The window stays where it was, too: for the rows behind a figure, and for a revision.
    HazardFactory(enterprise=enterprise, found_on=date(2026, 8, 27))
    office = UserFactory(role="safety_office", unit=UnitFactory(code="4114-AWB"))
    for freeze_of in (one, revise(one, by=office, at=end_of(november), reason="重算")):
        assert freeze_of.window_first == date(2026, 8, 26)
        told = shown(
            "4114", TOWNSHIP, november, revision=freeze_of.revision, today=date(2026, 12, 9), at=end_of(november)
        )
        [own] = told.lines
        assert own.figures["window"]["found"] == behind(told, own, "found", "window").rows.count()
    assert own.figures["window"]["found"] == 4


def test_week_53_is_a_week(enterprise):
    week = parse_week("2026-W53")
    HazardFactory(enterprise=enterprise, found_on=date(2027, 1, 3))
    one = freeze("4114", week, at=end_of(week))
    assert line(one).figures["single"]["found"] == 1


@races
def test_of_two_who_freeze_at_once_one_does(township):
    UnitFactory(code="4114")
    assert at_once(*[lambda: freeze("4114", WEEK, at=MONDAY_NINE)] * 3) == ["done"] * 3
    assert Freeze.objects.count() == 1


def test_the_command_freezes_and_revises(capsys, enterprise):
    office = UserFactory(role="safety_office", unit=UnitFactory(code="4114-AWB"))
    HazardFactory(enterprise=enterprise, found_on=WEEK.first)
    call_command("rank", "--week", "2026-W46", "--freeze")
    assert "已冻结，第 1 次" in capsys.readouterr().out
    call_command("rank", "--week", "2026-W46", "--revise", "登记有误", "--by", office.username, "--json")
    assert '"revision": 2' in capsys.readouterr().out


# Every column of a line that a page shows or that tells who may open its rows.
TAMPERED = [
    *({"model": Line, name: value} for name, value in (("name", "另一个"), ("short_name", "另一个"), ("division_code", "411402009"), ("unit", None))),
    *({"model": model, "division_code": "411402009"} for model in (StandingHazard, StandingVisit, StandingFirm)),
]  # fmt: skip


@pytest.mark.parametrize("change", TAMPERED, ids=str)
def test_the_verifier_sees_whatever_is_changed_in_a_freeze(change, enterprise):
    change = dict(change)
    model = change.pop("model")
    InspectionFactory(enterprise=enterprise, inspected_on=WEEK.last)
    HazardFactory(enterprise=enterprise, found_on=WEEK.first)
    one = freeze("4114", WEEK, at=MONDAY_NINE)
    assert not list(breaks([Freeze]))
    model.objects.update(**change)
    [found] = breaks([Freeze])
    assert str(one) in str(found) and "被改动" in str(found)
