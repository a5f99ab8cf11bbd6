"""A bulletin as tests of the whole house want it, at the state they ask for."""

from datetime import timedelta

from django.utils import timezone

from bulletins import operations
from rankings.figures import EMPTY
from rankings.models import Line
from tests.factories import UnitFactory, UserFactory
from tests.frozen import frozen_week


def told_week(city="4114"):
    """The last complete week of ``city``, with a county in its table: units of factories have no events, so that no freeze knows them."""
    one = frozen_week(city)
    table = one.tables.get(kind="county", division=city)
    figures = {"window": EMPTY | {"amount": "0.00"}, "single": EMPTY | {"amount": "0.00"}}
    table.totals = figures
    table.save()
    if not table.lines.exists():
        Line.objects.create(table=table, code="411402", name="梁园区", short_name="梁园区", place=1, figures=figures)
    return one


def bulletin(office, state="draft", at=None):
    """By somebody else of the office of ``office`` (a person), who may therefore sign it."""
    at = at or timezone.now()
    UnitFactory(code=office.unit.division_code)
    writer, head = (UserFactory(role="safety_office", unit=office.unit) for _ in range(2))
    one = operations.draft_bulletin(by=writer, at=at, freeze=told_week())
    if state == "discarded":
        operations.discard_bulletin(one, by=writer, at=at, reason="不再印发")
    if state in ("draft", "discarded"):
        return one
    operations.submit_bulletin(one, by=writer, at=at)
    if state == "issued":
        operations.issue_bulletin(one, by=head, at=at + timedelta(seconds=1))
    return one
