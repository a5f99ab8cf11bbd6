"""Laws of a hazard's life: the law page is the one in the docs, and no order of acts by anybody breaks a hazard."""

import re
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import Phase, settings, strategies
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from hazards import operations
from hazards.lifecycle import LAW, State
from hazards.models import Hazard
from journal import acts
from journal.audit import breaks
from journal.refusal import Refused
from tests import stages
from tests.laws.life import MODEL, OTHERWISE, PEOPLE, STEPS, TWINS, act_of, again, state_of

ROOT = Path(__file__).resolve().parents[2]
CHINESE = re.compile(r"[\u4e00-\u9fff]")
FINAL = {State.VOIDED, State.DISCARDED}


def test_only_final_states_have_no_way_out():
    assert LAW.final_states() == FINAL


def test_diagram_in_the_docs_is_the_one_in_the_code():
    text = (ROOT / "docs" / "ARCHITECTURE.md").read_text(encoding="utf-8")
    written = re.search(r"<!-- lifecycle -->\s*```mermaid\n(.*?)\n```\s*<!-- /lifecycle -->", text, re.DOTALL)
    assert written, "the diagram is missing; run: make docs"
    assert written[1] == LAW.diagram()


def test_diagram_shows_births_loops_and_ends():
    lines = {line.strip() for line in LAW.diagram().splitlines()}
    assert {
        "[*] --> draft : 存草稿",
        "[*] --> closed : 台账导入",
        "rectifying --> rectifying : 期限按公布的放假安排重算",
        "discarded --> [*]",
    } <= lines


