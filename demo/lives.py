"""What becomes of one hazard: a plan drawn by chance, walked up to now through the events the verbs would write."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from demo import majors
from demo.people import made_up_uid
from evidence.operations import sealed
from hazards import deadlines
from hazards.models import Feedback, Hazard, Review
from hazards.operations.owing import issue_due, plan_due
from hazards.operations.plans import next_progress
from hazards.operations.rectification import NOTHING_CLEARED
from journal.chronicle import Life
from journal.gate import day_of

NEVER = 10_000  # days: later than any demonstration
STALE, GIVEN_UP = 150, 120  # days: nothing older than these waits for its order, or is left lying after it
DRAFT, DISCARDED = "draft", "discarded"
PASSED = (
    "现场核查，整改到位，符合要求", "已按要求整改，资料齐全，同意销号", "复查合格，同意销号", "逐项核对整改前后照片并到现场查看，整改完成",
    "整改措施已落实，企业已组织员工培训，同意销号",
)  # fmt: skip
FAILED = (
    "整改不彻底，个别点位仍有遗漏，继续整改", "只做了临时处理，未从根上解决", "现场与反馈照片不符，退回重做", "缺培训和验收记录，补齐后再报",
)  # fmt: skip
SPOT_NOTE = "当场整改完成"
REASONS = ("与同事登记的重复", "企业名称选错，已重新登记", "现场核实不构成隐患")


@dataclass(frozen=True)
class Plan:
    """All in days. ``rounds``: (from the order or the failed review to the feedback, from there to its review).

    The deadline is ``due``, else ``allowed`` days after the order, counted in working days when ``working``. ``level`` None: drawn.
    Of a major one, whether it was ``reported``, how far its plan gets (``scheme``), and every how many days progress is told.
    ``fate``: DRAFT or DISCARDED for what never enters the ledger. ``by_the_dozen``: reviewed on Friday afternoon with all others.
    """

    level: str | None = None
    on_spot: bool = False
    issue_after: int = 0
    allowed: int = 7
    working: bool = False
    due: date | None = None
    rounds: tuple[tuple[int, int], ...] = ((5, 2),)
    extra_after_failure: int = 0
    fate: str = ""
    by_the_dozen: bool = False
    reported: bool = True
    scheme: str = majors.APPROVED
    progress: int = 20


def draw_plan(level, temper, age, rng):
    """A plan for a hazard of ``level`` found ``age`` days ago in a township of this `tempers.Temper`."""
    major = level == Hazard.Level.MAJOR
    if not major and rng.random() < temper.on_spot:
        return Plan(on_spot=True)
    unissued = rng.random() < temper.unissued
    if unissued and age < STALE:
        return Plan(issue_after=NEVER)
    plan = Plan(
        issue_after=25 if unissued else rng.choice(temper.issue_after),
        allowed=rng.choice((15, 30, 30, 60) if major else temper.allowed),
        working=not temper.copies and rng.random() < 0.4,
        extra_after_failure=rng.choice((0, 7)),
        by_the_dozen=temper.copies,
    )
    return replace(plan, rounds=_draw_rounds(plan, temper, age, rng))


def _draw_rounds(plan, temper, age, rng):
    late = rng.random() < temper.late
    if late and age < GIVEN_UP and rng.random() < 0.35:
        taken = NEVER
    elif late:
        taken = plan.allowed + 1 + int(rng.expovariate(1 / 6))
    elif temper.copies:
        taken = rng.randrange(2, 6)
    else:
        taken = max(1, round(plan.allowed * rng.uniform(0.3, 1)))
    rounds = ((taken, 1 + int(rng.expovariate(1 / temper.waits))),)
    if rng.random() < temper.fails:
        rounds += ((rng.randrange(2, 9), rng.randrange(1, 6)),)
        if rng.random() < 0.2:
            rounds += ((rng.randrange(2, 6), rng.randrange(1, 5)),)
    return rounds


@dataclass
class PicturedLife(Life):
    """A hazard, unsaved, with everything that happens to it. ``camera(by=, at=, fixed=)`` takes a Photo.

    ``pictures``: ``[(Photo, stage, part), …]`` to be attached once the hazard is written; its events cover them already.
    """

    camera: Callable | None = None
    pictures: list = field(default_factory=list)

    def shoot(self, *, by, at, fixed, part=None, stage=""):
        """What the event will cover."""
        photo, stage = self.camera(by=by, at=at, fixed=fixed), stage or ("after" if fixed else "before")
        self.pictures.append((photo, stage, part))
        return sealed([photo], stage, part)


@dataclass(frozen=True)
class Hands:
    """Who issues, who files the feedback and who reviews; of a major hazard the `majors.Seniors` besides."""

    manager: object
    filer: object
    reviewer: object
    seniors: majors.Seniors | None = None


class Walker:
    """Carries hazards along their plans until ``now``; what would come later does not happen."""

    def __init__(self, now, calendar, rng):
        self.now, self.calendar, self.rng = now, calendar, rng

    def office_hour(self, day, after):
        """A moment in office hours of the first working day from ``day``, later than ``after``."""
        day = self.calendar.first_working_day(day)
        moment = datetime.combine(day, time(8, 30), self.now.tzinfo) + timedelta(minutes=self.rng.randrange(540))
        return max(moment, after + timedelta(minutes=self.rng.randrange(5, 50)))

    def review_hour(self, plan, day, after):
        """The same; by the dozen all at half past four on the next Friday."""
        if not plan.by_the_dozen:
            return self.office_hour(day, after)
        friday = day + timedelta(days=(4 - day.weekday()) % 7)
        return max(datetime.combine(friday, time(16, 30), self.now.tzinfo), after + timedelta(minutes=5))

    def walk(self, hazard, plan, hands, *, camera, number="", pictured=True):
        """Live ``hazard`` (unsaved) along ``plan`` from ``hazard.registered_at`` and give it ``number`` when it enters the ledger."""
        life, author, at = PicturedLife(hazard, camera=camera), hazard.registered_by, hazard.registered_at
        hazard.registered_at = None
        before = life.shoot(by=author, at=at, fixed=False) if pictured else ()
        life.happen("draft", by=author, at=at, evidence=before)
        if plan.fate == DISCARDED:
            life.happen("discard", by=author, at=at + timedelta(minutes=25), note=self.rng.choice(REASONS))
        if plan.fate:
            return life
        changes = {"编号": number, "等级": hazard.get_level_display(), "建议期限": hazard.proposed_deadline}
        owed = {"issue_due_on": issue_due(hazard.level, day_of(at), self.calendar)}
        if hands.seniors:
            owed["report_owed_on"] = day_of(at)
        life.happen("register", by=author, at=at, changes=changes, number=number, registered_at=at, **owed)
        if hands.seniors and plan.reported:
            at = majors.report(life, hands.seniors, at, self)
        if plan.on_spot:
            self._close_on_spot(life, author, at)
        elif (at := self.office_hour(day_of(at) + timedelta(days=plan.issue_after), at)) < self.now:
            self._issue(life, plan, hands.manager, at)
            scheme = None
            if hands.seniors:
                at, scheme = majors.settle_plan(life, hands.filer, hands.seniors, at, fate=plan.scheme, walker=self)
            if scheme or not hands.seniors:
                self._rounds(life, plan, at, hands, scheme)
        return life

    def _close_on_spot(self, life, author, at):
        day = day_of(at)
        life.happen(
            "close_on_spot",
            by=author,
            at=at,
            note=SPOT_NOTE,
            evidence=life.shoot(by=author, at=at, fixed=True),
            fixed_on_spot=True,
            rectified_on=life.record.found_on,
            reviewed_on=day,
            reviewer_name=str(author),
            review_result=SPOT_NOTE,
            closed_on=day,
        )

    def _deadline(self, plan, day):
        """``(deadline, how it was counted)`` as `hazards.operations.issue` writes it."""
        counted = {"deadline_unpublished": False, "working_days": None, "counted_from": None}
        if plan.due:
            return plan.due, counted
        if not plan.working:
            return deadlines.after_days(day, plan.allowed), counted
        result = self.calendar.add_working_days(day, plan.allowed)
        return result.date, {
            "deadline_unpublished": not result.published,
            "working_days": plan.allowed,
            "counted_from": day,
        }

    def _issue(self, life, plan, manager, at):
        day = day_of(at)
        due, counted = self._deadline(plan, day)
        life.happen(
            "issue",
            by=manager,
            at=at,
            note=life.record.requirement,
            changes={
                "整改期限": due,
                "计算方式": counted["working_days"] and f"{plan.allowed} 个工作日",
                "放假安排": "未公布，暂按周一至周五计算，公布后自动重算" if counted["deadline_unpublished"] else "",
            },
            issued_on=day,
            issued_by_unit=manager.unit,
            deadline=due,
            original_deadline=due,
            requirement=life.record.requirement,
            plan_due_on=plan_due(day) if life.record.level == Hazard.Level.MAJOR else None,
            **counted,
        )

    def _rounds(self, life, plan, at, hands, scheme):
        since = life.record.issued_on
        for number, (taken, waited) in enumerate(plan.rounds, start=1):
            then = self.now
            if taken < NEVER:
                then = self.office_hour(since + timedelta(days=taken), at)
            if scheme:
                at = majors.advance(life, hands.filer, scheme, at, then, every=plan.progress, walker=self)
                then = max(then, at + timedelta(minutes=5)) if then < self.now else then
            if then >= self.now:
                return
            at = then
            feedback = self._feedback(life, number, hands.filer, at)
            if waited >= NEVER:
                return
            at = self.review_hour(plan, day_of(at) + timedelta(days=waited), at)
            if at >= self.now:
                return
            self._review(life, plan, feedback, hands, at, passed=number == len(plan.rounds))
            since = day_of(at)

    def _feedback(self, life, number, filer, at):
        hazard, spent = life.record, Decimal(self.rng.randrange(1, 60)) / 10
        measure = hazard.requirement
        zeros = majors.zeros(self.rng) if hazard.level == Hazard.Level.MAJOR else {}
        content = f"已整改：{measure}" if number == 1 else f"再次整改：{measure}；并对同类问题作了全面排查"
        feedback = Feedback(
            uid=made_up_uid(self.rng),
            hazard=hazard,
            round=number,
            content=content,
            spent=spent,
            deadline=hazard.deadline,
            by=filer,
            at=at,
            **zeros,
        )
        life.happen(
            "submit_feedback",
            by=filer,
            at=at,
            note=content,
            changes={
                "投入资金（万元）": spent,
                "照片": "1 张",
                "反馈轮次": number,
                "故障归零": zeros.get("fault_cleared"),
                "管理归零": zeros.get("gap_closed"),
            },
            evidence=life.shoot(by=filer, at=at, fixed=True, part=feedback.uid),
            beside=[feedback],
            feedback_on=day_of(at),
            feedback_by=filer,
            rounds=number,
            **(zeros | {"progress_due_on": None} if zeros else {}),
        )
        return feedback

    def _review(self, life, plan, feedback, hands, at, *, passed):
        hazard, day, opinion = life.record, day_of(at), self.rng.choice(PASSED if passed else FAILED)
        due, counted, outcome = hazard.deadline, {}, "pass" if passed else "fail"
        if not passed and plan.extra_after_failure and hands.manager != hands.filer:
            given = self._deadline(Plan(allowed=plan.extra_after_failure), day)
            if given[0] != hazard.deadline:
                (due, counted), outcome = given, "reset"
        resets = outcome == "reset"
        reviewer = hands.manager if resets else hands.reviewer
        names, kind, said, told, cleared = str(reviewer), "review", {}, {}, {}
        if hands.seniors:
            said, told = majors.acceptance(hands.seniors, passed, self.rng)
            reviewer, names, kind = hands.seniors.officers[0], told["执法人员"], "acceptance"
            cleared = {"progress_due_on": next_progress(day)} | NOTHING_CLEARED
        review = Review(
            uid=made_up_uid(self.rng), feedback=feedback, passed=passed, opinion=opinion, new_deadline=due if resets else None,
            by=reviewer, at=at, **said,
        )  # fmt: skip
        if passed:
            life.happen(
                f"{outcome}_{kind}",
                by=reviewer,
                at=at,
                note=opinion,
                changes=told,
                beside=[review],
                rectified_on=hazard.feedback_on,
                reviewed_on=day,
                reviewer_name=names,
                review_result=opinion,
                closed_on=day,
            )
            return
        changes = {"整改期限": f"{hazard.deadline} → {due}"} if resets else {}
        if resets:
            counted = counted | {"deadline_before_reset": hazard.deadline_before_reset or hazard.deadline}
        life.happen(
            f"{outcome}_{kind}",
            by=reviewer,
            at=at,
            note=opinion,
            changes=changes | told,
            beside=[review],
            deadline=due,
            feedback_on=None,
            feedback_by=None,
            refused_on=day,
            **counted,
            **cleared,
        )
