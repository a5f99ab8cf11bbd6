"""What becomes of one hazard: a plan drawn by chance, walked up to now through the events the verbs would write."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from decimal import Decimal

from demo.people import made_up_uid
from evidence.operations import sealed
from hazards import deadlines
from hazards.lifecycle import State
from hazards.models import Feedback, Hazard, Review
from journal.chronicle import Life
from journal.gate import day_of

NEVER = 10_000  # days: later than any demonstration
PASSED = ("现场核查，整改到位，符合要求", "已按要求整改，资料齐全，同意销号", "复查合格")
FAILED = ("整改不彻底，个别点位仍有遗漏，继续整改", "只做了临时处理，未从根上解决", "现场与反馈照片不符，退回重做")


@dataclass(frozen=True)
class Plan:
    """All in days. ``rounds``: (days from the order or the failed review to the feedback, from there to its review)."""

    on_spot: bool = False
    issue_after: int = 0
    allowed: int = 7
    rounds: tuple[tuple[int, int], ...] = ((5, 2),)
    extra_after_failure: int = 0


def draw_plan(level, quality, age, rng):
    """A plan for a hazard found ``age`` days ago where ``quality`` (0 to 1) says how diligent the place is."""
    major = level == Hazard.Level.MAJOR
    if not major and rng.random() < 0.18:
        return Plan(on_spot=True)
    allowed = rng.choice((15, 30, 30, 60) if major else (3, 5, 7, 7, 10, 15))
    if rng.random() < 0.70 + 0.26 * quality:
        taken = max(1, round(allowed * rng.uniform(0.3, 1)))
    else:
        taken = allowed + 1 + int(rng.expovariate(1 / 6))
    if age < 120 and rng.random() < 0.22 * (1 - quality):
        taken = NEVER
    rounds = ((taken, 1 + int(rng.expovariate(1 / 3))),)
    if rng.random() < 0.09:
        rounds += ((rng.randrange(2, 9), rng.randrange(1, 6)),)
    plan = Plan(issue_after=rng.choice((0, 0, 0, 1, 1, 2)), allowed=allowed, rounds=rounds)
    return replace(plan, extra_after_failure=7) if rng.random() < 0.5 else plan


@dataclass
class PicturedLife(Life):
    """A hazard, unsaved, with everything that happens to it. ``camera(by=, at=, fixed=)`` takes a Photo; None: nobody has one.

    ``pictures``: ``[(Photo, stage, part, by), …]`` to be attached once the hazard is written; its events cover them already.
    """

    camera: Callable | None = None
    pictures: list = field(default_factory=list)

    def shoot(self, *, by, at, fixed, part=None):
        """What the event will cover."""
        if self.camera is None:
            return ()
        photo, stage = self.camera(by=by, at=at, fixed=fixed), "after" if fixed else "before"
        self.pictures.append((photo, stage, part, by))
        return sealed([photo], stage, part)


class Walker:
    """Carries hazards along their plans until ``now``; what would come later does not happen."""

    def __init__(self, now, calendar, rng):
        self.now, self.calendar, self.rng = now, calendar, rng

    def office_hour(self, day, after):
        """A moment in office hours of the first working day from ``day``, later than ``after``."""
        day = self.calendar.first_working_day(day)
        moment = datetime.combine(day, time(8, 30), self.now.tzinfo) + timedelta(minutes=self.rng.randrange(540))
        return max(moment, after + timedelta(minutes=self.rng.randrange(5, 50)))

    def walk(self, hazard, plan, *, manager, filer, reviewer, measure, camera=None):
        """Live ``hazard`` (unsaved, numbered, ``registered_at`` set) along ``plan``; returns its life."""
        life, author, at = PicturedLife(hazard, camera=camera), hazard.registered_by, hazard.registered_at
        number, hazard.number, hazard.registered_at = hazard.number, None, None
        life.happen("draft", by=author, at=at, evidence=life.shoot(by=author, at=at, fixed=False))
        changes = {"编号": number, "等级": hazard.get_level_display()}
        life.happen("register", by=author, at=at, changes=changes, number=number, registered_at=at)
        if plan.on_spot:
            self._close_on_spot(life, author, at)
        elif (at := self.office_hour(day_of(at) + timedelta(days=plan.issue_after), at)) <= self.now:
            self._issue(life, plan, manager, at)
            self._rounds(life, plan, at, filer=filer, reviewer=reviewer, measure=measure)
        if hazard.state == State.RECTIFYING:
            hazard.next_reminder_on = deadlines.first_reminder_on(hazard.level, hazard.deadline, today=day_of(self.now))
        return life

    def _close_on_spot(self, life, author, at):
        day = day_of(at)
        life.happen(
            "close_on_spot",
            by=author,
            at=at,
            note="当场整改完成",
            evidence=life.shoot(by=author, at=at, fixed=True),
            fixed_on_spot=True,
            rectified_on=day,
            reviewed_on=day,
            reviewer_name=str(author),
            review_result="当场整改完成",
            closed_on=day,
        )

    def _issue(self, life, plan, manager, at):
        day = day_of(at)
        due = deadlines.after_days(day, plan.allowed)
        life.happen(
            "issue",
            by=manager,
            at=at,
            note=life.record.requirement,
            changes={"整改期限": due},
            issued_on=day,
            deadline=due,
            original_deadline=due,
        )

    def _rounds(self, life, plan, at, *, filer, reviewer, measure):
        for number, (taken, waited) in enumerate(plan.rounds, start=1):
            if taken >= NEVER:
                return
            at = self.office_hour(day_of(at) + timedelta(days=taken), at)
            if at > self.now:
                return
            feedback = self._feedback(life, number, filer, at, measure)
            at = self.office_hour(day_of(at) + timedelta(days=waited), at)
            if at > self.now:
                return
            self._review(life, plan, feedback, reviewer, at, passed=number == len(plan.rounds))

    def _feedback(self, life, number, filer, at, measure):
        spent = Decimal(self.rng.randrange(1, 60)) / 10
        content = f"已整改：{measure}" if number == 1 else f"再次整改：{measure}；并对同类问题作了全面排查"
        feedback = Feedback(
            uid=made_up_uid(self.rng),
            hazard=life.record,
            round=number,
            content=content,
            spent=spent,
            deadline=life.record.deadline,
            by=filer,
            at=at,
        )
        life.happen(
            "submit_feedback",
            by=filer,
            at=at,
            note=content,
            changes={"投入资金（万元）": spent, "反馈轮次": number},
            evidence=life.shoot(by=filer, at=at, fixed=True, part=feedback.uid),
            beside=[feedback],
            feedback_on=day_of(at),
            feedback_by=filer,
            rounds=number,
        )
        return feedback

    def _review(self, life, plan, feedback, reviewer, at, *, passed):
        hazard, day, opinion = life.record, day_of(at), self.rng.choice(PASSED if passed else FAILED)
        review = Review(
            uid=made_up_uid(self.rng), feedback=feedback, passed=passed, opinion=opinion, by=reviewer, at=at
        )
        if passed:
            life.happen(
                "pass_review",
                by=reviewer,
                at=at,
                note=opinion,
                beside=[review],
                rectified_on=hazard.feedback_on,
                reviewed_on=day,
                reviewer_name=str(reviewer),
                review_result=opinion,
                closed_on=day,
            )
            return
        due = deadlines.after_days(day, plan.extra_after_failure) if plan.extra_after_failure else hazard.deadline
        changes = {"新的整改期限": due if plan.extra_after_failure else None}
        life.happen(
            "fail_review",
            by=reviewer,
            at=at,
            note=opinion,
            changes=changes,
            beside=[review],
            deadline=due,
            feedback_on=None,
            feedback_by=None,
        )
