"""Whoever is told of a hazard reads it: the SQL of the audience equals ``visible_to``, whatever staff a city has."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from hypothesis import given, settings, strategies

from accounts.models import Unit, User
from accounts.roles import Role
from hazards import audience, deadlines, operations
from hazards.causes import CAUSES
from hazards.lifecycle import LAW
from hazards.models import Hazard, HazardEvent, Instruction, Receipt, Reminder, Transfer
from hazards.models.transfer import Outcome
from inspections.models import Enterprise, Sector
from journal import acts
from notifications.models import Notification
from responsibilities.models import Charge
from tests.factories import NOON, TODAY, EnterpriseFactory, HazardFactory, UnitFactory, UserFactory

pytestmark = pytest.mark.django_db
CODES = (
    "4114", "411402", "411403", "411402001", "411402002", "411403001", "4114-AWB", "411402-AWB", "411402001-AWB", "4114-YJ", "411402-YJ",
    "411403-YJ", "4114-SW", "411402-SW",
)  # fmt: skip
STAFF = strategies.lists(
    strategies.tuples(
        strategies.sampled_from(CODES),
        strategies.sampled_from(Role.values),
        strategies.booleans(),
        strategies.booleans(),
    ),
    min_size=1,
    max_size=12,
)
PLACES = strategies.lists(
    strategies.tuples(
        *[strategies.sampled_from((None, *CODES))] * 3,
        strategies.sampled_from(CODES),
        strategies.sampled_from(("411402001", "411402002", "411403001")),
    ),
    min_size=1,
    max_size=4,
)
FEW = settings(max_examples=40)
ALONE = (
    audience.TERRITORIAL,
    audience.COMPETENT,
    audience.SUPERVISING,
    audience.ENTERPRISE,
    audience.REGISTRAR,
    audience.FILER,
)
EVERY = (
    audience.TERRITORIAL, audience.COMPETENT, audience.ENTERPRISE, audience.REGISTRAR, audience.FILER, audience.AT_ONCE,
)  # fmt: skip


def make(staff, places, dice):
    """People with holders and superiors drawn at random, some of them gone, a matrix that names some of them for some units, and
    hazards of bodies drawn at random."""
    units = {code: UnitFactory(code=code) for code in CODES}
    people = []
    for code, role, active, member in staff:
        person = UserFactory(unit=None if role == Role.ENTERPRISE else units[code], role=role, is_active=active)
        person.member = member
        person.superior = dice.choice([None, *people])
        person.save()
        people.append(person)
    for code in CODES:
        for sector in (None, Sector.objects.get(code="GMSM")):  # that of the firms, and the rest
            holder, deputy = dice.choice([None, *people]), dice.choice([None, *people])
            if holder is not None and dice.random() < 0.5:
                Charge.objects.create(
                    unit=units[code], sector=sector, holder=holder, deputy=deputy if deputy != holder else None,
                    valid_from=TODAY, state="current",
                )  # fmt: skip
    hazards = []
    for territorial, competent, supervising, found_by, division in places:
        firm = EnterpriseFactory(township=units[division])
        firm.members.set([person for person in people if person.role == Role.ENTERPRISE and person.member])
        hazards.append(
            HazardFactory(
                enterprise=firm,
                territorial_unit=units.get(territorial),
                competent_unit=units.get(competent),
                supervising_unit=units.get(supervising),
                found_by_unit=units[found_by],
                registered_by=dice.choice(people),
                level=dice.choice(["general", "major"]),
                rectifying=True,
                deadline=TODAY,
                next_reminder_on=TODAY,
                **{
                    f"{kind}_holder": dice.choice([None, *people])
                    for kind in ("territorial", "competent", "supervising", "enterprise")
                },
            )
        )
        for outcome in dice.sample(["", *Outcome.values], dice.randint(0, 3)):
            pass_on(hazards[-1], *dice.sample(list(units.values()), 2), outcome)
        for unit in dice.sample(list(units.values()), dice.randint(0, 2)):
            owe(hazards[-1], unit, is_open=dice.random() < 0.5)
    return people, hazards


def pass_on(hazard, giver, receiver, outcome):
    """A transfer that waits (``outcome`` ""), or ended so: who reads the row for its sake is not who answers for it."""
    answered = {} if outcome in ("", Outcome.LAPSED) else {"answered_on": TODAY, "answered_by": hazard.registered_by}
    Transfer.objects.create(
        hazard=hazard, from_unit=giver, to_unit=receiver, reason="x", asked_on=TODAY, due_on=TODAY, by=hazard.registered_by,
        at=NOON, outcome=outcome, ended_at=NOON if outcome else None, **answered,
    )  # fmt: skip


def owe(hazard, unit, *, is_open):
    """An answer to a leader and the signature under a report, which ``unit`` owes or has given."""
    by, given = (
        hazard.registered_by,
        {} if is_open else {"answer": "x", "answered_by": hazard.registered_by, "answered_at": NOON},
    )
    Instruction.objects.create(
        hazard=hazard, kind="territorial", unit=unit, leader_name="x", text="x", reply_by=TODAY, by=by, at=NOON, **given
    )
    Receipt.objects.create(hazard=hazard, unit=unit, **({} if is_open else {"by": by, "at": NOON}))


def written(hazard, actor):
    return HazardEvent.objects.create(
        record=hazard, sequence=1, kind="pass_review", actor=actor, actor_name="x", at=NOON, to_state="closed"
    )


def notices():
    """(act, move) of everything that is told of a hazard."""
    return [
        (move.act, move.name) for move in LAW.moves.values() if acts.notice_of(Hazard, move.name) is not acts.NOBODY
    ]


def undone(work):
    with transaction.atomic():
        try:
            work()
        finally:
            transaction.set_rollback(True)


@given(STAFF, PLACES, strategies.randoms(use_true_random=False))
@FEW
def test_the_condition_for_reading_is_visible_to(staff, places, dice):
    def check():
        make(staff, places, dice)
        columns = ", ".join(f"hazard.{name}" for name in audience.COLUMNS)
        sql = (
            f"SELECT person.id, one.id FROM (SELECT {columns} FROM hazards_hazard hazard) AS one CROSS JOIN accounts_user person"
            f" LEFT JOIN accounts_unit seat ON seat.id = person.unit_id WHERE {audience.READS}"
        )
        with connection.cursor() as cursor:
            cursor.execute(sql)
            reads = set(cursor.fetchall())
        everybody = User.objects.select_related("unit")
        assert reads == {
            (one.pk, pk) for one in everybody for pk in Hazard.objects.visible_to(one).values_list("pk", flat=True)
        }

    undone(check)


@given(STAFF, PLACES, strategies.randoms(use_true_random=False))
@FEW
def test_everybody_who_is_told_by_notice_or_reminder_reads_the_row(staff, places, dice):
    def check():
        people, hazards = make(staff, places, dice)
        events = [
            HazardEvent.objects.create(
                record=hazard,
                sequence=1,
                kind="pass_review",
                actor=dice.choice(people),
                actor_name="x",
                at=NOON,
                to_state="closed",
            )
            for hazard in hazards
        ]
        told = audience.people(*EVERY)(events)
        sees = {person.pk: set(Hazard.objects.visible_to(person).values_list("pk", flat=True)) for person in people}
        for event in events:
            assert all(event.record_id in sees[pk] for pk in told.get(event.pk, ()))
        operations.send_reminders(at=NOON)
        for message in Notification.objects.all():
            assert int(message.url.split("/")[2]) in sees[message.recipient_id]

    undone(check)


@given(STAFF, PLACES, strategies.randoms(use_true_random=False))
@FEW
def test_nothing_is_told_to_nobody_while_the_city_has_a_safety_officer(staff, places, dice):
    """Whoever left, moved or changed role: every step of the ladder and every notice reaches somebody in use who reads the row."""

    def check():
        people, hazards = make(staff, places, dice)
        seat = dice.choice(["4114", "4114-AWB"])
        people.append(UserFactory(unit=Unit.objects.get(code=seat), role=Role.SAFETY_OFFICE))
        late = TODAY - timedelta(days=3)  # the manager's day of a general hazard, the leader's of a major one
        Hazard.objects.update(deadline=late, original_deadline=late)
        Reminder.objects.update(deadline=late, next_on=TODAY)
        events = [written(hazard, dice.choice(people)) for hazard in hazards]
        sees = {person.pk: set(Hazard.objects.visible_to(person).values_list("pk", flat=True)) for person in people}
        for name in ALONE:  # a department that was never asked is nobody's
            told = audience.people(name)(events)
            for event in events:
                asked = getattr(event.record, f"{name}_unit_id", None) or name not in (
                    audience.COMPETENT,
                    audience.SUPERVISING,
                )
                assert bool(told[event.pk]) == bool(asked), name
                assert all(event.record_id in sees[pk] for pk in told[event.pk]), name
        for kind, move in notices():
            told = acts.notice_of(Hazard, move).audience(events)
            assert all(told[event.pk] for event in events), kind
        operations.send_reminders(at=NOON)
        for hazard in hazards:
            hazard.refresh_from_db()
            keys = set(Notification.objects.filter(url=hazard.get_absolute_url()).values_list("key", flat=True))
            steps = deadlines.current_steps(hazard.level, late, TODAY)
            assert keys == {f"hazard:{hazard.pk}:{late}:{step.code}" for step in steps}
        for cause in CAUSES.values():
            ours = [one for one in hazards if one.level in deadlines.LADDERS[cause.name]]
            Notification.objects.all().delete()
            Reminder.objects.all().delete()
            for hazard in ours:
                row = {"cause": cause.name, "level": hazard.level, "deadline": late, "next_on": TODAY}
                Reminder.objects.create(hazard=hazard, **row)
            operations.send_reminders(at=NOON)
            for hazard in ours:
                sent = Notification.objects.filter(record_id=hazard.pk).values_list("key", "recipient_id")
                assert all(hazard.pk in sees[person] for _, person in sent)
                steps = deadlines.current_steps(hazard.level, late, TODAY, cause.name)
                departments = (audience.COMPETENT, audience.SUPERVISING)  # one that was never asked is nobody's
                asked = [
                    one
                    for one in steps
                    if one.audience not in departments or getattr(hazard, f"{one.audience}_unit_id")
                ]
                assert {key for key, _ in sent} == {f"hazard:{hazard.pk}{cause.tail(late)}{one.code}" for one in asked}

    undone(check)


@given(STAFF, PLACES, strategies.randoms(use_true_random=False))
@FEW
def test_a_feedback_is_told_to_somebody_who_may_review_it(staff, places, dice):
    """Not to its filer alone, who may not: another officer of the place, else of those above it."""

    def check():
        people, hazards = make(staff, places, dice)
        people.append(UserFactory(unit=Unit.objects.get(code="4114-AWB"), role=Role.SAFETY_OFFICE))
        filers = [person for person in people[:-1] if person.is_active] or [None]
        events = [written(hazard, dice.choice(filers)) for hazard in hazards]
        told = acts.notice_of(Hazard, "submit_feedback").audience(events)
        officers = {person.pk for person in people if person.is_officer}
        for event in events:
            assert told[event.pk] & officers - {event.actor_id}

    undone(check)


@pytest.mark.parametrize(
    ("there", "told"),
    [
        (["411402001:manager", "411402001:inspector", "4114-AWB:safety_office"], "411402001:manager"),
        (["411402001:inspector", "411402001-AWB:safety_office", "4114-AWB:safety_office"], "411402001:inspector"),
        (["411402001-AWB:inspector", "411402:safety_office", "4114-AWB:safety_office"], "411402001-AWB:inspector"),
        (["411402:leader", "411402-AWB:safety_office", "4114-AWB:safety_office"], "411402-AWB:safety_office"),
        (["411402-SW:manager", "411403-AWB:safety_office", "4114-AWB:safety_office"], "4114-AWB:safety_office"),
    ],
)
def test_the_chain_goes_from_the_body_up_to_the_city(there, told, enterprise):
    people = {}
    for name in there:
        code, role = name.split(":")
        people[name] = UserFactory(unit=UnitFactory(code=code), role=role)
    gone = UserFactory(unit=UnitFactory(code="411402001"), is_active=False)
    due = {"rectifying": True, "deadline": TODAY, "next_reminder_on": TODAY}
    hazard = HazardFactory(enterprise=enterprise, territorial_holder=gone, registered_by=gone, **due)
    event = written(hazard, gone)
    assert audience.people(audience.TERRITORIAL)([event])[event.pk] == {people[told].pk}
    assert audience.people(audience.REGISTRAR)([event])[event.pk] == {people[told].pk}
    assert operations.send_reminders(at=NOON) == 1
    assert Notification.objects.get().recipient == people[told]


def test_a_department_that_has_nobody_is_answered_for_by_the_offices_of_its_own_level(enterprise):
    township = UserFactory(unit=UnitFactory(code="411402001"))
    county = UserFactory(role="safety_office", unit=UnitFactory(code="411402-AWB"))
    hazard = HazardFactory(
        enterprise=enterprise,
        registered_by=township,
        competent_unit=UnitFactory(code="411402-YJ"),
        supervising_unit=None,
    )
    event = written(hazard, township)
    assert audience.people(audience.COMPETENT)([event])[event.pk] == {county.pk}
    assert audience.people(audience.SUPERVISING)([event]) == {}, "no such body was asked"


def test_a_firm_whose_account_came_after_the_row_is_told_by_all_its_people(manager, enterprise, enterprise_user):
    """By notice and reminder alike; and its township again once the last has left."""
    gone = UserFactory(role="enterprise", unit=None, is_active=False)
    keeper = UserFactory(role="enterprise", unit=None)
    enterprise.members.set([enterprise_user, keeper, gone])
    due = {"rectifying": True, "deadline": TODAY, "next_reminder_on": TODAY}
    for holder in (None, gone):
        hazard = HazardFactory(enterprise=enterprise, enterprise_holder=holder, territorial_holder=manager, **due)
        event = written(hazard, manager)
        assert audience.people(audience.ENTERPRISE)([event])[event.pk] == {enterprise_user.pk, keeper.pk}
        assert operations.send_reminders(at=NOON) == 2
        assert {one.recipient for one in Notification.objects.filter(record_id=hazard.pk)} == {enterprise_user, keeper}
    named = HazardFactory(enterprise=enterprise, enterprise_holder=keeper, **due)
    event = written(named, manager)
    assert audience.people(audience.ENTERPRISE)([event])[event.pk] == {keeper.pk}, "who is named answers alone"
    enterprise.members.clear()
    assert audience.people(audience.ENTERPRISE)([event])[event.pk] == {manager.pk}


def test_who_is_named_first_who_stands_in_and_who_is_reported_to(manager, enterprise, enterprise_user, inspector):
    UnitFactory(code="411402-YJ")
    office = UserFactory(role="safety_office", unit=UnitFactory(code="4114-AWB"))
    department = UserFactory(unit=Unit.objects.get(code="411402-YJ"))
    watcher = UserFactory(unit=UnitFactory(code="411402-SW"))
    hazard = HazardFactory(
        enterprise=enterprise,
        registered_by=inspector,
        level="major",
        competent_unit=department.unit,
        supervising_unit=watcher.unit,
        enterprise_holder=enterprise_user,
    )
    event = HazardEvent.objects.create(
        record=hazard, sequence=1, kind="register", actor=inspector, actor_name="袁立新", at=NOON, to_state="registered"
    )

    def told(*names):
        return audience.people(*names)([event]).get(event.pk, set())

    assert told(audience.TERRITORIAL) == {manager.pk}  # nobody is named: the first of the township's managers
    assert told(audience.COMPETENT) == {department.pk}
    assert told(audience.ENTERPRISE) == {enterprise_user.pk}
    assert told(audience.REGISTRAR) == {inspector.pk}
    assert told(audience.AT_ONCE) == {office.pk, watcher.pk}
    Enterprise.objects.get().members.clear()
    assert told(audience.ENTERPRISE) == {manager.pk}, "the firm has nobody: its township"


def test_an_audience_costs_two_queries_for_any_number_of_events(inspector, enterprise, django_assert_max_num_queries):
    events = [
        HazardEvent.objects.create(
            record=HazardFactory(enterprise=enterprise),
            sequence=1,
            kind="pass_review",
            actor=inspector,
            actor_name="x",
            at=NOON,
            to_state="closed",
        )
        for _ in range(12)
    ]
    with django_assert_max_num_queries(2):
        audience.people(*EVERY)(events)
