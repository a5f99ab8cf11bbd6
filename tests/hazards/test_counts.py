"""The figures on the tabs are those of the rows, whatever was counted before, placed in the outbox or done meanwhile."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.db import connection, models, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.models import User
from hazards import counts, operations
from hazards.filters import View, hazard_filter
from hazards.lifecycle import State
from hazards.models import Hazard, HazardEvent
from hazards.ordering import DUE
from journal import chronicle, outbox
from tests import stages
from tests.factories import HazardFactory, UnitFactory, UserFactory

pytestmark = pytest.mark.django_db
VIEWS = (View.ALL, *counts.COUNTED)


@pytest.fixture(autouse=True)
def _nothing_kept():
    cache.clear()


def told(user, **conditions):
    return counts.tab_counts(hazard_filter(conditions, user=user, today=timezone.localdate()))


def counted(user, **conditions):
    """The same by looking at the rows of each tab."""
    filters = {
        view: hazard_filter(conditions | {"view": view.value}, user=user, today=timezone.localdate()) for view in VIEWS
    }
    return {view: asked.qs.count() for view, asked in filters.items()}


def close(people):
    """A row that comes in closed, as from another ledger, with its event."""
    row = HazardFactory.build(
        enterprise=people["firm"], division_code=people["firm"].division_code, closed=True,
        found_by_unit=people["author"].unit, registered_by=people["author"], territorial_unit=people["author"].unit,
        sector=people["firm"].sector, competent_unit=people["department"].unit,
        number=f"YH-4114-2026-{500000 + Hazard.objects.count():06d}",
    )  # fmt: skip
    chronicle.write(chronicle.born([row], "adopt", by=people["office"], at=timezone.now()))


def reopen(people):
    if row := Hazard.objects.filter(state=State.CLOSED).first():
        photos = [stages.waiting_photo(people["office"])]
        operations.reopen(row, by=people["office"], at=timezone.now(), reason="又堆上了", photos=photos, days=7)


def void(people):
    if row := Hazard.objects.filter(state=State.CLOSED, void_asked_on=None).first():
        operations.request_void(row, by=people["manager"], at=timezone.now(), ground="error", reason="登记错了")
        operations.decide_void(row, by=people["office"], at=timezone.now(), granted=True, opinion="同意")


STEPS = {
    "close": close,
    "open": lambda people: stages.hazard(people, "rectifying"),
    "wait": lambda people: stages.hazard(people, "pending_review"),
    "draft": lambda people: stages.hazard(people, "draft"),
    "review": lambda people: stages.hazard(people, "closed"),
    "reopen": lambda people: reopen(people),
    "void": lambda people: void(people),
    "place": lambda people: outbox.place(HazardEvent),
    "place one": lambda people: outbox.place(HazardEvent, limit=1),
    "forget": lambda people: cache.clear(),
}


@given(st.lists(st.sampled_from(sorted(STEPS)), min_size=4, max_size=12), st.randoms(use_true_random=False))
@settings(max_examples=5)
def test_the_figures_are_those_of_the_rows_whatever_happened_in_between(steps, dice):
    cache.clear()
    with transaction.atomic():
        people = stages.cast()
        readers = [people[name] for name in ("office", "manager", "department", "enterprise", "stranger")]
        for step in [*steps, "close", "place one", "review", "reopen", "place", "close", "void"]:
            STEPS[step](people)
            reader = dice.choice(readers)
            assert told(reader) == counted(reader), (step, reader.role)
        assert [told(reader) for reader in readers] == [counted(reader) for reader in readers]
        transaction.set_rollback(True)


def test_what_is_in_the_ledger_is_what_is_visible_without_drafts():
    people = stages.cast()
    for stage in stages.STAGES:
        stages.hazard(people, stage)
    for reader in (one for one in people.values() if isinstance(one, User)):
        visible = Hazard.objects.visible_to(reader, guests=False).in_ledger()
        assert set(Hazard.objects.ledger_of(reader)) == set(visible), reader.role


def test_closed_rows_are_counted_once_and_then_only_what_closed_since(safety_office, inspector):
    people = stages.cast()
    for _ in range(3):
        close(people)
    stages.hazard(people, "rectifying")
    outbox.place(HazardEvent, limit=1)
    assert told(safety_office)[View.CLOSED] == 3
    closed_ones = HazardEvent.objects.filter(to_state=State.CLOSED)

    with CaptureQueriesContext(connection) as again:
        assert told(safety_office)[View.CLOSED] == 3
    assert len(again) == 2
    outbox.place(HazardEvent)
    assert told(safety_office)[View.CLOSED] == 3  # takes the placed ones over
    close(people)
    with CaptureQueriesContext(connection) as after:
        assert told(safety_office)[View.CLOSED] == 4
    assert len(after) == 2
    # Of the four closing events three are settled: only those beyond the place are read.
    base, place, _ = cache.get(counts._key(safety_office))
    assert base == 3
    assert closed_ones.filter(position__lte=place).count() == 3


@pytest.mark.parametrize("open_rows", [0, 1])
def test_what_was_kept_of_another_database_is_not_believed(open_rows):
    """Emptied and loaded again, or brought back from a copy, while the cache lived on."""
    people = stages.cast()
    for _ in range(3):
        close(people)
    for _ in range(open_rows):
        stages.hazard(people, "rectifying")
    outbox.place(HazardEvent)
    assert told(people["office"])[View.CLOSED] == 3
    # As many events as before, but another one stands at the last place, and one of the closed rows lies elsewhere.
    last = HazardEvent.objects.order_by("-position").first()
    models.QuerySet(HazardEvent).filter(pk=last.pk).update(digest="f" * 64)
    gone = Hazard.objects.filter(state=State.CLOSED).first()
    models.QuerySet(Hazard).filter(pk=gone.pk).update(division_code="370102001")
    assert told(people["office"])[View.CLOSED] == 2


def test_another_scope_has_its_own_figures_and_a_firm_none_that_are_kept():
    people = stages.cast()
    close(people)
    assert told(people["office"])[View.CLOSED] == told(people["manager"])[View.CLOSED] == 1
    assert told(people["stranger"])[View.CLOSED] == 0
    assert told(people["enterprise"])[View.CLOSED] == 1
    people["firm"].members.clear()
    assert told(people["enterprise"])[View.CLOSED] == 0
    elsewhere = UserFactory(role="manager", unit=UnitFactory(code="411402-SW"))
    assert told(elsewhere)[View.CLOSED] == 0
    assert counts._key(people["enterprise"]) is None


@pytest.mark.parametrize("conditions", [{"level": "general"}, {"q": "安全出口"}, {"found_from": "2026-01-01"}])
def test_under_a_condition_every_figure_is_counted(conditions):
    people = stages.cast()
    close(people)
    stages.hazard(people, "rectifying")
    assert told(people["office"], **conditions) == counted(people["office"], **conditions)


@pytest.mark.once  # PostgreSQL's planner takes another index of the same kind for so few rows
def test_the_open_rows_are_counted_from_an_index_alone():
    people = stages.cast()
    pattern = HazardFactory(enterprise=people["firm"], closed=True)
    kept = {
        field.attname: getattr(pattern, field.attname) for field in Hazard._meta.concrete_fields if not field.generated
    }
    rows = [Hazard(**kept | {"id": None, "uid": uuid4(), "number": f"YH-4114-2026-{n:06d}"}) for n in range(600)]
    for row in rows[:30]:
        row.state, row.closed_on, row.deadline = State.RECTIFYING, None, timezone.localdate() - timedelta(days=3)
    Hazard.objects.bulk_create(rows)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE hazards_hazard")
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")  # six hundred rows are soonest read from end to end
            cursor.execute("SET LOCAL enable_bitmapscan = off")
    for reader, index in (("office", "hazard_city_due"), ("manager", "hazard_division_due")):
        rows = Hazard.objects.ledger_of(people[reader]).open()
        plan = rows.order_by().values("state", "level", "deadline", "pk").explain()
        # SQLite reads the row wherever a generated column, as city and county are, is asked for.
        alone = "Index Only Scan" if connection.vendor == "postgresql" else "COVERING" if reader == "manager" else ""
        assert index in plan and alone in plan, plan
        listed = hazard_filter({"view": "open"}, user=people[reader], today=timezone.localdate()).qs
        plan = listed.order_by(*DUE.by()).values("deadline", "pk")[:20].explain()
        assert index in plan and "B-TREE FOR ORDER" not in plan and "Sort" not in plan, plan
