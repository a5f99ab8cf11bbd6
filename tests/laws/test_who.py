"""Who may do what to a hazard in which state, written down a second time and independently of the law page: enumerated, at
every door, and nobody on a row they do not see."""

from itertools import product

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.roles import Role
from hazards import operations
from hazards.models import Hazard
from journal import acts, gate
from journal.lifecycle import STAYS
from journal.refusal import NotPermitted, Refused
from tests import stages
from tests.factories import UnitFactory, UserFactory

pytestmark = pytest.mark.django_db
MANAGERS = {"manager", "office", "department", "other_department"}
OFFICERS = MANAGERS | {"author", "colleague"}
SEE = OFFICERS | {"leader", "enterprise"}
INSTRUCTED, OFFERED = {"rectifying+instructed"}, {"rectifying+offered"}
REFERRED = {"rectifying+referred"}
PLANLESS = {"rectifying+major", "rectifying+asked+major"}
FILED, APPROVED = (
    {"rectifying+filed+major", "rectifying+refiled+major"},
    {"rectifying+approved+major", "rectifying+refiled+major"},
)
ASKED = {"rectifying+asked", "rectifying+asked+major"}
UNASKED = {"rectifying", "rectifying+major"} | INSTRUCTED | OFFERED | REFERRED | FILED | APPROVED
NEVER, DRAFT, RECTIFYING, PENDING = set(), {"draft"}, UNASKED | ASKED, {"pending_review"}
ANSWERABLE, PLANNED = RECTIFYING - PLANLESS - {"rectifying+filed+major"}, FILED | APPROVED
GENERAL, REPORTED = {"registered", "registered+doubted"}, {"registered+reported+major"}
NEW, PENDING_MAJOR = {"registered+major"} | GENERAL | REPORTED, {"pending_review+reported+major"}
CLOSED, OPEN = {"closed", "closed+doubted"}, {*NEW, *RECTIFYING, *PENDING, *PENDING_MAJOR}
UNSIGNED = REPORTED | PENDING_MAJOR
UNREPORTED = {stage for stage in OPEN - UNSIGNED if "major" in stage}
LEDGER = OPEN | CLOSED
DOUBTED = {"registered+doubted", "closed+doubted"}
SOUND = LEDGER - DOUBTED
HERE = OPEN - REFERRED  # no other authority has the matter
WHOLE = {"registered", "registered+major"} | REPORTED  # nothing about it waits for a unit to answer
UNANSWERED = WHOLE | {"rectifying", "rectifying+major"}  # nor was anything filed since the order
KEPT = OPEN - OFFERED  # nobody waits for another unit to take it over
PEOPLE = ("author", "colleague", "manager", "department", "other_department", "office", "enterprise")
# {act: (at which stages each of PEOPLE may do it, …, the state afterwards, or STAYS)}. All other people may do nothing.
TABLE = {
    # act               author   colleague manager     department  other_dep. office   enterprise  afterwards
    "redraft":         (DRAFT,   NEVER,    NEVER,      NEVER,      NEVER,     NEVER,   NEVER,      STAYS),
    "register":        (DRAFT,   NEVER,    NEVER,      NEVER,      NEVER,     NEVER,   NEVER,      "registered"),
    "issue":           (NEVER,   NEVER,    NEW,        NEW,        NEW,       NEW,     NEVER,      "rectifying"),
    "close_on_spot":   (GENERAL, NEVER,    GENERAL,    GENERAL,    GENERAL,   GENERAL, NEVER,      "closed"),
    "submit_feedback": (NEVER,   NEVER,    ANSWERABLE, ANSWERABLE, NEVER,     NEVER,   ANSWERABLE, "pending_review"),
    "file_plan":       (NEVER,   NEVER,    PLANLESS,   PLANLESS,   NEVER,     NEVER,   PLANLESS,   STAYS),
    "revise_plan":     (NEVER,   NEVER,    PLANNED,    PLANNED,    NEVER,     NEVER,   PLANNED,    STAYS),
    "decide_plan":     (NEVER,   NEVER,    NEVER,      FILED,      NEVER,     FILED,   NEVER,      STAYS),
    "review":          (PENDING, PENDING,  PENDING,    PENDING,    PENDING,   PENDING, NEVER,      "closed"),
    "accept":          (NEVER,   NEVER,    NEVER,      PENDING_MAJOR, PENDING_MAJOR, PENDING_MAJOR, NEVER, "closed"),
    "report_progress": (NEVER,   NEVER,    APPROVED,   APPROVED,   NEVER,     NEVER,   APPROVED,   STAYS),
    "report_major":    (UNREPORTED, NEVER, UNREPORTED, NEVER,      NEVER,     UNREPORTED, NEVER,   STAYS),
    "acknowledge_report": (NEVER, NEVER,   NEVER,      UNSIGNED,   UNSIGNED,  UNSIGNED, NEVER,     STAYS),
    "correct":         (NEW,     NEVER,    LEDGER,     LEDGER,     LEDGER,    LEDGER,  NEVER,      STAYS),
    "reassign":        (NEVER,   NEVER,    OPEN,       OPEN,       OPEN,      OPEN,    NEVER,      STAYS),
    "offer_transfer":  (NEVER,   NEVER,    KEPT,       OPEN,       KEPT,      NEVER,   NEVER,      STAYS),
    "answer_transfer": (NEVER,   NEVER,    NEVER,      NEVER,      NEVER,     NEVER,   NEVER,      STAYS),
    "assign_transfer": (NEVER,   NEVER,    NEVER,      NEVER,      NEVER,     OFFERED, NEVER,      STAYS),
    "refer":           (NEVER,   NEVER,    HERE,       HERE,       HERE,      HERE,    NEVER,      STAYS),
    "answer_referral": (NEVER,   NEVER,    REFERRED,   REFERRED,   REFERRED,  REFERRED, NEVER,     STAYS),
    "split":           (WHOLE,   NEVER,    UNANSWERED, UNANSWERED, UNANSWERED, UNANSWERED, NEVER,  "voided"),
    "reopen":          (NEVER,   NEVER,    CLOSED,     CLOSED,     CLOSED,    CLOSED,  NEVER,      "rectifying"),
    "request_extension": (NEVER, NEVER,   UNASKED,    UNASKED,    NEVER,     NEVER,   UNASKED,    STAYS),
    "decide_extension": (NEVER,  NEVER,    {"rectifying+asked"}, NEVER, NEVER, ASKED, NEVER,        STAYS),
    "chase":           (NEVER,   NEVER,    OPEN,       OPEN,       OPEN,      OPEN,    NEVER,      STAYS),
    "comment":         (LEDGER,  LEDGER,   LEDGER,     LEDGER,     LEDGER,    LEDGER,  LEDGER,     STAYS),
    "instruct":        (NEVER,   NEVER,    NEVER,      NEVER,      NEVER,     LEDGER,  NEVER,      STAYS),
    "answer_instruction": (NEVER, NEVER,   INSTRUCTED, NEVER,      NEVER,     INSTRUCTED, NEVER,   STAYS),
    "request_void":    (SOUND,   NEVER,    SOUND,      SOUND,      SOUND,     SOUND,   NEVER,      STAYS),
    "decide_void":     (NEVER,   NEVER,    NEVER,      NEVER,      NEVER,     DOUBTED, NEVER,      "voided"),
    "discard":         (DRAFT,   NEVER,    NEVER,      NEVER,      NEVER,     NEVER,   NEVER,      "discarded"),
}  # fmt: skip
LEADERS = {"instruct"}  # what a leader may do wherever the safety office may; else they read
RECEIVER = {"answer_transfer", "comment"}  # what the unit may do to which it is offered


