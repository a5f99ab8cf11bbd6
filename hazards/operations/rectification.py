"""From the order to rectify to close-out."""

from django.db import transaction

from evidence.operations import attach_documents, attach_photos, sealed, sealed_documents
from hazards import deadlines
from hazards.lifecycle import State
from hazards.models import Feedback, Hazard, Review
from hazards.operations.extension import UNASKED
from hazards.operations.owing import plan_due
from hazards.operations.plans import UNFILED, next_progress
from hazards.operations.transfer import lapse
from hazards.registration_rules import AFTER_PHOTOS, FAR_DEADLINE, FARTHEST, NO_REQUIREMENT
from hazards.responsibility import replaced
from hazards.rules import owes_plan
from journal import gate
from journal.gate import day_of
from journal.refusal import Conflict, Refused
from workdays.operations import load_calendar

NAMES_LENGTH = Hazard._meta.get_field("reviewer_name").max_length
BOTH_ZEROS = "重大隐患的反馈须写明故障归零（现象已消除）和管理归零（管理漏洞及堵塞措施）两项"
YUAN, MUCH_MORE = 10_000, 20  # yuan in the unit of ledgers; times what was planned that is no overrun but a slip
NOTHING_CLEARED = {"fault_cleared": "", "gap_closed": ""}


def issue(hazard, *, by, at, deadline=None, days=None, working_days=None, requirement="", holders=None, reason=""):
    """Order rectification by a deadline given as exactly one of a date, a number of days or of working days.

    ``holders`` ({kind: User}) replaces named people of the four responsibilities; that needs a ``reason``. A deadline in the
    past is refused, and so is an order without a ``requirement`` where the row has none yet. Working days in a year whose holidays are not published count Mon–Fri and are marked for recount.
    """
    gate.check(hazard, "issue", by=by)
    if not (requirement or hazard.requirement):
        raise Refused(NO_REQUIREMENT)
    today = day_of(at)
    due, counted = deadline_given(today, deadline=deadline, days=days, working_days=working_days)
    people, changed = replaced(hazard, holders or {}, reason)
    changes = {
        "整改期限": due,
        "计算方式": working_days and f"{working_days} 个工作日",
        "放假安排": "未公布，暂按周一至周五计算，公布后自动重算" if counted.get("deadline_unpublished") else "",
        **changed,
    }
    return gate.move(
        hazard,
        "issue",
        by=by,
        at=at,
        note=requirement or reason,
        changes=changes,
        issued_on=today,
        issued_by_unit=by.unit,
        deadline=due,
        original_deadline=due,
        requirement=requirement or hazard.requirement,
        plan_due_on=plan_due(today) if hazard.level == Hazard.Level.MAJOR else None,
        **counted,
        **people,
    )


@transaction.atomic
def close_on_spot(hazard, *, by, at, photos=(), note=""):
    """Close what was fixed in front of the inspector. Needs at least one after-photo."""
    gate.check(hazard, "close_on_spot", by=by)
    if not photos:
        raise Refused(AFTER_PHOTOS.words)
    today = day_of(at)
    # The day a ledger was imported says nothing of when anybody stood before its hazards.
    imported = hazard.origin == Hazard.Origin.IMPORT
    if today != hazard.found_on and (imported or today != day_of(hazard.registered_at)):
        raise Refused("当场整改只能在排查或登记的当天（导入的台账限排查当天）销号；请下达整改，由企业反馈后复查")
    ended = lapse(hazard, at=at, cause="销号")
    event = gate.move(
        hazard,
        "close_on_spot",
        by=by,
        at=at,
        note=note,
        evidence=sealed(photos, "after"),
        beside=ended["beside"],
        changes=ended["changes"],
        **ended["fields"],
        fixed_on_spot=True,
        rectified_on=hazard.found_on,
        reviewed_on=today,
        reviewer_name=str(by),
        review_result=note or "当场整改完成",
        closed_on=today,
    )
    attach_photos(hazard, photos, stage="after", by=by)
    return event