def test_the_walk_takes_every_outcome_of_every_act_with_a_form():
    """What `tests.stages` tells an act leads to one of its moves; each further one needs a line in OTHERWISE."""
    assert Counter(map(act_of, STEPS)) == {name: len(LAW.moves_of(name)) for name in stages.with_a_page()}


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
            requirement="清理通道",
        )
        self.pk, self.state, self.filer, self.events = hazard.pk, "draft", None, 1
        self.is_major, self.chasers = False, set()
        self.issuer = self.asker = None  # of the order, and of the request for more time that waits
        self.instructed = 0  # instructions to the township that nobody has answered
        self.is_extended, self.doubter = False, None
        self.competent = "department"  # which of TWINS answers for it
        self.was_answered = False  # by feedback, or closed and reopened
        self.offer = None  # (who offered it, the unit it was offered to) while that waits
        self.is_referred = False  # and the answer is not recorded
        self.guests = set()  # of TWINS, who reads it though it is not theirs
        self.plan, self.planner = "", None  # how far the plan of a major one is, and who filed the version that waits
        self.zeros = False  # whether the feedback that stands says both
        self.report, self.unsigned = "", set()  # whether the report is owed or made, and who has not signed

    @property
    def stage(self):
        """The stage of the tables that is like it."""
        if not self.is_major or self.state not in ("registered", "rectifying", "pending_review"):
            return self.state
        return "+".join(filter(None, (self.state, self.plan if self.state == "rectifying" else "", "major")))

    def means_nothing(self, step):
        """A level, or a deadline, that the row has already is not changed to it."""
        if step in ("reset_review", "reset_acceptance"):
            return Hazard.objects.get(pk=self.pk).deadline == again()
        return step == ("upgrade" if self.is_major else "downgrade")

    def teardown(self):
        transaction.set_rollback(True)
        self.undone.__exit__(None, None, None)

    @rule(
        who=strategies.sampled_from(PEOPLE), step=strategies.sampled_from(STEPS), by_page=strategies.booleans(),
        with_photo=strategies.booleans(), stale=strategies.integers(0, 5).map(lambda n: n == 0),
    )  # fmt: skip
    def attempt(self, who, step, by_page, with_photo, stale):
        if self.means_nothing(step):
            return
        people, target = self.may(step), MODEL.get((self.stage, step), (set(), None))[1]
        needs_photo = stages.TOLD[act_of(step)][1]
        expected = who in people - self.barred_from(step) and not stale and (with_photo or not needs_photo)
        photos = [stages.waiting_photo(self.people[who])] if needs_photo and with_photo else []
        door, row = self.post if by_page else self.call, Hazard.objects.get(pk=self.pk)
        before = row.offered_unit_id
        assert door(who, step, photos, self.events - stale) is expected
        if expected:
            self.remember(who, step)
            self.remember_transfer(who, step, before, target)
            self.state, self.events = target, self.events + 1
            self.is_major = {"upgrade": True, "downgrade": False}.get(step, self.is_major)
            self.chasers |= {self.people[who].unit_id} if step == "chase" else set()
            self.instructed += {"instruct": 1, "answer_instruction": -1}.get(step, 0)

    def remember(self, who, step):
        if step in ("file_plan", "revise_plan"):
            self.planner, self.plan = who, "refiled" if self.plan in ("approved", "refiled") else "filed"
        elif act_of(step) == "decide_plan":
            is_kept = step == "decide_plan" or self.plan == "refiled"
            self.planner, self.plan = None, "approved" if is_kept else ""
        elif step == "downgrade":
            self.planner, self.plan, self.report = None, "", "" if self.report == "owed" else self.report
        elif step == "upgrade":
            self.report = self.report or "owed"
        elif step == "report_major":
            self.report, self.unsigned = "made", {self.competent, "other_department", "office"} - {who}
        elif step == "acknowledge_report":
            self.unsigned -= {who}
        self.was_answered |= step in ("submit_feedback", "reopen")
        if step == "submit_feedback":
            self.filer, self.asker, self.zeros = who, None, self.is_major
            self.planner, self.plan = None, "approved" if self.plan == "refiled" else self.plan
        elif step in ("issue", "reopen"):
            self.issuer, self.is_extended = who, False
            self.plan = ""
        elif step == "request_extension":
            self.asker = who
        elif step in ("refer", "answer_referral"):
            self.is_referred = step == "refer"
        elif step == "request_void":
            self.doubter = who
        elif act_of(step) == "decide_void":
            self.doubter = None
        elif act_of(step) == "decide_extension":
            self.asker, self.is_extended = None, self.is_extended or step == "decide_extension"

    def remember_transfer(self, who, step, receiver, target):
        """``receiver``: the unit to which it was offered before the step."""
        row = Hazard.objects.get(pk=self.pk)
        if step == "offer_transfer":
            self.offer = (who, row.offered_unit_id)
        elif act_of(step) in ("answer_transfer", "assign_transfer") or target in ("closed", "voided"):
            self.offer = None
        if step == "answer_transfer":
            self.guests, self.competent = self.guests - {who} | {self.competent}, who

    def may(self, step):
        """Who may make it, by the table and by who of TWINS has the row, or is asked to take it."""
        people = MODEL.get((self.stage, step), (set(), None))[0]
        if act_of(step) == "answer_transfer":
            return {name for name in TWINS if self.offer and self.people[name].unit_id == self.offer[1]} & self.open_to(
                step
            )
        if step == "offer_transfer" and self.offer:
            unit = self.people[self.offer[0]].unit_id
            people = {name for name in people if self.people[self.twin(name)].unit_id == unit}
        if step == "assign_transfer":
            people = {"office"} if self.offer else set()
        people = {self.twin(name) for name in people - {"receiver"}}
        if step == "acknowledge_report" and people:
            people |= self.guests  # the report was sent to them when it was theirs
        if step == "comment" and people:
            asked = {name for name in TWINS if self.offer and self.people[name].unit_id == self.offer[1]}
            people |= self.guests | asked
        return people

    def open_to(self, step):
        """TWINS in states in which the step exists."""
        return set(TWINS) if state_of(self.stage) in LAW.moves["accept_transfer"].sources else set()

    def twin(self, name):
        """Who stands where ``name`` does in the table."""
        return self.competent if name == "department" else name

    def barred_from(self, step):
        """Who filed the feedback does not review it; a unit chases once a day; who asked for time does not give it. Every request of
        the walk is for the same day, so that of one order only the first can be granted. Nobody answers an instruction where none
        is open, or one of several without naming it."""
        if self.is_referred and step in ("review", "accept", "close_on_spot", "decide_void", "refer"):
            return set(PEOPLE)
        if step == "split" and (
            self.is_referred or self.offer or self.instructed or self.doubter or self.asker or self.was_answered
        ):
            return set(PEOPLE)
        if step == "answer_referral" and not self.is_referred:
            return set(PEOPLE)
        if act_of(step) == "decide_extension":
            deciders = {"office"} if self.is_major else {self.issuer, "office"}
            return set(PEOPLE) - (deciders - {self.asker} if self.asker else set())
        if act_of(step) == "decide_plan":
            return {self.planner}
        if step == "accept" and (self.report == "owed" or not self.zeros):
            return set(PEOPLE)
        if step == "report_major":
            return set() if self.report == "owed" else set(PEOPLE)
        if step == "acknowledge_report":
            return set(PEOPLE) - self.unsigned
        if act_of(step) == "decide_void":
            return {self.doubter} if self.doubter else set(PEOPLE)
        if step == "request_void":
            return set(PEOPLE) if self.doubter else set()
        if step == "request_extension":
            return set(PEOPLE) if self.asker or self.is_extended else set()
        if step == "chase":
            return {name for name in PEOPLE if self.people[name].unit_id in self.chasers}
        if step == "answer_instruction" and self.instructed != 1:
            return set(PEOPLE)
        return {self.filer} if act_of(step) in ("review", "accept") else set()

    def possible(self):
        """``{step: people}`` that succeed now."""
        found = {
            step: self.may(step) - self.barred_from(step)
            for stage, step in MODEL
            if stage == self.stage and not self.means_nothing(step)
        }
        return {step: sorted(people) for step, people in found.items() if people}

    @precondition(lambda self: self.possible())
    @rule(data=strategies.data(), by_page=strategies.booleans())
    def proceed(self, data, by_page):
        """A step that must succeed: chance alone seldom gets as far as a review."""
        possible = self.possible()
        step = data.draw(strategies.sampled_from(sorted(possible)))
        who = data.draw(strategies.sampled_from(possible[step]))
        self.attempt(who=who, step=step, by_page=by_page, with_photo=True, stale=False)

    def call(self, who, step, photos, version):
        given, _, _ = OTHERWISE.get(step) or (stages.now(stages.TOLD[step][0], self.people[who]), None, None)
        given = stages.now(given, self.people[who]) | {"version": version}
        given |= {"photos": photos} if stages.TOLD[act_of(step)][1] else {}
        try:
            acts.named(Hazard, act_of(step)).do(
                Hazard.objects.get(pk=self.pk), given, by=self.people[who], at=timezone.now()
            )
        except Refused as refusal:
            assert CHINESE.search(str(refusal))
            return False
        return True

    def post(self, who, step, photos, version):
        client = Client()
        client.force_login(self.people[who])
        _, said, _ = OTHERWISE.get(step) or (None, stages.POSTED[step], None)
        data = stages.now(said, self.people[who]) | {"version": version, "photos_id": [photo.pk for photo in photos]}
        response = client.post(reverse("hazards:act", args=[self.pk, act_of(step)]), data)
        assert response.status_code in (302, 400, 403, 404, 409)
        return response.status_code == 302

    @invariant()
    def row_and_chain_agree_with_the_model(self):
        hazard = Hazard.objects.get(pk=self.pk)
        assert hazard.state == self.state
        assert hazard.version == hazard.events.count() == self.events
        assert list(breaks([Hazard])) == []


