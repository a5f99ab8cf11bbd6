"""Tables that are not there, or not yet: a county that had no such bodies, a period that waits to be frozen."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Unit
from accounts.operations import init_city
from rankings.operations import freeze
from tests.factories import HazardFactory, UnitFactory, UserFactory
from workdays.periods import week_of

pytestmark = pytest.mark.django_db
PAGE = "/rankings/"


@pytest.fixture
def office(client, safety_office):
    client.force_login(safety_office)
    return client


def text(response):
    return response.content.decode()


def test_a_county_that_had_no_such_bodies_then_has_an_empty_table(office, township):
    """A county without departments, and one founded after the freeze: a page and a workbook without lines, no error."""
    UnitFactory(code="411402")
    week = week_of(timezone.localdate()).previous()
    freeze("4114", week, at=timezone.now())
    asked = {"week": week.code, "kind": "department", "county": "411402"}
    assert office.get(PAGE, asked).status_code == 200
    assert b"".join(office.get(f"{PAGE}export/", asked))
    assert office.get("/api/v1/rankings/", asked).json()["rows"] == []


def test_a_period_that_waits_to_be_frozen_is_counted_once(office, safety_office, enterprise):
    """Every further view reads what the first one counted, until the freeze is there; one from before the city is not counted at all."""
    week, counted = week_of(timezone.localdate()).previous(), []
    HazardFactory(enterprise=enterprise, found_on=week.first)
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            answer = text(office.get(PAGE, {"week": week.code, "kind": "township"}))
        counted.append([query for query in queries if query["sql"].startswith("INSERT INTO")])
        assert "已结束，待冻结" in answer and enterprise.township.short_name in answer
    assert counted[0] and not counted[1]
    freeze("4114", week, at=timezone.now())
    assert "已冻结" in text(office.get(PAGE, {"week": week.code, "kind": "township"}))
    init_city("4105", at=timezone.now())
    elsewhere = UserFactory(role="safety_office", unit=Unit.objects.get(code="4105-AWB"))
    office.force_login(elsewhere)
    with CaptureQueriesContext(connection) as queries:
        assert office.get(PAGE, {"month": "2016-03", "kind": "township"}).status_code == 200
    assert not [query for query in queries if query["sql"].startswith("INSERT INTO")]