def _check_money(hazard, spent):
    """``spent``, in units of 10,000 yuan as ledgers have it; plans are in yuan, and who mixes the two up is off by as much."""
    planned = hazard.plans.order_by("-number").values_list("money", flat=True).first()
    if planned and spent * YUAN > planned * MUCH_MORE:
        raise Refused(f"投入资金 {spent} 万元远多于方案的计划投入 {planned / YUAN:.2f} 万元；这里的单位是万元，请核对")


@transaction.atomic
def submit_feedback(hazard, *, by, at, content, spent=None, photos=(), fault_cleared="", gap_closed=""):
    """File what was done, with at least one after-photo; stops the rectifier's clock and starts the reviewer's.

    Of a major hazard it names both (双归零): ``fault_cleared``, that what was seen is gone, and ``gap_closed``, what in the
    management let it come and how that is closed.

    A request for more time that nobody has decided lapses: who reports that it is done needs none; so does another version
    of a plan.
    """
    gate.check(hazard, "submit_feedback", by=by)
    if not photos:
        raise Refused("提交整改反馈须上传至少一张整改后照片")
    is_major = hazard.level == Hazard.Level.MAJOR
    if is_major and not (fault_cleared and gap_closed):
        raise Refused(BOTH_ZEROS)
    if not is_major and (fault_cleared or gap_closed):
        raise Refused("一般隐患的反馈不填故障归零和管理归零；请写在整改情况里")
    if is_major and spent is not None:
        _check_money(hazard, spent)
    today, number = day_of(at), hazard.rounds + 1
    zeros = {"fault_cleared": fault_cleared, "gap_closed": gap_closed}
    feedback = Feedback(
        hazard=hazard, round=number, content=content, spent=spent, deadline=hazard.deadline, by=by, at=at, **zeros
    )
    event = gate.move(
        hazard,
        "submit_feedback",
        by=by,
        at=at,
        note=content,
        feedback_on=today,
        feedback_by=by,
        rounds=number,
        evidence=sealed(photos, "after", part=feedback.uid),
        beside=[feedback],
        changes={
            "投入资金（万元）": spent,
            "照片": f"{len(photos)} 张",
            "反馈轮次": number,
            "故障归零": fault_cleared,
            "管理归零": gap_closed,
            "延期申请": "未批复，因提交反馈失效" if hazard.extension_due_on else "",
            "整改方案": "修订稿未审批，因提交反馈失效" if hazard.plan_filed_on else "",
        },
        **(UNASKED if hazard.extension_due_on else {}),
        **(UNFILED if hazard.plan_filed_on else {}),
        **(zeros | {"progress_due_on": None} if is_major else {}),
    )
    attach_photos(hazard, photos, stage="after", by=by, part=feedback.uid)
    return event


def review(hazard, *, by, at, passed, opinion, deadline=None):
    """Pass (→ 已销号) or fail (→ 整改中) the feedback under review; never by the person who filed it.

    A passed one ends a transfer that nobody answered. A failed review keeps the deadline, or resets it to ``deadline`` (another date,
    not in the past), which is for managers and no extension; a passed one takes none. The reviewer who passes fills 复查结果, 复查日期 and 复查人 by this act. Of a major hazard:
    `hazards.operations.accept`.
    """
    name = "pass_review" if passed else "reset_review" if deadline else "fail_review"
    gate.check(hazard, name, by=by)
    return settle(hazard, name, by=by, at=at, passed=passed, opinion=opinion, deadline=deadline, reviewers=str(by))


