"""Whoever is told of a hazard reads it: the SQL of the audience equals ``visible_to``, whatever staff a city has."""

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings, strategies

from accounts.models import Unit, User
from accounts.roles import Role
from hazards import audience, operations
from hazards.models import Hazard, HazardEvent
from inspections.models import Enterprise
from notifications.models import Notification
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
        *[strategies.sampled_from(CODES)] * 4, strategies.sampled_from(("411402001", "411402002", "411403001"))
    ),
    min_size=1,
    max_size=4,
)
FEW = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
EVERY = (
    audience.TERRITORIAL, audience.COMPETENT, audience.ENTERPRISE, audience.REGISTRAR, audience.FILER, audience.AT_ONCE,
)  # fmt: skip


def make(staff, places, dice):
    """People with holders and superiors drawn at random, some of them gone, and hazards of bodies drawn at random."""
    units = {code: UnitFactory(code=code) for code in CODES}
    people = []
    for code, role, active, member in staff:
        person = UserFactory(unit=None if role == Role.ENTERPRISE else units[code], role=role, is_active=active)
        person.member = member
        person.superior = dice.choice([None, *people])
        person.save()
        people.append(person)
    hazards = []
    for territorial, competent, supervising, found_by, division in places:
        firm = EnterpriseFactory(township=units[division])
        firm.members.set([person for person in people if person.role == Role.ENTERPRISE and person.member])
        hazards.append(
            HazardFactory(
                enterprise=firm,
                territorial_unit=units[territorial],
                competent_unit=units[competent],
                supervising_unit=units[supervising],
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
    return people, hazards


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
    assert told(audience.ENTERPRISE) == set()


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
