"""The page of one hazard: where it stands, who answers for it, what was found and done, and what this user does next."""

from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from evidence.models import Photo, by_part
from hazards.columns import COLUMNS
from hazards.lifecycle import OPEN_STATES, State
from hazards.models import Hazard
from hazards.responsibility import flags_of_left
from hazards.urging import sent, urged_of
from hazards.views.columns import drawn
from hazards.views.files import documents_about
from hazards.views.handing import family_of, is_firm_seen, referrals_of, transfers_of
from hazards.views.major import major_of
from journal import acts
from journal.views import next_of, timeline
from look import words
from look.panels import panels_of

NEWEST = 200  # events, photos and rounds shown at most: far beyond any real hazard, but a bound
RELATED = (
    "enterprise__township", "sector", "inspection", "found_by_unit", "registered_by", "territorial_unit", "territorial_holder",
    "competent_unit", "competent_holder", "supervising_unit", "supervising_holder", "enterprise_holder", "criterion__standard",
)  # fmt: skip

# Columns that the page tells in places of their own; any other, once it has something to say, stands under 依据与要求.
TOLD = frozenset({
    "number", "level", "description", "accident_type", "location", "enterprise", "uscc", "sector", "territory", "found_by",
    "inspectors", "found_on", "basis", "requirement", "territorial_person", "competent", "competent_person", "supervising",
    "supervising_person", "enterprise_person", "issued_on", "deadline", "original_deadline", "rectified_on", "review_result",
    "reviewed_on", "reviewer_name", "state", "closed_on", "feedback_on", "proposed_deadline", "fixed_on_spot", "fault_cleared",
    "gap_closed", "criterion", "reopened",
})  # fmt: skip
OTHERS = [column for column in COLUMNS if column.field not in TOLD]


@require_safe
def detail(request, pk):
    """Everything about one hazard the user may see; 404 for all others."""
    rows = Hazard.objects.visible_to(request.user).select_related(*RELATED).annotate(**flags_of_left())
    hazard = get_object_or_404(rows, pk=pk)
    outside, today = hazard.is_outsider(request.user), timezone.localdate()
    reviews = ("review__by", "review__first_officer", "review__second_officer")
    rounds = list(hazard.feedbacks.select_related("by", *reviews).order_by("-round")[:NEWEST])
    awaited, entries = acts.awaited(hazard, request.user), timeline(hazard, request.user)
    evidence = evidence_of(hazard, rounds, today)
    documents = list(documents_about(hazard, request.user).select_related("uploaded_by").order_by("-pk")[:NEWEST])
    parts = by_part(documents)
    return render(
        request,
        "hazards/hazard_detail.html",
        {
            "hazard": hazard,
            "is_outside": outside,
            "state_words": state_words(hazard),
            "steps": steps_of(hazard, today),
            "clock_day": clock_day(hazard, today),
            "next": next_of(request.user, hazard, _act_url(hazard)),
            "waiting": awaited.waiting if awaited else "",
            "cause": cause_of(hazard),
            "urged": urged_of(hazard, request.user, today),
            "sent": sent(hazard, request.user),
            "evidence": evidence,
            "documents": documents,
            "has_files": bool(documents) or any(side["photos"] for sides in evidence for side in sides),
            "others": _others(hazard),
            "extensions": extensions_of(hazard, today),
            "major": major_of(hazard, entries, parts, today),
            "doubts": doubts_of(request.user, hazard, today),
            "duplicates": duplicates_of(request.user, hazard),
            "opinions": _opinions(hazard, rounds, parts, today),
            "transfers": [] if outside else transfers_of(hazard, today),
            "referrals": [] if outside else referrals_of(hazard, today),
            **family_of(request.user, hazard),
            "firm_seen": is_firm_seen(request.user, hazard),
            "may_reassign": acts.named(Hazard, "reassign").refusal(request.user, hazard) is None,
            "instructions": [] if outside else _instructions(hazard, today),
            "entries": entries,
            "panels": panels_of(request, hazard),
            "printed_at": timezone.now(),
        },
    )


def _others(hazard):
    """``[(heading, markup), …]`` of the columns that stand nowhere else on the page."""
    if not OTHERS:
        return []
    row = Hazard.objects.filter(pk=hazard.pk).values(*{path for column in OTHERS for path in column.named}).get()
    told = [(column, row[column.named[0]]) for column in OTHERS]
    return [(column.heading, drawn(column)(row)) for column, value in told if value not in (None, "", False)]


