"""The list on a desk: what is overdue and what waits for this person, in groups, one verb a row."""

from datetime import date

from django.core.exceptions import BadRequest
from django.db.models import F, Value, prefetch_related_objects
from django.urls import reverse

from hazards.lifecycle import OPEN_STATES, State
from hazards.models import Hazard
from hazards.models.reach import is_outside
from hazards.urging import reminded
from hazards.waiting import EVERYTHING, OVERDUE, shares
from journal import acts
from look.words import day_words

ROOM = 8  # rows: what a screen holds; the ledger has them all


def card(user, rows, today, groups, counts, tab):
    """The list under the tab called ``tab``. ``counts`` = ``{group name: rows}``. Three queries, whatever the rows.

    Returns ``{title, tabs, groups: [{label, count, url, todos}, …], total, url}``; ``url`` is the ledger with exactly these rows.
    """
    if tab not in {EVERYTHING, OVERDUE, *(group.tab for group in groups)}:
        raise BadRequest("no such tab")
    held = [group for group in groups if tab in (EVERYTHING, group.tab)]
    shown = shares([counts[group.name] for group in held], ROOM)
    todos = _fetched(user, rows, today, held, shown)
    asked = any(group.act or (group.waits and counts[group.name]) for group in groups)
    whole = all(todo["act"] for found in todos.values() for todo in found)
    return {
        "title": "等我办理" if asked and whole else "逾期和待办" if asked else "逾期未整改",
        "tabs": _tabs(groups, counts, tab),
        "groups": [
            {
                "label": group.label,
                "count": counts[group.name],
                "url": ledger_of(group.name) if counts[group.name] > number else "",
                "todos": todos[place],
            }
            for place, (group, number) in enumerate(zip(held, shown, strict=True))
            if number
        ],
        "total": sum(counts[group.name] for group in held),
        "url": ledger_of(tab),
    }


def ledger_of(name):
    """The address of the ledger with the rows of the tab or group called ``name``."""
    return f"{reverse('hazards:ledger')}?view=all&waiting={name}&order=deadline"


def _tabs(groups, counts, current):
    numbers, labels = {EVERYTHING: sum(counts.values())}, {EVERYTHING: "全部", OVERDUE: "逾期"}
    for group in groups:
        numbers[group.tab] = numbers.get(group.tab, 0) + counts[group.name]
        labels.setdefault(group.tab, group.label)
    desk = reverse("hazards:desk")
    return [
        {
            "label": labels[name],
            "url": desk if name == EVERYTHING else f"{desk}?tab={name}",
            "current": name == current,
            "count": number,
            "red": name == OVERDUE and number > 0,
        }
        for name, number in numbers.items()
        if number or name in (EVERYTHING, current)
    ]


def _fetched(user, rows, today, groups, shown):
    """``{place of the group: [todo, …]}``, in the order of the list."""
    parts = [
        # The inner query picks its rows by an index; a slice of its own would not be allowed in a union everywhere.
        Hazard.objects.filter(pk__in=_first(group.among(rows, user), group, number))
        .order_by()
        .annotate(place=Value(place))
        .values_list("pk", "place")
        for place, (group, number) in enumerate(zip(groups, shown, strict=True))
        if number
    ]
    places = dict(parts[0].union(*parts[1:], all=True)) if parts else {}
    fetched = Hazard.objects.filter(pk__in=places).order_by().select_related("enterprise__township") if places else []
    prefetch_related_objects([row for row in fetched if row.reply_due_on], "instructions__unit")
    prefetch_related_objects([row for row in fetched if row.offered_unit_id], "offered_unit", "offered_by_unit")
    prefetch_related_objects([row for row in fetched if row.handed_over], "competent_unit", "supervising_unit")
    prefetch_related_objects([row for row in fetched if row.receipts_since], "receipts")
    told = (
        reminded([row.pk for row in fetched if row.state == State.RECTIFYING], outside=is_outside(user))
        if places
        else {}
    )
    found = {place: [] for place in range(len(groups))}
    for row in sorted(fetched, key=lambda row: _urgency(row, groups[places[row.pk]])):
        group = groups[places[row.pk]]
        found[places[row.pk]].append(_todo(user, group, row, today, told.get(row.pk)))
    return found


def _first(rows, group, number):
    """The ids of the rows that have waited longest, major ones first among those of one day."""
    order = (F(group.since).asc(nulls_last=True), "-level", "pk")
    return rows.order_by(*order).values("pk")[:number]


def _urgency(row, group):
    since = getattr(row, group.since)
    return since is None, since or date.min, row.level != Hazard.Level.MAJOR, row.pk


def _todo(user, group, row, today, told):
    note, due = _told_of(user, group, row, today)
    act = _verb(user, group, row)
    awaited = None if act or group.waits else acts.awaited(row, user)
    url, firm = reverse("hazards:detail", args=[row.pk]), row.enterprise
    return {
        "pk": row.pk,
        "url": url,
        "title": row.description,
        "level": row.level,
        # The badge counts down to the day somebody has to act by, for a review not the rectification deadline.
        "state": row.state if due is None else State.RECTIFYING,
        "deadline": due,
        "rectified_on": None,
        "facts": [
            firm.name,
            firm.township.short_name,
            note,
            *_unreported(user, group, row, today),
            *_tried(row, told, today),
        ],
        "act": act.todo if act else "",
        "act_url": reverse("hazards:act", args=[row.pk, act.name]) if act else "",
        "waits": awaited.waiting if awaited else group.waits,
    }


