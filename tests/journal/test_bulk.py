"""`journal.bulk.insert` against bulk_create, the library's way to do the same."""

from copy import copy
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from hazards.lifecycle import State
from hazards.models import Feedback, Hazard, HazardEvent, HazardText
from inspections.models import Enterprise, Inspection
from journal.bulk import _copied, insert, made
from journal.facts import facts_of
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


def test_a_row_is_made_as_the_library_makes_it(enterprise, inspector):
    given = {"enterprise": enterprise, "registered_by_id": inspector.pk, "sector": None, "found_on": date(2026, 3, 1)}
    ours, theirs = made(Hazard, given), Hazard(**given)

    assert ours.uid != theirs.uid and ours._state.adding
    ours.uid = theirs.uid
    assert facts_of(ours) == facts_of(theirs)
    assert ours.get_deferred_fields() == theirs.get_deferred_fields()
    with pytest.raises(TypeError, match="Hazard has no colour"):
        made(Hazard, given | {"colour": "red"})


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


@pytest.mark.parametrize("text", ["a\tb", "a\nb\r\nc", "\\", "\\N", "\\.", "\\t", "'\"%s", "", "完"])
def test_text_arrives_as_it_is(text):
    [row] = visits(1)
    row.note = text
    insert(Inspection, [row])
    assert Inspection.objects.get(pk=row.pk).note == text


def test_choices_nothing_and_json_arrive_as_with_bulk_create(registered):
    given = {"kind": "issue", "actor": None, "actor_name": "系统", "at": AT, "from_state": State.REGISTERED}
    said = {
        "to_state": State.RECTIFYING,
        "changes": {"期限\t": "一\n二\\"},
        "facts": {},
        "evidence": [["ab", "before"]],
    }
    ours, theirs = (HazardEvent(record=registered, sequence=n, **given, **said) for n in (7, 8))

    insert(HazardEvent, [ours])
    HazardEvent.objects.bulk_create([theirs])

    [mine], [other] = stored(HazardEvent, [ours.pk]), stored(HazardEvent, [theirs.pk])
    assert mine | {"sequence": 8} == other


def test_a_row_beside_another_has_its_key(registered):
    HazardText.objects.all().delete()
    insert(HazardText, [HazardText(hazard_id=registered.pk, folded="甲")])
    assert HazardText.objects.get().hazard_id == registered.pk


def test_a_value_that_nobody_has_thought_of_is_not_guessed():
    with pytest.raises(TypeError, match="no way to copy a timedelta"):
        _copied([[timedelta(1)]])


def test_the_number_of_statements_does_not_grow(django_assert_max_num_queries):
    rows = visits(200)
    with django_assert_max_num_queries(2):  # the keys; all rows, which where they are copied are no statement
        insert(Inspection, rows)


def test_nothing_is_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        insert(Inspection, [])
