"""Laws of the lifecycle: the table is whole, everything it names exists, and no order of acts breaks a hazard."""

import re
from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hazards.audit import verify_chains
from hazards.notices import NOTICES
from hypothesis import HealthCheck, Phase, settings, strategies
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from evidence.models import Photo
from hazards import operations
from hazards.api.viewsets import ACT_SERIALIZERS, HazardViewSet
from hazards.lifecycle import ACT_WORDS, ACTS, FINAL_STATES, MOVES, State, diagram
from hazards.models import Hazard, HazardEvent
from hazards.views.actions import ACT_PAGES
from tests.factories import EnterpriseFactory, UnitFactory, UserFactory

ROOT = Path(__file__).resolve().parents[2]
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def test_every_state_is_reachable_from_a_draft():
    reached = {State.DRAFT}
    while new := {move.target for move in MOVES.values() if move.source in reached} - reached:
        reached |= new
    assert reached == set(State)


def test_only_final_states_have_no_way_out():
    assert set(State) - {move.source for move in MOVES.values()} == set(FINAL_STATES)


@pytest.mark.parametrize("move", MOVES.values(), ids=lambda move: move.name)
def test_move_is_known_at_every_door(move):
    assert callable(getattr(operations, move.act))
    assert move.act in operations.__all__
    assert ACT_PAGES[move.act].operation is getattr(operations, move.act)
    assert callable(getattr(HazardViewSet, move.act))
    assert move.act in ACT_SERIALIZERS
    assert move.name in HazardEvent.Kind.values
    for words in (move.label, move.why_not, ACT_WORDS[move.act]):
        assert CHINESE.search(words)


def test_doors_know_no_act_beyond_the_table():
    assert set(ACT_PAGES) == set(ACT_SERIALIZERS) == set(ACT_WORDS) == set(ACTS)


def test_every_kind_of_event_has_its_notice():
    assert set(NOTICES) == set(HazardEvent.Kind)


def test_diagram_in_the_docs_is_the_one_in_the_code():
    text = (ROOT / "docs" / "ARCHITECTURE.md").read_text(encoding="utf-8")
    written = re.search(r"<!-- lifecycle -->\s*```mermaid\n(.*?)\n```\s*<!-- /lifecycle -->", text, re.DOTALL)
    assert written, "the diagram is missing; run: make docs"
    assert written[1] == diagram()


# What may follow from what, written down a second time and independently of hazards.lifecycle: the walk below compares the two.
MANAGERS = {"manager", "office", "department", "other_department"}
OFFICERS = MANAGERS | {"author", "colleague"}
MODEL = {
    ("draft", "register"): ({"author"}, "registered"),
    ("draft", "discard"): ({"author"}, "voided"),
    ("registered", "issue"): (MANAGERS, "rectifying"),
    ("registered", "close_on_spot"): (MANAGERS | {"author"}, "closed"),
    ("rectifying", "submit_feedback"): ({"enterprise", "manager", "department"}, "pending_review"),
    ("pending_review", "pass"): (OFFICERS, "closed"),
    ("pending_review", "fail"): (OFFICERS, "rectifying"),
}
PEOPLE = sorted(OFFICERS | {"enterprise", "leader"})
STEPS = ["register", "discard", "issue", "close_on_spot", "submit_feedback", "pass", "fail"]
# What is posted to the page, and given to the verb, besides version and photos.
GIVEN = {
    "register": ({}, {}),
    "discard": ({"reason": "重复登记"}, {"reason": "重复登记"}),
    "issue": ({"due": "working", "working_days": "5"}, {"working_days": 5}),
    "close_on_spot": ({"note": "已清理"}, {"note": "已清理"}),
    "submit_feedback": ({"content": "已整改", "spent": "1.5"}, {"content": "已整改"}),
    "pass": ({"passed": "pass", "opinion": "合格"}, {"passed": True, "opinion": "合格"}),
    "fail": ({"passed": "fail", "opinion": "未隔开"}, {"passed": False, "opinion": "未隔开"}),
}