# Moves that not everybody may make who may do their act, in the same columns.
MOVES = {
    "upgrade":         (NEW,     NEVER,    OPEN,       OPEN,       OPEN,      OPEN,    NEVER,      STAYS),
    "downgrade":       (NEVER,   NEVER,    NEVER,      NEVER,      NEVER,     OPEN,    NEVER,      STAYS),
    "reset_review":    (NEVER,   NEVER,    PENDING,    PENDING,    PENDING,   PENDING, NEVER,      "rectifying"),
    "reset_acceptance": (NEVER,  NEVER,    NEVER,      PENDING_MAJOR, PENDING_MAJOR, PENDING_MAJOR, NEVER, "rectifying"),
}  # fmt: skip


def who_may(act, stage):
    """The people who may do the act (or the one of `MOVES`) called ``act`` at ``stage``, as the table says: nobody when it has no row."""
    *cells, _ = (TABLE | MOVES).get(act, (*[NEVER] * len(PEOPLE), STAYS))
    found = {name for name, stages_of_person in zip(PEOPLE, cells, strict=True) if stage in stages_of_person}
    found |= {"leader"} if act in LEADERS and "office" in found else set()
    return found | {"receiver"} if act in RECEIVER and stage in OFFERED else found


def state_after(act, state):
    """Where the act called ``act``, told what `tests.stages` tells it, leaves a hazard found in ``state``."""
    return state if TABLE[act][-1] is STAYS else TABLE[act][-1]


