"""`journal.bulk.insert` against bulk_create, the library's way to do the same."""

from copy import copy
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from hazards.models import Feedback, Hazard
from inspections.models import Enterprise, Inspection
from journal.bulk import insert
from tests.factories import EnterpriseFactory, UserFactory

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 3, 9, 30, 15, 250, tzinfo=UTC)


def visits(count):
    firm, person = EnterpriseFactory(), UserFactory()
    return [
        Inspection(
            kind="special",
            enterprise=firm,
            division_code=firm.division_code,
            unit=firm.township,
            inspected_on=date(2026, 3, 1) + timedelta(days=n),
            nothing_found=bool(n % 2),
            note=f"第 {n} 次；'引号'与 %s",
            created_by=person,
            created_at=AT,
        )
        for n in range(count)
    ]


def stored(model, ids):
    rows = model.objects.filter(pk__in=ids).order_by("pk")
    return [{name: value for name, value in row.items() if name != "id"} for row in rows.values()]


def test_rows_arrive_as_with_bulk_create():
    ours = visits(5)
    theirs = [copy(row) for row in ours]

    insert(Inspection, ours)
    Inspection.objects.bulk_create(theirs)

    assert stored(Inspection, [row.pk for row in ours]) == stored(Inspection, [row.pk for row in theirs])
    assert ours[0].city_code == ours[0].division_code[:4], "columns of the database are read when they are asked for"
    assert not any(row._state.adding for row in ours)


def test_keys_are_counted_up_and_never_given_again():
    first, second = visits(3), visits(2)
    insert(Inspection, first)
    one = visits(1)[0]
    one.save()
    insert(Inspection, second)

    keys = [row.pk for row in (*first, one, *second)]
    assert keys == sorted(set(keys))
    Inspection.objects.filter(pk=second[-1].pk).delete()
    [later] = visits(1)
    later.save()
    assert later.pk > second[-1].pk


def test_a_row_made_before_its_owner_had_a_key_belongs_to_it(registered):
    hazard = Hazard.objects.get(pk=registered.pk)
    feedback = Feedback(
        hazard=Hazard(uid=hazard.uid),
        round=1,
        content="已整改",
        spent=Decimal("3.5"),
        deadline=date(2026, 11, 9),
        by=hazard.registered_by,
        at=AT,
    )
    feedback.hazard.pk = hazard.pk  # as when `chronicle.write` has just written it
    assert feedback.hazard_id is None

    insert(Feedback, [feedback])

    assert feedback.hazard.pk == feedback.hazard_id == hazard.pk
    kept = Feedback.objects.get()
    assert (kept.hazard, kept.spent, kept.deadline, kept.at) == (hazard, Decimal("3.50"), date(2026, 11, 9), AT)


def test_what_the_database_refuses_leaves_nothing():
    firm = EnterpriseFactory()
    twins = [
        Enterprise(name="甲", uscc="", township=firm.township, division_code=firm.division_code, state="listed")
        for _ in range(2)
    ]
    before = Enterprise.objects.count()
    with pytest.raises(IntegrityError), transaction.atomic():
        insert(Enterprise, twins)
    assert Enterprise.objects.count() == before


def test_the_number_of_statements_does_not_grow(django_assert_num_queries):
    rows = visits(200)
    with django_assert_num_queries(2):  # the keys; all rows
        insert(Inspection, rows)


def test_nothing_is_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        insert(Inspection, [])