def _told_of(user, group, row, today):
    """``(words, the day to act by or None)`` as the group of the row has it."""
    if group.since == "reply_due_on":
        return _replying(user, group, row, today)
    told = {
        "extension_due_on": _asked_for_time, "void_asked_on": _doubted, "transfer_due_on": _offered, "plan_due_on": _planless, "referred_on": _referred, **MAJOR,
    }.get(group.since)  # fmt: skip
    return told(row, today) if told else _standing(row, today, row.is_outsider(user))


def _replying(user, group, row, today):
    """Whose instruction, to whom, and by when, for those who owe the answer and who wait for it."""
    mine = [one for one in row.open_instructions if group.act is None or one.unit_id == user.unit_id]
    one = min(mine, key=lambda one: one.reply_by)
    return f"{one.leader_name}批示，{one.unit.short_name}须于 {day_words(one.reply_by, today)} 前回复", one.reply_by


def _standing(row, today, outside):
    """``(words, the day to act by or None)``; ``outside``: without what the bodies do among themselves."""
    if row.state == State.DRAFT:
        return "草稿，尚未进入台账", None
    if row.state == State.PENDING_REVIEW and row.feedback_on is None:
        return f"{row.state_label}，反馈日期未记", None
    if row.state == State.PENDING_REVIEW:
        due, word = row.review_due_on, "验收" if row.level == Hazard.Level.MAJOR else "复查"
        return f"{day_words(row.feedback_on, today)} 已反馈，{word}期限 {day_words(due, today)}", due
    if row.state == State.RECTIFYING:
        asked = f"，延期待批复（{day_words(row.extension_due_on, today)} 前）" if row.extension_due_on else ""
        asked += "，有批示待回复" if row.reply_due_on and not outside else ""
        if row.transfer_due_on and not outside:
            asked += f"，移交待答复（{day_words(row.transfer_due_on, today)} 前）"
        if row.level == Hazard.Level.MAJOR and row.plan_approved_on is None:
            asked += "，整改方案待批准" if row.plan_filed_on else "，整改方案还没有报"
        asked += "，进展逾期未报" if row.progress_due_on and row.progress_due_on < today else ""
        return f"整改期限 {day_words(row.deadline, today)}{asked}", row.deadline
    due = "" if row.issue_due_on is None else f"，应于 {day_words(row.issue_due_on, today)} 前下达"
    return f"{day_words(row.found_on, today)} 发现{due or '，待下达'}", row.issue_due_on


def _planless(row, today):
    """Like `_standing`, of a plan that is owed: it comes before the rectification, and so does its day."""
    due = row.plan_due_on
    return f"整改方案应于 {day_words(due, today)} 前报，整改期限 {day_words(row.deadline, today)}", due


def _asked_for_time(row, today):
    """Like `_standing`, of a request for more time: the day to act by is the decision's."""
    deadline, due = day_words(row.deadline, today), row.extension_due_on
    return f"整改期限 {deadline}，申请延期，批复期限 {day_words(due, today)}", due


def _doubted(row, today):
    """Like `_standing`, of a request to void it: meanwhile it goes on."""
    asked = f"{day_words(row.void_asked_on, today)} 申请作废"
    if row.state == State.CLOSED:
        return f"{asked}，已销号", None
    note, due = _standing(row, today, outside=False)
    return f"{asked}，{note}", due


def _offered(row, today):
    """Like `_standing`, of a transfer: the day to act by is the answer's."""
    due = row.transfer_due_on
    giver, receiver = row.offered_by_unit.short_name, row.offered_unit.short_name
    deadline = f"，整改期限 {day_words(row.deadline, today)}" if row.deadline else ""
    return f"{giver}移交{receiver}，答复期限 {day_words(due, today)}{deadline}", due


def _referred(row, today):
    """Like `_standing`, of a referral: the answer is another authority's, and has no day of ours."""
    note, due = _standing(row, today, outside=False)
    return f"{day_words(row.referred_on, today)} 移送，{note}", due


# What a major hazard waits for: {the column that says since when: row, today -> (words, the day to act by or None)}.
MAJOR = {
    "progress_due_on": lambda row, today: (
        f"下次进展应于 {day_words(row.progress_due_on, today)} 前报告", row.progress_due_on,
    ),
    "plan_filed_on": lambda row, today: (
        f"{day_words(row.plan_filed_on, today)} 报送整改方案，整改期限 {day_words(row.deadline, today)}", row.deadline,
    ),
    "report_owed_on": lambda row, today: (f"{day_words(row.report_owed_on, today)} 定为重大隐患，应立即报告", row.report_owed_on),
    "receipts_since": lambda row, today: (f"{day_words(row.receipts_since, today)} 报告，本单位还没有签收", None),
}  # fmt: skip


def _unreported(user, group, row, today):
    """That the report of a major hazard is late, wherever else the row stands."""
    is_late = row.state in OPEN_STATES and row.report_owed_on is not None and row.report_owed_on < today
    if not is_late or group.since == "report_owed_on" or row.is_outsider(user):
        return []
    return [f"重大隐患报告逾期 {(today - row.report_owed_on).days} 天未报"]


def _tried(row, told, today):
    """What has been tried so that it moves: one sentence, none where nothing is to be urged."""
    if row.state != State.RECTIFYING:
        return []
    if told is None:
        return ["还没有提醒过"] if row.is_overdue(today) else []
    return [f"已提醒 {told.times} 次，最近 {day_words(told.at, today)} {told.names}"]


def _verb(user, group, row):
    """The act this person can do about the row: the one it waits for, else what pushes it on; None: nothing."""
    if group.act is not None or group.waits:
        return group.act
    return acts.first_of(user, [act for act in acts.open_to(user, row) if not act.is_danger])