def test_the_table_knows_every_act_and_every_state():
    assert set(stages.with_a_page()) == set(TABLE)
    assert set(stages.with_a_page()) == set(stages.TOLD)
    assert set(stages.with_a_page()) == set(stages.POSTED)
    assert set(stages.over_the_api()) <= set(TABLE)
    assert {stage.partition("+")[0] for stage in stages.STAGES} == set(Hazard.lifecycle.states.values)
    assert {stage for *cells, _ in TABLE.values() for cell in cells for stage in cell} <= set(stages.STAGES)


def form_names(form):
    """The fields of a form class, and those it has for some records only."""
    return {*form.base_fields, *getattr(form, "sent_beside", ())}


@pytest.mark.parametrize("act", stages.with_a_page())
def test_acts_are_told_what_they_ask_for(act):
    """A word that a form or the API does not know is passed over in silence."""
    doors, (told, _) = acts.named(Hazard, act), stages.TOLD[act]
    assert set(stages.POSTED[act]) <= set(form_names(doors.form))
    assert doors.serializer is None or set(told) - {"holders"} <= set(doors.serializer().fields)


def does(user, name, pk):
    """What the verb says: "done", or the class of the refusal; whatever it did is undone."""
    with transaction.atomic():
        try:
            acts.named(Hazard, name).do(Hazard.objects.get(pk=pk), stages.told(name, user), by=user, at=timezone.now())
        except Refused as refusal:
            return type(refusal)
        finally:
            transaction.set_rollback(True)
    return "done"


def tried_at(stage):
    """The acts that are tried at ``stage``: all where nothing waits; where something does, those to which it makes a difference."""
    plain = stage.partition("+")[0]
    return [act for act in TABLE if stage == plain or who_may(act, stage) != who_may(act, plain)]


def asked_at_the_doors(stage, everybody, sees):
    """``{name: acts}``: whom page and endpoint are asked as. Everybody is tried at the verb, whose own rule the doors ask; at the doors
    each act is asked for by all who may and, in turn, by one of those who read the row and may not, and of those who do not read it."""
    asked = {name: [] for name in everybody}
    for turn, act in enumerate(tried_at(stage)):
        may = who_may(act, stage)
        refused = [sorted(sees - may), sorted(set(everybody) - sees - may)]
        for name in [*may, *(names[turn % len(names)] for names in refused if names)]:
            asked[name].append(act)
    return asked