def _act_url(hazard):
    return lambda act: reverse("hazards:act", args=[hazard.pk, act.name])


def clock_day(hazard, today):
    """Up to which day the time bar runs: today while rectifying; once answered it ends with the deadline."""
    return today if hazard.state == State.RECTIFYING else hazard.deadline


def state_words(hazard):
    """The word of the state, with the round once a hazard has come back: sent back by a review, or after it was closed."""
    words = [hazard.state_label]
    if hazard.rounds and hazard.state == State.RECTIFYING:
        words.append(f"第 {hazard.rounds + 1} 轮")
    if hazard.reopened:
        words.append(f"返潮 {hazard.reopened} 次")
    return " · ".join(words)


def steps_of(hazard, today):
    """登记 下达 整改 复查 销号 as ``[{label, look, note}, …]`` for the step bar; of a major hazard 方案 before 整改, and 验收."""
    on_spot = "当场整改" if hazard.fixed_on_spot else None
    # {label: (the state it leads out of, its note)}
    steps = {
        "登记": (State.DRAFT, hazard.registered_at),
        "下达": (State.REGISTERED, on_spot or hazard.issued_on),
        "方案": (State.RECTIFYING, hazard.plan_approved_on),
        "整改": (State.RECTIFYING, hazard.rectified_on or hazard.feedback_on),
        "验收" if hazard.level == Hazard.Level.MAJOR else "复查": (State.PENDING_REVIEW, hazard.reviewed_on),
        "销号": (None, hazard.closed_on),
    }
    if hazard.level != Hazard.Level.MAJOR:
        del steps["方案"]
    now = next((label for label, (state, _) in steps.items() if state == hazard.state), None)
    if now == "方案" and hazard.plan_approved_on:
        now = "整改"
    labels = list(steps)
    reached = len(labels) if hazard.state == State.CLOSED else labels.index(now) if now else -1
    found = []
    for place, (label, (_, note)) in enumerate(steps.items()):
        look = "done" if place < reached else "now" if place == reached else ""
        said = note if isinstance(note, str) else words.day_words(note, today)
        if look == "now":
            is_unissued = label == "下达" and hazard.issue_due_on is not None
            is_late = hazard.is_overdue(today) or (is_unissued and hazard.issue_due_on < today)
            look += " bad" if is_late else ""
            said = f"已退回 {hazard.rounds} 次" if label == "整改" and hazard.rounds else "办理中"
            if is_unissued:
                said = f"应于 {words.day_words(hazard.issue_due_on, today)} 前"
        found.append({"label": label, "look": look, "note": said})
    return found


def evidence_of(hazard, rounds, today):
    """``[[before, after], …]``, a pair for each of ``rounds`` with photos, the newest first; a side is ``{tag, none, photos}``.

    Once reopened, a hazard has another picture from before: it stands beside the rounds since, and alone until the first of them.
    The first picture from before stands beside each of its rounds, its further ones beside the newest only. At most two queries.
    """
    openings, opening_of = _openings(hazard)
    since = {kept: place for place, pictures in enumerate(openings) for kept in pictures}
    round_of = {feedback.uid: feedback.round for feedback in rounds}
    before, after = [[] for _ in openings], {}
    shown = hazard.photos.filter(stage__in=(Photo.Stage.BEFORE, Photo.Stage.AFTER))
    for photo in shown.select_related("uploaded_by")[:NEWEST]:
        act, when = ("拍摄", photo.taken_at) if photo.taken_at else ("上传", photo.uploaded_at)
        caption = f"{act} {words.moment_words(when, today)}"
        told = {"pk": photo.pk, "caption": caption, "by": str(photo.uploaded_by or "")}
        if photo.stage == Photo.Stage.BEFORE:
            before[since.get(photo.kept_sha256, 0)].append(told)
        else:
            after.setdefault(round_of.get(photo.part, 0), []).append(told)
    pairs = []
    for place in reversed(range(len(openings))):
        answers = [number for number in sorted(after, reverse=True) if opening_of.get(number, 0) == place]
        is_newest = place == len(openings) - 1
        if answers or before[place] or is_newest:
            missing = "等待整改后的照片" if is_newest and hazard.state in OPEN_STATES else "未附整改后照片"
            pairs += _pairs(hazard, place, before[place], answers or [0], {} if not answers else after, missing)
    return pairs


