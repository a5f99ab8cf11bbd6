"""Gapless numbers: taken at once by many, given back when their taker fails, each kind, unit and year for itself."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from hypothesis import given, strategies

from hazards.models.number import NUMBERING
from journal.series import Series


def take(fail):
    try:
        with transaction.atomic():
            [number] = Series.take("DB", unit="411402", year=2026)
            if fail:
                raise InterruptedError
            return number
    except InterruptedError:
        return None
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_numbers_taken_at_once_have_no_gap_and_no_twin():
    """Every third taker fails after it took its number; its number goes to the next."""
    with ThreadPoolExecutor(6) as pool:
        numbers = [number for number in pool.map(lambda n: take(fail=n % 3 == 0), range(30)) if number]
    assert sorted(numbers) == list(range(1, 21))


@pytest.mark.django_db
def test_each_kind_unit_and_year_counts_for_itself():
    places = [("YH", "A", 2026), ("YH", "B", 2026), ("YH", "A", 2027), ("DB", "A", 2026)]
    assert [list(Series.take(kind, unit=unit, year=year)) for kind, unit, year in places] == [[1]] * 4
    assert list(Series.take("YH", unit="A", year=2026, count=3)) == [2, 3, 4]


@given(
    strategies.sets(strategies.integers(1, 60)),
    strategies.lists(strategies.integers(1, 50), max_size=3),
    strategies.integers(0, 50),
)
def test_what_does_not_fit_the_numbers_that_stand_is_named(standing, holes, last):
    series = Series(last=last, holes=[[n, n] for n in holes])
    found = set(series.unlike(sorted(standing)))
    missing = {(n, False) for n in range(1, last + 1) if n not in standing and n not in holes}
    assert found == missing | {(n, True) for n in standing if n > last or n in holes}


@given(strategies.permutations(range(1, 9)), strategies.integers(0, 8))
def test_numbers_brought_along_in_any_order_leave_the_same_holes(order, taken):
    brought = order[:taken]
    series = Series()
    for n in brought:
        series.stand(n)
    assert series.last == max(brought, default=0)
    assert {n for first, last in series.holes for n in range(first, last + 1)} == set(range(1, series.last)) - set(
        brought
    )
    assert series.can_be_read and list(series.unlike(sorted(brought))) == []


@pytest.mark.parametrize(
    "tamper", [{"holes": None}, {"holes": 5}, {"holes": [5]}, {"holes": [[3, 99]]}, {"holes": [[2, 1]]}]
)
def test_holes_that_cannot_be_are_told_from_those_that_can(tamper):
    assert not Series(last=9, **tamper).can_be_read


@given(strategies.integers(1, 9_999_999), strategies.integers(1000, 2100))
def test_a_written_number_comes_apart_again(n, year):
    assert NUMBERING.parts_of(NUMBERING.text("4114", year, n)) == ("4114", year, n)


@pytest.mark.parametrize("text", ["", "YH-4114-2026-1", "YH-4114-2026-0000001", "YH-41-2026-000001", "XX-4114-2026-000001", "YH-4114-2026-00000１"])  # fmt: skip
def test_what_only_looks_like_a_number_is_none(text):
    assert NUMBERING.parts_of(text) is None