@pytest.mark.once
@pytest.mark.parametrize("stage", stages.STAGES)
def test_verb_page_and_endpoint_allow_exactly_what_the_table_says(stage, client):
    people = stages.cast()
    row = stages.hazard(people, stage)
    everybody = {name: person for name, person in people.items() if name != "firm"}
    sees = {name for name, person in everybody.items() if Hazard.objects.visible_to(person).filter(pk=row.pk).exists()}
    expected = {"author"} if stage in ("draft", "discarded") else SEE | ({"receiver"} if stage in OFFERED else set())
    assert sees == expected
    at_the_doors = asked_at_the_doors(stage, everybody, sees)
    for name, person in everybody.items():
        client.force_login(person)
        api = APIClient()
        api.force_authenticate(person)
        expected = {act for act in tried_at(stage) if name in who_may(act, stage)}
        assert {act for act in tried_at(stage) if does(person, act, row.pk) == "done"} == expected, name
        tried = at_the_doors[name]
        shown = {act: client.get(reverse("hazards:act", args=[row.pk, act])).status_code for act in tried}
        assert {act for act, status in shown.items() if status == 200} == expected, name
        answered = {act: ask(api, row, act, person) for act in stages.over_the_api() if act in tried}
        assert {act for act, status in answered.items() if status == 200} == expected & set(answered), name
        refusals = {403, 409} if name in sees else {404}
        for statuses in (shown, answered):
            assert {status for act, status in statuses.items() if act not in expected} <= refusals, name
        for act in expected:
            assert send(client, row, act, person) == (302, row.version + 1, state_after(act, row.state)), (name, act)


def ask(api, row, act, person):
    """The status of a complete request; whatever it did is undone."""
    address = reverse(f"api-hazard-{act.replace('_', '-')}", args=[row.pk])
    with transaction.atomic():
        status = api.post(address, stages.asked(act, person)).status_code
        transaction.set_rollback(True)
    return status


def send(client, row, act, person):
    """``(status, events, state)`` after the whole form was posted to the page; whatever it did is undone.

    A field that the form names otherwise than the verb does would be an error of ours, and fail here.
    """
    with transaction.atomic():
        response = client.post(
            reverse("hazards:act", args=[row.pk, act]), stages.posted(act, person, version=row.version)
        )
        then = Hazard.objects.get(pk=row.pk)
        said = response.status_code, then.events.count(), then.state
        transaction.set_rollback(True)
    return said


# What people of a role at a township may do there who are not the author, as a column of the table above.
SAME_AS = {
    "inspector": "colleague",
    "manager": "manager",
    "safety_office": "office",
    "enterprise": "enterprise",
    "leader": "leader",
}

SENT = {
    "acknowledge_report"
}  # of the units that it was sent to: the township is none of them, whatever role one has there


@pytest.mark.once
@pytest.mark.parametrize("stage", stages.STAGES)
def test_every_role_at_the_gate_makes_exactly_the_moves_of_the_table_and_nobody_who_was_stopped(stage):
    """Both outcomes of a review, too, and what only the system does."""
    people = stages.cast()
    row = stages.hazard(people, stage)
    for role in Role.values:
        unit = None if role == Role.ENTERPRISE else people["author"].unit
        active, stopped = (
            UserFactory(role=role, unit=unit, is_active=yes, state=("stopped", "active")[yes]) for yes in (True, False)
        )
        if role == Role.ENTERPRISE:
            people["firm"].members.add(active, stopped)
        for move in Hazard.lifecycle.moves.values():
            may = move.name not in SENT and SAME_AS.get(role) in who_may(
                move.name if move.name in MOVES else move.act, stage
            )
            assert makes(move.name, row, active) is may, (role, move.name)
            assert not (may and makes(move.name, row, stopped)), (role, move.name)


@pytest.mark.parametrize("move", ["draft", "adopt"])
def test_who_brings_a_hazard_into_being(move):
    unit = UnitFactory()
    for role, is_active, seat in product(Role.values, (True, False), (unit, None)):
        person = UserFactory(role=role, unit=seat, is_active=is_active)
        may = is_active and seat is not None and role in ("inspector", "manager", "safety_office")
        try:
            gate.check_birth(Hazard, move, by=person)
        except NotPermitted:
            assert not may, (role, is_active)
        else:
            assert may, (role, is_active)


def makes(move, row, person):
    try:
        gate.check(row, move, by=person)
    except Refused:
        return False
    return True


