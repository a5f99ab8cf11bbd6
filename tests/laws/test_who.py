"""Who may do what to a hazard in which state, written down a second time and independently of the law page: enumerated, at
every door, and nobody on a row they do not see."""

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from hazards import operations
from hazards.models import Hazard
from journal import acts
from journal.refusal import NotPermitted, Refused
from tests import stages

pytestmark = pytest.mark.django_db
NOBODY = set()
MANAGERS = {"manager", "office", "department", "other_department"}
OFFICERS = MANAGERS | {"author", "colleague"}
SEE = OFFICERS | {"leader", "enterprise"}
TABLE = {
    # stage              register    issue     close_on_spot          submit_feedback                          review               discard
    "draft":            ({"author"}, NOBODY,   NOBODY,                NOBODY,                                  NOBODY,              {"author"}),
    "registered":       (NOBODY,     MANAGERS, MANAGERS | {"author"}, NOBODY,                                  NOBODY,              NOBODY),
    "registered+major": (NOBODY,     MANAGERS, NOBODY,                NOBODY,                                  NOBODY,              NOBODY),
    "rectifying":       (NOBODY,     NOBODY,   NOBODY,                {"enterprise", "manager", "department"}, NOBODY,              NOBODY),
    "pending_review":   (NOBODY,     NOBODY,   NOBODY,                NOBODY,                                  OFFICERS,            NOBODY),
    "closed":           (NOBODY,     NOBODY,   NOBODY,                NOBODY,                                  NOBODY,              NOBODY),
    "discarded":        (NOBODY,     NOBODY,   NOBODY,                NOBODY,                                  NOBODY,              NOBODY),
}  # fmt: skip
ACTS = ("register", "issue", "close_on_spot", "submit_feedback", "review", "discard")


def test_the_table_knows_every_act_and_every_state():
    assert {act.name for act in acts.acts_of(Hazard) if act.form} == set(ACTS) == set(stages.TOLD) == set(stages.POSTED)
    assert {stage.partition("+")[0] for stage in TABLE} == set(Hazard.lifecycle.states.values)


def does(user, name, pk):
    """What the verb says: "done", or the class of the refusal; whatever it did is undone."""
    act, (given, photos) = acts.named(Hazard, name), stages.TOLD[name]
    with transaction.atomic():
        given = given | ({"photos": [stages.waiting_photo(user)]} if photos else {})
        try:
            act.do(Hazard.objects.get(pk=pk), given, by=user, at=timezone.now())
        except Refused as refusal:
            return type(refusal)
        finally:
            transaction.set_rollback(True)
    return "done"


@pytest.mark.parametrize("stage", TABLE)
def test_verb_page_and_endpoint_allow_exactly_what_the_table_says(stage, client):
    people = stages.cast()
    row = stages.hazard(people, stage)
    everybody = {name: person for name, person in people.items() if name != "firm"}
    sees = {name for name, person in everybody.items() if Hazard.objects.visible_to(person).filter(pk=row.pk).exists()}
    assert sees == ({"author"} if stage in ("draft", "discarded") else SEE)
    for name, person in everybody.items():
        client.force_login(person)
        api = APIClient()
        api.force_authenticate(person)
        expected = {act for act, allowed in zip(ACTS, TABLE[stage], strict=True) if name in allowed}
        assert {act for act in ACTS if does(person, act, row.pk) == "done"} == expected, name
        shown = {act: client.get(reverse("hazards:act", args=[row.pk, act])).status_code for act in ACTS}
        assert {act for act, status in shown.items() if status == 200} == expected, name
        posted = {act: post(api, row, act) for act in ACTS}
        if name not in sees:
            assert set(shown.values()) == set(posted.values()) == {404}, name
        else:
            assert {act for act, status in posted.items() if status in (403, 409)} == set(ACTS) - expected, name


def post(api, row, act):
    """The status of a complete request but for photos, which nobody has: never done, refused where the person may not."""
    address = reverse(f"api-hazard-{act.replace('_', '-')}", args=[row.pk])
    given, photos = stages.TOLD[act]
    with transaction.atomic():
        status = api.post(
            address, given | ({"photos": [stages.waiting_photo(api.handler._force_user).pk]} if photos else {})
        ).status_code
        transaction.set_rollback(True)
    return status


@pytest.mark.parametrize("stage", TABLE)
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
        for act in ACTS:
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


@pytest.mark.parametrize("stage", TABLE)
def test_whom_an_act_waits_for_may_do_it_and_finds_it_on_the_desk(stage, client):
    people = stages.cast()
    row = stages.hazard(people, stage)
    for name, person in people.items():
        if name == "firm":
            continue
        for act in acts.acts_of(Hazard):
            waiting = act.waits_for(person) if act.waits_for else None
            if waiting is not None and Hazard.objects.visible_to(person).filter(waiting, pk=row.pk).exists():
                assert act.refusal(person, row) is None, (name, act.name)
                client.force_login(person)
                todos = client.get(reverse("hazards:desk")).context["todos"]
                assert reverse("hazards:act", args=[row.pk, act.name]) in [todo["act_url"] for todo in todos], (
                    name,
                    act.name,
                )
