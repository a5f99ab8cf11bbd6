"""What the ranking reads: who reported in time, as it stood at a moment."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reporting import operations
from reporting.models import Report
from reporting.statistics import Punctuality
from reporting.statistics import punctuality as punctuality_in
from reporting.terms import Kind
from tests.factories import UnitFactory, UserFactory
from tests.reporting.conftest import on
from tests.reports import ask_for

pytestmark = pytest.mark.django_db
NOVEMBER = (on(1).date(), on(30).date())


def punctuality(first, last, at, **asked):
    [found] = punctuality_in([(first, last)], at, **asked)
    return found


def test_each_unit_is_in_time_late_or_missing(asked, report, manager, bureau):
    lazy = UserFactory(role="manager", unit=UnitFactory(code="411402009"))
    ask_for(Kind.WEEKLY, at=on(30))
    operations.file_report(report, by=manager, at=on(23, 12))
    operations.file_report(Report.objects.get(unit=bureau.unit, period="2026-W47"), by=bureau, at=on(23, 12, 1))
    found = punctuality(*NOVEMBER, on(30, 10))
    assert found == {manager.unit_id: Punctuality(on_time=1), bureau.unit_id: Punctuality(late=1)}
    found = punctuality(*NOVEMBER, on(30, 12))
    assert found[lazy.unit_id] == Punctuality(missing=1)
    assert found[manager.unit_id] == Punctuality(on_time=1, missing=1) and found[manager.unit_id].due == 2
    assert punctuality(on(30).date(), on(30).date(), on(30, 12)) == {
        pk: Punctuality(missing=1) for pk in (manager.unit_id, bureau.unit_id, lazy.unit_id)
    }


def test_what_happened_since_does_not_change_what_it_was(report, manager, safety_office, bureau):
    """Filed late, returned, filed again, excused: at every moment between, what could be said then."""
    unit, asked = manager.unit_id, lambda at: punctuality(*NOVEMBER, at).get(manager.unit_id)
    moments = [
        (on(23, 11), None),  # not due yet
        (on(23, 13), Punctuality(missing=1)),
        (on(24, 11), Punctuality(late=1)),
        (on(25, 11), Punctuality(missing=1)),
        (on(26, 11), Punctuality(late=1)),
        (on(28, 11), None),
    ]
    done = [
        lambda: None,
        lambda: None,
        lambda: operations.file_report(report, by=manager, at=on(24, 10)),
        lambda: operations.return_report(report, by=safety_office, at=on(25, 10), reason="请核实"),
        lambda: operations.file_report(report, by=manager, at=on(26, 10)),
        lambda: (
            operations.return_report(report, by=safety_office, at=on(27, 10), reason="请核实"),
            operations.excuse(report, by=safety_office, at=on(28, 10), reason="撤并"),
        ),
    ]
    for act, (at, said) in zip(done, moments, strict=True):
        act()
        assert asked(at) == said, at
    assert {at: asked(at) for at, _ in moments} == dict(moments)
    assert punctuality(*NOVEMBER, on(28, 12)) == {bureau.unit_id: Punctuality(missing=1)}
    assert unit not in punctuality(*NOVEMBER, on(28, 12))


def test_without_a_moment_it_is_as_it_stands_now(report, manager, safety_office, monkeypatch):
    def stands(at):
        monkeypatch.setattr("django.utils.timezone.now", lambda: at)
        [found] = punctuality_in([NOVEMBER])
        return found.get(manager.unit_id)

    assert (stands(on(23, 11)), stands(on(23, 13))) == (None, Punctuality(missing=1))
    operations.file_report(report, by=manager, at=on(24, 10))
    assert stands(on(24, 11)) == Punctuality(late=1)
    operations.return_report(report, by=safety_office, at=on(25, 10), reason="请核实")
    assert stands(on(25, 13)) == punctuality(*NOVEMBER, on(25, 13)).get(manager.unit_id)


def test_who_was_in_time_and_got_it_back_is_not_late(report, manager, safety_office):
    operations.file_report(report, by=manager, at=on(23, 11))
    operations.return_report(report, by=safety_office, at=on(24, 10), reason="请核实")
    operations.file_report(report, by=manager, at=on(25, 9))
    found = {
        at: punctuality(*NOVEMBER, at).get(manager.unit_id) for at in (on(23, 13), on(24, 11), on(25, 8), on(25, 10))
    }
    assert list(found.values()) == [Punctuality(on_time=1), None, None, Punctuality(on_time=1)]


def test_firms_are_counted_for_themselves(monthly, enterprise, enterprise_user):
    operations.file_report(monthly, by=enterprise_user, at=on(7))
    assert punctuality(*NOVEMBER, on(8), kind=Kind.MONTHLY) == {enterprise.pk: Punctuality(late=1)}
    assert punctuality(*NOVEMBER, on(8)) == {}


def test_it_takes_three_statements_at_most(asked, report, manager, bureau):
    for number in range(20):
        UserFactory(role="manager", unit=UnitFactory(code=f"4114020{10 + number}"))
    ask_for(Kind.WEEKLY, at=on(30))
    for row in Report.objects.all():
        by = row.unit.people.get(role="manager")
        operations.file_report(row, by=by, at=on(30, 14) + timedelta(minutes=row.pk % 50))
    with CaptureQueriesContext(connection) as queries:
        found, last_days = punctuality_in([NOVEMBER, (on(24).date(), on(30).date())], on(30, 13))
    assert sum(one.missing for one in last_days.values()) == 22
    assert sum(one.missing for one in found.values()) == 24
    assert len(queries) <= 3
