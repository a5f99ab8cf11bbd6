"""A law: every figure of the ranking equals the number of rows behind its link, for every unit, period and reader."""

import random
from datetime import date, timedelta
from itertools import product
from urllib.parse import urlsplit

import pytest
from django.http import QueryDict
from django.urls import reverse

from hazards.filters import hazard_filter
from hazards.models import Hazard
from inspections.filters import EnterpriseFilter, InspectionFilter
from inspections.models import Enterprise, Inspection
from rankings.links import links_of
from rankings.statistics import KINDS, figures, ground_of
from tests.factories import EnterpriseFactory, HazardFactory, InspectionFactory, UnitFactory, UserFactory
from workdays.periods import parse_month, parse_week

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 20)
PERIODS = [parse_week("2026-W46"), parse_week("2026-W47"), parse_month("2026-10")]
TOWNSHIPS = ("411402001", "411402002", "411403001")


def day(dice, first=date(2026, 10, 1)):
    return first + timedelta(days=dice.randrange((TODAY - first).days + 1))


def random_hazard(dice, enterprise, department, author):
    found = day(dice)
    facts = {
        "registered_by": author,
        "enterprise": enterprise, "competent_unit": department, "found_on": found,
        "level": dice.choice(["general", "major"]),
        "issued_on": found, "deadline": found + timedelta(days=dice.randrange(20)),
    }  # fmt: skip
    trait = dice.choice(["drafted", "registered", "rectifying", "pending", "closed", "closed", "on_spot"])
    if trait in ("registered", "drafted"):
        return HazardFactory(**facts | {"issued_on": None, "deadline": None}, drafted=trait == "drafted")
    answered = day(dice, found)
    if trait == "pending":
        return HazardFactory(**facts, pending=True, feedback_on=answered)
    if trait == "rectifying":
        return HazardFactory(**facts, rectifying=True)
    if trait == "on_spot":
        facts |= {"issued_on": None, "deadline": None, "original_deadline": None}
        return HazardFactory(**facts, closed=True, rectified_on=found, closed_on=answered, fixed_on_spot=True)
    return HazardFactory(
        **facts, closed=True, rectified_on=answered, feedback_on=answered, closed_on=day(dice, answered)
    )


@pytest.fixture
def ledger(db):
    """Random hazards and visits over three townships of two counties, with their bodies."""
    dice = random.Random(46)
    for code in ("4114", "411402", "411403"):
        UnitFactory(code=code)
    departments = [UnitFactory(code=code) for code in ("4114-YJ", "411402-YJ", "411402-JY", "411403-YJ")]
    enterprises = [EnterpriseFactory(township=UnitFactory(code=code)) for code in TOWNSHIPS for _ in range(2)]
    author = UserFactory(role="inspector", unit=enterprises[0].township)
    for _ in range(150):
        enterprise = dice.choice(enterprises)
        near = [one for one in departments if enterprise.division_code.startswith(one.division_code)]
        random_hazard(dice, enterprise, dice.choice([None, *near]), author)
        unit = dice.choice([enterprise.township, *near])
        InspectionFactory(enterprise=enterprise, unit=unit, inspected_on=day(dice), created_by=author)


READERS = {"city": "4114", "county": "411402", "township": "411402001", "department": "411402-YJ"}


@pytest.mark.parametrize("reader", READERS)
def test_every_figure_opens_exactly_the_rows_it_counts(ledger, reader):
    user = UserFactory(role="leader", unit=UnitFactory(code=READERS[reader]))
    checked = 0
    for kind, period in product(KINDS.values(), PERIODS):
        for one in figures(ground_of(user), kind, period, TODAY):
            for name, url in links_of(one, kind, period, TODAY).items():
                if name != "avg_days":
                    assert rows_behind(url, user) == getattr(one, name), (kind.code, one.code, name, url)
                    checked += getattr(one, name)
    assert checked > 0


def rows_behind(url, user):
    parts = urlsplit(url)
    query = QueryDict(parts.query)
    if parts.path == reverse("hazards:ledger"):
        asked = hazard_filter(query, user=user, today=TODAY)
    elif parts.path == reverse("inspections:list"):
        asked = InspectionFilter(query, queryset=Inspection.objects.visible_to(user))
    else:
        assert parts.path == reverse("inspections:enterprises")
        asked = EnterpriseFilter(query, queryset=Enterprise.objects.visible_to(user))
    assert set(query) <= set(asked.filters), "a parameter the list does not know would be ignored"
    assert not asked.errors
    return asked.qs.count()


def test_the_random_ledger_has_something_of_everything(ledger):
    """Else the law above would hold for want of rows."""
    seen = dict.fromkeys(("found_major", "rectified_of_due", "on_time", "closed_of_found", "overdue", "inspections"), 0)
    user = UserFactory(role="leader", unit=UnitFactory(code="4114"))
    for period in PERIODS:
        for one in figures(ground_of(user), KINDS["township"], period, TODAY):
            seen = {name: count + getattr(one, name) for name, count in seen.items()}

    assert all(seen.values()), seen
    assert Hazard.objects.filter(state="draft").exists()
    month = PERIODS[-1]
    due = Hazard.objects.filter(deadline__range=(month.first, month.last))
    assert due.filter(rectified_on__lte=month.last, closed_on__gt=month.last).exists(), "rectified is not closed"
