"""Past periods rank who existed then, and count the firms that were on register then, whatever was retired or closed since."""

from datetime import date, datetime, timedelta

import pytest
from django.http import QueryDict
from django.urls import reverse
from hypothesis import HealthCheck, given, settings, strategies

from accounts.models import Unit
from accounts.operations import restore_unit, retire_unit
from inspections.filters import EnterpriseFilter
from inspections.models import Enterprise
from inspections.operations import edit
from journal.audit import breaks
from rankings import operations
from rankings.links import links_of
from rankings.statistics import KINDS, figures, ground_of
from tests.factories import ZONE, EnterpriseFactory, HazardFactory, UnitFactory, UserFactory
from workdays.periods import parse_week

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)
WEEKS = [parse_week(f"2026-W{number}") for number in range(40, 48)]
TOWNSHIPS = KINDS["township"]


def noon(day):
    return datetime(day.year, day.month, day.day, 12, tzinfo=ZONE)


@pytest.fixture
def city(db):
    for code in ("4114", "411402"):
        UnitFactory(code=code)
    return UserFactory(role="leader", unit=Unit.objects.get(code="4114"))


@pytest.fixture
def keeper(city):
    return UserFactory(role="sysadmin", unit=None)


def ranked(city, week):
    return {one.code for one in figures(ground_of(city), TOWNSHIPS, week, TODAY)}


def test_a_retired_township_stays_in_the_periods_it_was_in_use(city, keeper):
    kept, gone = UnitFactory(code="411402001"), UnitFactory(code="411402002")
    HazardFactory(enterprise=EnterpriseFactory(township=gone), found_on=WEEKS[2].first, registered_by=city)
    retire_unit(gone, by=keeper, at=noon(WEEKS[3].last))
    assert [gone.code in ranked(city, week) for week in WEEKS] == [True] * 4 + [False] * 4
    assert {kept.code} <= ranked(city, WEEKS[0])
    [line] = [one for one in figures(ground_of(city), TOWNSHIPS, WEEKS[2], TODAY) if one.code == gone.code]
    assert line.found == 1
    assert sum(one.found for one in figures(ground_of(city), TOWNSHIPS, WEEKS[2], TODAY)) == 1, "totals stay whole"
    restore_unit(gone, by=keeper, at=noon(WEEKS[5].first))
    assert all(gone.code in ranked(city, week) for week in WEEKS)
    assert not list(breaks([Unit])) or Unit.objects.get(pk=gone.pk).retired_on is None


def test_a_page_of_any_period_shows_lines_that_come_and_go(city, keeper, client):
    """The sparkline and the movement look back over periods in which other units stood."""
    UnitFactory(code="411402001")
    gone = UnitFactory(code="411402002")
    retire_unit(gone, by=keeper, at=noon(WEEKS[4].last))
    ground = ground_of(city)
    for week in (WEEKS[4], WEEKS[5], WEEKS[6]):
        table = operations.rank(ground, kind=TOWNSHIPS, period=week, today=TODAY)
        moves, scores = operations.history(table, ground, today=TODAY)
        assert {line.figures.code for line in table.lines} == set(moves) == set(scores)
        assert {len(values) for values in scores.values()} == {operations.SPARK_PERIODS}
    client.force_login(city)
    for week, shown in ((WEEKS[4], True), (WEEKS[5], False)):
        page = client.get(reverse("rankings:index"), {"kind": "township", "week": week.code})
        assert page.status_code == 200 and (gone.short_name in page.content.decode()) == shown


def test_a_retired_county_can_be_asked_for_its_past(city, keeper, client):
    county = UnitFactory(code="411403")
    UnitFactory(code="411403001")
    retire_unit(county, by=keeper, at=noon(WEEKS[3].last))
    client.force_login(city)
    for week, offered in ((WEEKS[3], True), (WEEKS[4], False)):
        page = client.get(reverse("rankings:index"), {"week": week.code, "kind": "township"}).content.decode()
        assert (f'value="{county.code}"' in page) == offered
    page = client.get(reverse("rankings:index"), {"week": WEEKS[4].code, "county": county.code})
    assert page.status_code == 200 and f'value="{county.code}"' in page.content.decode(), (
        "what is chosen stays a choice"
    )


# 停业整顿 comes with a measure, and is no edit.
BY_HAND = [status for status in Enterprise.Status.values if status != Enterprise.Status.SUSPENDED]
DAYS = strategies.integers(0, (TODAY - WEEKS[0].first).days)
STATUSES = strategies.lists(strategies.tuples(DAYS, strategies.sampled_from(BY_HAND)), max_size=5)


@given(DAYS, STATUSES)
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_register_of_a_period_is_the_firms_that_were_on_it_some_day(entered, changes):
    """Whatever became of the firm since; a firm that closed and works again counts for the gap too, which no column tells."""
    township, first = UnitFactory(code="411402001"), WEEKS[0].first
    UnitFactory(code="4114")
    leader = UserFactory(role="leader", unit=Unit.objects.get(code="4114"))
    officer = UserFactory(role="manager", unit=township)
    firm = EnterpriseFactory(township=township, registered_on=first + timedelta(days=entered))
    closed_since = None
    for day, status in sorted((entered + ahead, status) for ahead, status in changes):
        at = first + timedelta(days=day)
        edit(firm, by=officer, at=noon(at), status=status)
        firm.refresh_from_db()
        if status != "closed":
            closed_since = None
        elif closed_since is None:
            closed_since = at
    assert firm.closed_on == closed_since
    for week in WEEKS:
        [line] = [one for one in figures(ground_of(leader), TOWNSHIPS, week, TODAY) if one.code == township.code]
        was_there = firm.registered_on <= week.last and (closed_since is None or closed_since >= week.first)
        behind = EnterpriseFilter(
            QueryDict(links_of(line, TOWNSHIPS, week, TODAY)["register"].partition("?")[2]),
            queryset=Enterprise.objects.visible_to(leader).filter(pk=firm.pk),
        )
        assert behind.qs.exists() == was_there
        others = Enterprise.objects.visible_to(leader).exclude(pk=firm.pk).on_register_in(week.first, week.last).count()
        assert line.register == others + was_there
