"""重大隐患 on the page of a hazard: report and receipts, plan, progress, and what is missing next, in plain words."""

from django.urls import reverse

from evidence.models import Photo, by_part
from hazards.lifecycle import OPEN_STATES, State
from hazards.models import Hazard, MajorReport
from look.words import day_words, moment_words

NEWEST = 200  # rows shown at most: far beyond any real hazard, but a bound


def major_of(hazard, entries, documents, today):
    """What the panel of a major hazard shows: ``{report, reported, receipts, plans, progress, due, missing}``; None for one that is
    not major and, by the ``entries`` of its timeline, never was. ``documents``: by the part they belong to. Five queries, none for
    the others.
    """
    if hazard.level != Hazard.Level.MAJOR and "downgrade" not in {entry["kind"] for entry in entries}:
        return None
    report = MajorReport.objects.filter(hazard=hazard).select_related("by").first()
    receipts = list(hazard.receipts.select_related("unit", "by").order_by("unit__code"))
    plans = list(hazard.plans.select_related("by", "decision__by").order_by("-number")[:NEWEST])
    progress = list(hazard.progress.select_related("by").order_by("-id")[:NEWEST])
    photos = photos_of_progress(hazard)
    return {
        "report": report,
        "reported": report and f"{moment_words(report.at, today)} · {report.by}",
        "receipts": [_receipt(one, today) for one in receipts],
        "plans": [
            _plan(plan, place == 0, hazard, documents.get(plan.uid, []), today) for place, plan in enumerate(plans)
        ],
        "progress": [_progress(one, photos, today) for one in progress],
        "due": _due(hazard, today),
        "missing": list(missing_of(hazard, receipts, plans, today)),
    }


def plan_waiting(hazard, today):
    """The version that is to be decided on, as `major_of` has it; None where none is."""
    plan = hazard.plans.select_related("by").order_by("number").last()
    if plan is None:
        return None
    documents = hazard.documents.filter(part=plan.uid).select_related("uploaded_by")[:NEWEST]
    return _plan(plan, True, hazard, documents, today)


def photos_of_progress(hazard):
    """Pictures of work under way: ``{uid of the report they came with: [address, …]}``. One query."""
    found = by_part(hazard.photos.filter(stage=Photo.Stage.DURING)[:NEWEST])
    return {part: [reverse("evidence:photo_page", args=[one.pk]) for one in photos] for part, photos in found.items()}


def _receipt(one, today):
    signed = f"{moment_words(one.at, today)} {one.by} 签收" if one.at else "未签收"
    return {"unit": one.unit.short_name, "words": signed, "signed": one.at is not None}


def _plan(plan, is_newest, hazard, documents, today):
    decision = getattr(plan, "decision", None)
    if is_newest and decision is None and hazard.plan_filed_on is not None:
        state, look = "等待审批", "wait"
    elif decision is None:
        state, look = "没有审批，已失效", "void"
    else:
        state, look = ("已批准", "ok") if decision.approved else ("已退回", "bad")
    return {
        "row": plan,
        "state": state,
        "look": look,
        "filed": f"{moment_words(plan.at, today)} · {plan.by}",
        "opinion": decision.opinion if decision else "",
        "decided": f"{moment_words(decision.at, today)} · {decision.by}" if decision else "",
        "documents": documents,
    }


def _progress(one, photos, today):
    return {"row": one, "when": moment_words(one.at, today), "photos": photos.get(one.uid, [])}


def _due(hazard, today):
    """The day by which progress is reported next, in words; "" where none is owed."""
    due = hazard.progress_due_on
    if due is None or hazard.state != State.RECTIFYING:
        return ""
    late = (today - due).days
    return f"下次进展应报日 {day_words(due, today)}" + (f"，逾期 {late} 天未报" if late > 0 else "")


def missing_of(hazard, receipts, plans, today):
    """Sentences, in the order of urgency: what the hazard needs next, and from whom."""
    if hazard.level != Hazard.Level.MAJOR or hazard.state not in OPEN_STATES:
        return
    if hazard.report_owed_on:
        since = day_words(hazard.report_owed_on, today)
        yield f"重大隐患报告还没有报（{since} 起应报），请{hazard.found_by_unit.short_name}立即报告"
    unsigned = [one.unit.short_name for one in receipts if one.at is None]
    if unsigned:
        yield f"报告还没有签收：{'、'.join(unsigned)}"
    if hazard.state == State.REGISTERED:
        yield "还没有下达整改；下达后由企业报整改方案"
    if hazard.state == State.RECTIFYING:
        yield from _missing_plan(hazard, plans, today)
        if hazard.progress_due_on and hazard.progress_due_on < today:
            yield f"{_due(hazard, today)}，请企业报告进展"
    if hazard.state == State.PENDING_REVIEW:
        due = "" if hazard.feedback_on is None else f"，应于 {day_words(hazard.review_due_on, today)} 前到现场"
        yield f"等监管部门、主管部门或安委办验收{due}"


def _missing_plan(hazard, plans, today):
    body = hazard.competent_unit.short_name if hazard.competent_unit else "安委办"
    if hazard.plan_filed_on:
        yield f"整改方案第 {plans[0].number} 版 {day_words(hazard.plan_filed_on, today)} 报送，等{body}审批"
    elif hazard.plan_approved_on is None:
        decision = getattr(plans[0], "decision", None) if plans else None
        is_returned = decision is not None and not decision.approved
        yield (
            "整改方案已退回，请企业按审批意见修改后重报"
            if is_returned
            else f"整改方案还没有报，请企业报送，由{body}审批"
        )
    if hazard.plan_approved_on is None:
        yield "方案批准前不能提交整改反馈"
    elif hazard.feedback_on is None:
        yield "整改完成后，请企业提交反馈，写明故障归零和管理归零"