class Walk(RuleBasedStateMachine):
    """Anyone tries anything on one hazard, through the verb or through the page, in any order."""

    people = None  # the cast is the same in every walk; the test puts it here

    def __init__(self):
        super().__init__()
        self.undone = transaction.atomic()
        self.undone.__enter__()
        at = timezone.now()
        hazard = operations.draft(
            by=self.people["author"],
            at=at,
            enterprise=self.people["firm"],
            found_on=timezone.localdate(at),
            description="通道堆放货物",
        )
        self.pk, self.state, self.filer, self.events = hazard.pk, "draft", None, 1

    def teardown(self):
        transaction.set_rollback(True)
        self.undone.__exit__(None, None, None)

    @rule(
        who=strategies.sampled_from(PEOPLE), step=strategies.sampled_from(STEPS), by_page=strategies.booleans(),
        with_photo=strategies.booleans(), stale=strategies.integers(0, 5).map(lambda n: n == 0),
    )  # fmt: skip
    def attempt(self, who, step, by_page, with_photo, stale):
        people, target = MODEL.get((self.state, step), (set(), None))
        needs_photo = step in ("close_on_spot", "submit_feedback")
        expected = who in people and who != self.filer and not stale and (with_photo or not needs_photo)
        photos = [waiting_photo(self.people[who])] if needs_photo and with_photo else []
        door = self.post if by_page else self.call
        assert door(who, step, photos, self.events - stale) is expected
        if expected:
            self.filer = who if step == "submit_feedback" else None
            self.state, self.events = target, self.events + 1

    @precondition(lambda self: self.state not in FINAL_STATES)
    @rule(data=strategies.data(), by_page=strategies.booleans())
    def proceed(self, data, by_page):
        """A step that must succeed: chance alone seldom gets as far as a review."""
        step = data.draw(strategies.sampled_from(sorted(step for state, step in MODEL if state == self.state)))
        who = data.draw(strategies.sampled_from(sorted(MODEL[self.state, step][0] - {self.filer})))
        self.attempt(who=who, step=step, by_page=by_page, with_photo=True, stale=False)

    def call(self, who, step, photos, version):
        hazard = Hazard.objects.get(pk=self.pk)
        act = "review" if step in ("pass", "fail") else step
        given = GIVEN[step][1] | ({"photos": photos} if step in ("close_on_spot", "submit_feedback") else {})
        try:
            getattr(operations, act)(hazard, by=self.people[who], at=timezone.now(), version=version, **given)
        except operations.Refused as refusal:
            assert CHINESE.search(str(refusal))
            return False
        return True

    def post(self, who, step, photos, version):
        act = "review" if step in ("pass", "fail") else step
        client = Client()
        client.force_login(self.people[who])
        data = GIVEN[step][0] | {"version": version, "photos_id": [photo.pk for photo in photos]}
        response = client.post(reverse("hazards:act", args=[self.pk, act]), data)
        assert response.status_code in (302, 400, 403, 404, 409)
        return response.status_code == 302

    @invariant()
    def row_and_chain_agree_with_the_model(self):
        hazard = Hazard.objects.get(pk=self.pk)
        assert hazard.state == self.state
        assert hazard.version == hazard.events.count() == self.events
        assert [problem for _, problem in verify_chains()] == [None]


def cast():
    township = UnitFactory(code="411402001")
    mine, other = UnitFactory(code="411402-YJ"), UnitFactory(code="411402-SW")
    firm = EnterpriseFactory(township=township)
    firm.sector.competent_function, firm.sector.supervising_function = "YJ", "SW"
    firm.sector.save()
    member = UserFactory(role="enterprise", unit=None)
    firm.members.add(member)
    return {
        "firm": firm,
        "enterprise": member,
        "author": UserFactory(role="inspector", unit=township),
        "colleague": UserFactory(role="inspector", unit=township),
        "manager": UserFactory(role="manager", unit=township),
        "department": UserFactory(role="manager", unit=mine),
        "other_department": UserFactory(role="manager", unit=other),
        "office": UserFactory(role="safety_office", unit=UnitFactory(code="4114-AWB")),
        "leader": UserFactory(role="leader", unit=UnitFactory(code="4114")),
    }


def waiting_photo(by):
    return Photo.objects.create(
        image="photos/a.jpg",
        thumbnail="photos/b.jpg",
        width=1,
        height=1,
        sha256="0" * 64,
        uploaded_by=by,
        uploaded_at=timezone.now(),
    )


@pytest.mark.django_db
def test_no_order_of_acts_by_anybody_breaks_a_hazard():
    Walk.people = cast()
    run_state_machine_as_test(
        Walk,
        settings=settings(
            max_examples=16,
            stateful_step_count=12,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
            derandomize=True,
            phases=[Phase.generate],
        ),
    )