def _openings(hazard):
    """``([{SHA-256 of the pictures that it brought}, …], {round: place in that list})``: the registering, and each reopening."""
    pictures, opening_of = [set()], {}
    if hazard.reopened:
        for event in hazard.events.filter(kind__in=("reopen", "submit_feedback")).order_by("sequence"):
            if event.kind == "reopen":
                pictures.append({kept for kept, *_ in event.evidence})
            else:
                opening_of[event.facts["rounds"]] = len(pictures) - 1
    return pictures, opening_of


def _pairs(hazard, place, before, answers, after, missing):
    return [
        [
            {
                "tag": f"整改前 · 第 {place} 次重新打开" if place else "整改前",
                "photos": before if nth == 0 else before[:1],
                "none": "照片见拆分前的隐患" if hazard.split_from_id else "登记时未附照片",
            },
            {
                "tag": f"整改后 · 第 {number} 次反馈" if number else "整改后",
                "photos": after.get(number, []),
                "none": missing,
            },
        ]
        for nth, number in enumerate(answers)
    ]


def cause_of(hazard):
    """What gave the deadline in force, in the word of the law page, where it is not the first one of the order; "" where it is, or
    where nothing but extensions did."""
    if hazard.deadline == hazard.original_deadline:
        return ""
    given, causes = None, []
    for event in hazard.events.filter(facts__has_key="deadline").order_by("sequence")[:NEWEST]:
        if event.facts["deadline"] != given:
            event.record, given = hazard, event.facts["deadline"]
            causes = [] if event.facts.get("original_deadline") == given else [*causes, event]
    resets = [event.label for event in causes if event.kind != "grant_extension"]
    # A reset is never shown as an extension, whatever came before or after it.
    if not resets:
        return ""
    return resets[-1] if len(resets) == len(causes) else f"{resets[-1]}、延期"


def extensions_of(hazard, today):
    """Requests for more time and what became of them, the newest first, as items of components/_opinion.html. One query."""
    items, newest = [], True
    for asked in hazard.extension_requests.select_related("by", "decision__by").order_by("-pk")[:NEWEST]:
        decision = getattr(asked, "decision", None)
        waits = newest and decision is None and hazard.extension_due_on is not None
        late = (today - asked.due_on).days if waits else 0
        due = f"等待批复，批复期限 {words.day_words(asked.due_on, today)}" + (f"，逾期 {late} 天" if late > 0 else "")
        if decision is not None:
            items.append(
                {
                    "title": "批复：批准延期" if decision.granted else "批复：不同意延期",
                    "text": decision.opinion,
                    "note": "",
                    "who_when": f"{words.moment_words(decision.at, today)} · {decision.by}",
                    "look": "ok" if decision.granted else "bad",
                }
            )
        items.append(
            {
                "title": f"申请延期至 {words.day_words(asked.until, today)}",
                "text": f"{asked.reason}\n临时管控措施：{asked.protection}",
                "note": due
                if waits
                else f"当时期限 {words.day_words(asked.deadline, today)}"
                if decision
                else "已失效，没有批复",
                "who_when": f"{words.moment_words(asked.at, today)} · {asked.by}",
                "look": "",
            }
        )
        newest = False
    return items


def _instructions(hazard, today):
    """What leaders wrote and the bodies answered, newest first, as items of components/_opinion.html."""
    items = []
    for one in hazard.instructions.select_related("unit", "by", "answered_by").order_by("-pk")[:NEWEST]:
        answered = one.answered_at and timezone.localdate(one.answered_at)
        late = ((answered or today) - one.reply_by).days
        if answered:
            written = f"{words.moment_words(one.answered_at, today)} · {one.answered_by}"
            items.append(
                {
                    "title": f"{one.unit.short_name}回复",
                    "text": one.answer,
                    "note": f"逾期 {late} 天回复" if late > 0 else "按期回复",
                    "who_when": written,
                    "look": "ok",
                }
            )
        due = f"请{one.unit.short_name}于 {words.day_words(one.reply_by, today)} 前回复"
        author = "" if one.leader_id == one.by_id else f" · {one.by} 录入"
        items.append(
            {
                "title": f"{one.leader_name}批示",
                "text": one.text,
                "note": due if answered or late <= 0 else f"{due}，逾期 {late} 天未回复",
                "who_when": f"{words.moment_words(one.at, today)}{author}",
                "look": "" if answered or late <= 0 else "bad",
            }
        )
    return items


