"""What a row says as facts: written one way, and equal again after a trip through the database."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given, strategies

from accounts.models import Unit
from hazards.models import Feedback, Hazard, Review
from journal.facts import fact, facts_in, facts_of, unlike, written
from tests.factories import HazardFactory


def test_the_gates_own_columns_and_those_kept_outside_are_no_facts():
    names = set(written(Hazard))
    assert not names & {"id", "uid", "state", "version", "last_digest", "city_code", "county_code"}
    assert {"description", "deadline", "enterprise", "number"} <= names


def test_a_row_beside_a_record_does_not_say_whose_it_is_but_a_row_beside_that_does():
    assert "hazard" not in written(Feedback)
    assert "feedback" in written(Review)


@given(
    strategies.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2099, 1, 1)), strategies.integers(-12, 12)
)
def test_a_moment_is_one_fact_in_whatever_zone_it_is_given(moment, hours):
    field = Hazard._meta.get_field("registered_at")
    there = moment.replace(tzinfo=UTC).astimezone(timezone(timedelta(hours=hours)))
    assert fact(field, there) == moment.replace(tzinfo=UTC).isoformat()


@given(strategies.decimals(0, 99_999_999, places=2))
def test_money_is_one_fact_however_many_zeros_it_is_given_with(amount):
    field = Feedback._meta.get_field("spent")
    assert fact(field, amount) == fact(field, Decimal(f"{amount:.2f}0")) == f"{amount:.2f}"


@pytest.mark.django_db
def test_facts_hold_after_a_trip_through_the_database(pending):
    row = Hazard.objects.get(pk=pending.pk)
    assert unlike(row, facts_of(row)) == []
    feedback = row.feedbacks.get()
    assert unlike(feedback, facts_of(feedback)) == []


@pytest.mark.django_db
def test_every_column_that_changes_is_found(pending):
    row = Hazard.objects.get(pk=pending.pk)
    said = facts_of(row)
    for name, field in written(Hazard).items():
        changed = Hazard.objects.get(pk=pending.pk)
        setattr(changed, field.attname, _another(field, field.value_from_object(row)))
        assert [one.name for one in unlike(changed, said)] == [name]


def _another(field, value):
    kind = field.get_internal_type()
    if kind == "BooleanField":
        return not value
    if kind == "DateField":
        return (value or datetime(2026, 1, 1).date()) + timedelta(days=1)
    if kind == "DateTimeField":
        return (value or datetime(2026, 1, 1, tzinfo=UTC)) + timedelta(seconds=1)
    return f"{value}x" if kind in ("CharField", "TextField") else (value or 0) + 1


@pytest.mark.django_db
def test_a_column_younger_than_its_events_stands_at_its_default():
    row = HazardFactory()
    said = facts_of(row)
    del said["level"]
    assert unlike(row, said) == []
    row.level = "major"
    assert [field.name for field in unlike(row, said)] == ["level"]


def test_what_is_blank_but_no_default_is_said():
    """Else a stopped unit could be started behind its events, or an amount of nothing be taken for none given."""
    unit, feedback = Unit(is_active=False), Feedback(spent=Decimal(0))
    assert facts_of(unit)["is_active"] is False
    assert facts_of(feedback)["spent"] == "0.00"
    unit_said, feedback_said = facts_of(unit), facts_of(feedback)
    unit.is_active, feedback.spent = True, None
    assert [field.name for field in unlike(unit, unit_said)] == ["is_active"]
    assert [field.name for field in unlike(feedback, feedback_said)] == ["spent"]


def test_blanks_that_take_something_back_are_facts():
    assert facts_in(Hazard, {"feedback_on": None, "location": "", "version": 3}) == {
        "feedback_on": None,
        "location": "",
    }