@pytest.mark.once  # what is in scope is asked of both databases by tests/accounts/test_scope.py
@pytest.mark.parametrize("stage", stages.STAGES)
def test_desk_and_ledger_show_a_row_to_nobody_who_does_not_see_it(stage, client):
    """What stands on a desk waits for the person, is overdue in their scope, or is not there; figures count nothing else."""
    people = stages.cast()
    row = stages.hazard(people, stage)
    for name, person in people.items():
        if name == "firm" or Hazard.objects.visible_to(person).filter(pk=row.pk).exists():
            continue
        client.force_login(person)
        context = client.get(reverse("hazards:desk")).context
        if "todos" in context:
            assert (context["todos"]["total"], context["todos"]["groups"]) == (0, []), name
            assert {figure["value"] for figure in context["figures"]} == {0}, name
        assert row.description not in client.get(reverse("hazards:ledger") + "?view=all").content.decode(), name


@pytest.mark.once
@pytest.mark.parametrize("stage", stages.STAGES)
def test_the_verb_refuses_everybody_on_a_row_they_do_not_see(stage):
    """A door that forgets the scope does no harm, whatever role and state would allow."""
    people = stages.cast()
    row = stages.hazard(people, stage)
    moved = {
        "author": "manager",
        "manager": "manager",
        "office": "safety_office",
        "department": "manager",
        "colleague": "inspector",
    }
    for name, role in moved.items():
        person = people[name]
        person.unit, person.role = people["stranger"].unit, role
        person.save()
        for act in TABLE:
            assert does(person, act, row.pk) is NotPermitted, (name, act)
    assert does(people["foreign_firm"], "submit_feedback", row.pk) is NotPermitted


def test_who_filed_the_feedback_does_not_review_it_at_any_door(client):
    people = stages.cast()
    row = stages.hazard(people, "rectifying")
    photos = [stages.waiting_photo(people["manager"])]
    acts.named(Hazard, "submit_feedback").do(
        row, {"content": "代为反馈", "photos": photos}, by=people["manager"], at=timezone.now()
    )
    client.force_login(people["manager"])
    assert client.get(reverse("hazards:act", args=[row.pk, "review"])).status_code == 403
    assert does(people["manager"], "review", row.pk) is NotPermitted
    assert does(people["colleague"], "review", row.pk) == "done"


def test_nobody_creates_what_they_could_not_read():
    people = stages.cast()
    at = timezone.now()
    with pytest.raises(NotPermitted):
        operations.draft(
            by=people["stranger"], at=at, enterprise=people["firm"], found_on=timezone.localdate(at), description="外乡"
        )
    with pytest.raises(NotPermitted):
        row = {
            "enterprise": people["firm"],
            "description": "外乡",
            "found_on": timezone.localdate(at),
            "state": "registered",
        }
        operations.adopt([row | {"import_key": "1"}], by=people["stranger"], at=at, source="x.xlsx")
    assert not Hazard.objects.exists()


@pytest.mark.parametrize("stage", stages.STAGES)
def test_whom_an_act_waits_for_may_do_it_and_finds_it_on_the_desk(stage, client):
    """A row that waits for two acts of one person stands there once, with the one nearest to the end of a life."""
    people = stages.cast()
    row = stages.hazard(people, stage)
    for name, person in people.items():
        waits = [act for act in acts.acts_of(Hazard) if name != "firm" and waits_for(act, person, row)]
        for act in waits:
            assert act.refusal(person, row) is None, (name, act.name)
        if waits:
            client.force_login(person)
            groups = client.get(reverse("hazards:desk")).context["todos"]["groups"]
            offered = [todo["act_url"] for group in groups for todo in group["todos"]]
            assert reverse("hazards:act", args=[row.pk, waits[-1].name]) in offered, (name, waits[-1].name)


def waits_for(act, person, row):
    waiting = act.waits_for(person) if act.waits_for else None
    seen = Hazard.objects.visible_to(person, guests=all(move.guests for move in act.moves))
    return waiting is not None and seen.filter(waiting, pk=row.pk).exists()