def doubts_of(user, hazard, today):
    """Requests to void the row and what became of them, the newest first: items of components/_opinion.html with ``other``, the row it
    is a duplicate of where ``user`` sees that. Two queries."""
    items = []
    asked = list(hazard.void_requests.select_related("by", "decision__by").order_by("-pk")[:NEWEST])
    seen = Hazard.objects.visible_to(user).in_bulk({one.duplicate_of_id for one in asked} - {None}) if asked else {}
    for one in asked:
        decision = getattr(one, "decision", None)
        if decision is not None:
            items.append(
                {
                    "title": "决定：同意作废" if decision.granted else "决定：不同意作废",
                    "text": decision.opinion,
                    "note": "",
                    "who_when": f"{words.moment_words(decision.at, today)} · {decision.by}",
                    "look": "bad" if decision.granted else "",
                    "other": None,
                }
            )
        items.append(
            {
                "title": f"申请作废：{one.get_ground_display()}",
                "text": one.reason,
                "note": "" if decision else "等待决定，决定前照常办理",
                "who_when": f"{words.moment_words(one.at, today)} · {one.by}",
                "look": "",
                "other": seen.get(one.duplicate_of_id),
            }
        )
    return items


def duplicates_of(user, hazard):
    """The void rows in the place of which ``hazard`` stays, of those ``user`` sees. One query."""
    return list(Hazard.objects.visible_to(user).filter(duplicate_of=hazard).order_by("pk")[:NEWEST])


def _lines(text, *told):
    """``text``, and below it each of ``told`` (heading, words) that says something."""
    return "\n".join([text, *(f"{heading}：{said}" for heading, said in told if said)])


def _reset(feedback, review, today):
    """The deadline before and the one that a failed review set; "" where it set none."""
    if review.new_deadline is None:
        return ""
    return f"退回重定期限：{words.day_words(feedback.deadline, today)} → {words.day_words(review.new_deadline, today)}"


def _opinions(hazard, rounds, documents, today):
    """Feedback and review of every round, newest round first, as items of components/_opinion.html. ``documents``: by their part."""
    items = []
    for feedback in rounds:
        late = (feedback.at.astimezone(timezone.get_current_timezone()).date() - feedback.deadline).days
        spent = f"；投入 {feedback.spent} 万元" if feedback.spent is not None else ""
        review = getattr(feedback, "review", None)
        if review is not None:
            items.append(
                {
                    "title": f"{'验收' if review.officers else '复查'}：{'通过' if review.passed else '不通过'}",
                    "text": _lines(
                        review.opinion,
                        ("专家意见或第三方报告", review.expert_opinion),
                        ("执法人员", "、".join(map(str, review.officers))),
                    ),
                    "note": _reset(feedback, review, today),
                    "who_when": f"{words.moment_words(review.at, today)} · {review.by}",
                    "look": "ok" if review.passed else "bad",
                    "documents": documents.get(review.uid, []),
                }
            )
        items.append(
            {
                "title": f"第 {feedback.round} 次反馈",
                "text": _lines(
                    feedback.content, ("故障归零", feedback.fault_cleared), ("管理归零", feedback.gap_closed)
                ),
                "look": "",
                "who_when": f"{words.moment_words(feedback.at, today)} · {feedback.by}",
                "note": (f"逾期 {late} 天" if late > 0 else "按期")
                + f"（期限 {words.day_words(feedback.deadline, today)}）{spent}",
                "documents": [],
            }
        )
    # Closed on the spot, or taken over from another ledger, where it may also say that the review failed.
    if hazard.review_result and not any(item["look"] == "ok" for item in items):
        items.append(
            {
                "title": "复查结果",
                "text": hazard.review_result,
                "note": "",
                "look": "ok" if hazard.state == State.CLOSED else "",
                "who_when": f"{words.day_words(hazard.reviewed_on, today)} · {hazard.reviewer_name}",
                "documents": [],
            }
        )
    return items