def settle(hazard, name, *, by, at, passed, opinion, deadline, reviewers, said=None, changes=None, documents=()):
    """What review and acceptance do alike, by the move ``name``; returns the event. ``said``: more columns of the review, with
    ``documents`` that belong to it."""
    if passed and deadline:
        raise Refused(f"{hazard.lifecycle.moves[name].label}不需要新的期限；请清空，或改选不通过")
    if deadline and deadline == hazard.deadline:
        raise Refused(f"新的整改期限与现在的期限 {deadline} 相同；期限不变的请清空")
    today = day_of(at)
    feedback = hazard.feedbacks.filter(review=None).order_by("-round").first()
    # A row taken over from another ledger may wait for review without a feedback of ours.
    facts = {"passed": passed, "opinion": opinion, "new_deadline": deadline, **(said or {})}
    row = Review(feedback=feedback, by=by, at=at, **facts) if feedback else None
    part = row.uid if row else None
    attach_documents(hazard, documents, by=by, part=part)
    found = {
        "by": by,
        "at": at,
        "note": opinion,
        "beside": [row] if row else [],
        "evidence": sealed_documents(documents, part=part),
    }
    if passed:
        ended = lapse(hazard, at=at, cause="销号")
        found["beside"] = [*found["beside"], *ended["beside"]]
        return gate.move(
            hazard,
            name,
            **found,
            changes=(changes or {}) | ended["changes"],
            **ended["fields"],
            rectified_on=hazard.feedback_on,
            reviewed_on=today,
            reviewer_name=reviewers[:NAMES_LENGTH],
            review_result=opinion,
            closed_on=today,
        )
    due, counted = deadline_given(today, deadline=deadline) if deadline else (hazard.deadline, {})
    if hazard.plan_approved_on:
        counted = counted | {"progress_due_on": next_progress(today)}
    if owes_plan(hazard):  # it became major, or came from another ledger, when it was answered already
        counted = counted | {"plan_due_on": plan_due(today)}
    if deadline:
        counted = counted | {"deadline_before_reset": hazard.deadline_before_reset or hazard.deadline}
    if hazard.fault_cleared or hazard.gap_closed:
        counted = counted | NOTHING_CLEARED
    return gate.move(
        hazard,
        name,
        **found,
        deadline=due,
        feedback_on=None,
        feedback_by=None,
        refused_on=today,
        changes={"整改期限": f"{hazard.deadline} → {due}" if deadline else None} | (changes or {}),
        **counted,
    )


def recount_unpublished(*, at):
    """Recount deadlines that were counted in working days of a year not yet published; returns how many changed.

    Only rows still rectifying; each change is an event. The original deadline moves along only while it is still in force.
    A row somebody acts on this moment is left for the next run.
    """
    calendar, changed = load_calendar(), 0
    waiting = Hazard.objects.filter(state=State.RECTIFYING, deadline_unpublished=True).order_by("pk")
    for hazard in waiting.iterator(chunk_size=500):
        counted = calendar.add_working_days(hazard.counted_from, hazard.working_days)
        if counted.published:
            changed += _recount(hazard, counted.date, at=at)
    return changed


def _recount(hazard, due, *, at):
    same = hazard.original_deadline == hazard.deadline
    try:
        gate.move(
            hazard,
            "recount",
            by=None,
            at=at,
            changes={"原整改期限": hazard.deadline, "整改期限": due},
            deadline=due,
            original_deadline=due if same else hazard.original_deadline,
            deadline_unpublished=False,
        )
    except Conflict:
        return False
    return True


def deadline_given(today, *, deadline=None, days=None, working_days=None):
    if sum(given is not None for given in (deadline, days, working_days)) != 1:
        raise Refused("请用日期、天数、工作日三种方式之一给出整改期限")
    counted = {"deadline_unpublished": False, "working_days": None, "counted_from": None}
    if working_days is not None:
        if not 1 <= working_days <= 250:
            raise Refused("工作日数应在 1 到 250 之间")
        result = load_calendar().add_working_days(today, working_days)
        return result.date, {
            "deadline_unpublished": not result.published,
            "working_days": working_days,
            "counted_from": today,
        }
    if days is not None:
        if not 0 <= days <= 365:
            raise Refused("整改天数应在 0 到 365 之间")
        return deadlines.after_days(today, days), counted
    if deadline < today:
        raise Refused("整改期限不能早于今天")
    if deadline > deadlines.after_days(today, FARTHEST):
        raise Refused(FAR_DEADLINE)
    return deadline, counted