@pytest.mark.django_db
def test_no_order_of_acts_by_anybody_breaks_a_hazard():
    Walk.people = stages.cast()
    run_state_machine_as_test(
        Walk,
        settings=settings(
            max_examples=16,
            stateful_step_count=12,
            database=None,
            derandomize=True,
            phases=[Phase.generate],
        ),
    )


@pytest.mark.django_db
def test_a_life_with_a_day_between_its_acts_is_dated_by_each_of_them():
    """Not a whole life at one noon: every date on the row is the day of the act that says it."""
    people, first = stages.cast(), timezone.now() - timedelta(days=9)
    days = [timezone.localdate(first + timedelta(days=n)) for n in range(9)]
    by, at = people.__getitem__, [first + timedelta(days=n) for n in range(9)]
    row = operations.draft(
        by=by("author"), at=at[1], enterprise=by("firm"), found_on=days[0], description="通道堆放货物"
    )
    operations.register(row, by=by("author"), at=at[2])
    operations.issue(row, by=by("manager"), at=at[3], days=2, requirement="清理通道")
    for day in (4, 6):
        photos = [stages.waiting_photo(by("enterprise"))]
        operations.submit_feedback(row, by=by("enterprise"), at=at[day], content="已清理", photos=photos)
        passed = day == 6
        operations.review(
            row, by=by("manager"), at=at[day + 1], passed=passed, opinion="看过", deadline=None if passed else days[8]
        )
    row = Hazard.objects.get()
    assert (row.found_on, timezone.localdate(row.registered_at), row.issued_on) == (days[0], days[2], days[3])
    assert (row.original_deadline, row.deadline) == (days[5], days[8])
    assert (row.feedback_on, row.rectified_on, row.reviewed_on, row.closed_on) == (days[6], days[6], days[7], days[7])
    assert [feedback.deadline for feedback in row.feedbacks.all()] == [days[5], days[8]]
    assert Hazard.objects.on_time().get() == row and list(breaks([Hazard])) == []
