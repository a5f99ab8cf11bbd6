"""工作台: what waits for this person, the figures of their jurisdiction, and this week against the last."""

from datetime import timedelta

from django.db.models import Count, Min, Q
from django.http import QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from accounts.models import Unit
from accounts.roles import RANKING_READERS, Role
from accounts.scope import in_division, scope_of
from hazards.deadlines import REVIEW_DAYS
from hazards.filters import Due, View, due_within, in_view
from hazards.lifecycle import OPEN_STATES, State
from hazards.models import Hazard
from hazards.views.ledger import seat_of
from inspections.models import Inspection
from journal.acts import acts_of
from look.words import day_words

TODOS = 20
NO_UNIT = "账号还没有分配单位，看不到台账数据，请联系系统管理员。"
# What the three administrators do instead; none of them sees ledger data by role.
ADMINISTRATION = {
    Role.SYSADMIN: "系统管理员维护账号、单位和系统运行，本角色不查看隐患台账数据。",
    Role.SECADMIN: "安全管理员管理权限和安全策略，本角色不查看隐患台账数据。",
    Role.AUDITOR: "审计员查看账号与权限的变更记录；隐患办理的记录链由系统运维人员核验。本角色不查看隐患台账数据。",
}
# figure → (words, query of the ledger behind it, icon)
FIGURES = {
    "overdue": ("逾期未整改", "view=overdue", "clock-exclamation"),
    "major": ("重大隐患在办", "view=major", "alert-triangle"),
    "registered": ("待下达整改", "state=registered", "send"),
    "pending": ("待复查", "view=pending_review", "eye-check"),
    "soon": (Due.SOON.label, "deadline=soon", "hourglass"),
    "rectifying": ("整改中", "state=rectifying", "progress"),
}
OFFICE_FIGURES = ("overdue", "major", "registered", "pending", "soon")
ENTERPRISE_FIGURES = ("overdue", "rectifying", "soon", "pending")
TODO_COLUMNS = (
    "state", "level", "description", "found_on", "deadline", "feedback_on", "enterprise__name",
    "enterprise__township__short_name",
)  # fmt: skip


def desk(request):
    """The first page of every role. At most 12 queries however many rows there are."""
    user, today = request.user, timezone.localdate()
    if user.is_administrator:
        return render(request, "hazards/desk.html", {"sentence": ADMINISTRATION[user.role], "week": _week(today)})
    seat_of(user)
    rows = Hazard.objects.visible_to(user)
    context = {
        "sentence": "" if user.role == Role.ENTERPRISE or user.unit_id else NO_UNIT,
        "week": _week(today),
        "figures": figures(user, rows, today),
        "todos": None if user.role == Role.LEADER else todos(user, rows, today),
        "todos_limit": TODOS,
        "week_rows": week_rows(user, rows, today),
        "bodies": bodies(user, rows, today),
        "bodies_name": "各县区在办情况" if len(scope_of(user).division) == 4 else "各乡镇（街道）在办情况",
    }
    return render(request, "hazards/desk.html", context)


def _week(today):
    year, week, _ = today.isocalendar()
    monday = today - timedelta(days=today.weekday())
    return {"year": year, "number": week, "monday": monday, "sunday": monday + timedelta(days=6)}


def _ledger(query):
    return f"{reverse('hazards:ledger')}?{query}"


def _query(**params):
    query = QueryDict(mutable=True)
    query.update(params)
    return query.urlencode()


def figures(user, rows, today):
    """The strip of linked numbers, from one aggregate over the open rows; keys as in components/_figures."""
    overdue = in_view(View.OVERDUE, user=user, today=today)
    pending = Q(state=State.PENDING_REVIEW)
    counted = (
        rows.open()
        .order_by()
        .aggregate(
            overdue=Count("pk", filter=overdue),
            overdue_major=Count("pk", filter=overdue & Q(level=Hazard.Level.MAJOR)),
            oldest=Min("deadline", filter=overdue),
            major=Count("pk", filter=in_view(View.MAJOR, user=user, today=today)),
            registered=Count("pk", filter=Q(state=State.REGISTERED)),
            waiting_since=Min("found_on", filter=Q(state=State.REGISTERED)),
            pending=Count("pk", filter=pending),
            late_reviews=Count("pk", filter=pending & Q(feedback_on__lt=today - timedelta(days=REVIEW_DAYS))),
            soon=Count("pk", filter=due_within(Due.SOON, today=today)),
            due_today=Count("pk", filter=due_within(Due.TODAY, today=today)),
            rectifying=Count("pk", filter=Q(state=State.RECTIFYING)),
        )
    )
    notes = {
        "overdue": _overdue_note(counted, today),
        "registered": f"最早 {day_words(counted['waiting_since'], today)} 发现" if counted["registered"] else "",
        "pending": f"超过 {REVIEW_DAYS} 天未复查 {counted['late_reviews']} 条" if counted["pending"] else "",
        "soon": f"今日到期 {counted['due_today']} 条" if counted["soon"] else "",
    }
    names = ENTERPRISE_FIGURES if user.role == Role.ENTERPRISE else OFFICE_FIGURES
    return [
        {
            "label": FIGURES[name][0],
            "value": counted[name],
            "unit": "条",
            "note": notes.get(name, ""),
            "url": _ledger(FIGURES[name][1]),
            "icon": FIGURES[name][2],
            "red": name == "overdue" and counted[name] > 0,
        }
        for name in names
    ]


def _overdue_note(counted, today):
    if not counted["overdue"]:
        return "没有逾期"
    return f"其中重大 {counted['overdue_major']} 条，最长逾期 {(today - counted['oldest']).days} 天"


def todos(user, rows, today):
    """What this person may do next, the most urgent first, at most :data:`TODOS`; acts are those of the lifecycle."""
    waiting = []
    for act, chosen, column in _waiting(user, rows, today):
        first = chosen.order_by(column, "pk").values("pk")[:TODOS]
        # The inner query picks its rows by an index; names are joined for those alone.
        fetched = Hazard.objects.filter(pk__in=first).order_by().select_related("enterprise__township")
        waiting.append(sorted((_todo(act, row, today) for row in fetched.only(*TODO_COLUMNS)), key=_urgency))
    # A fair share for each kind of work first, so that a hundred old overdue rows do not hide the reviews.
    share = TODOS // max(len(waiting), 1)
    found = [todo for kind in waiting for todo in kind[:share]]
    others = sorted((todo for kind in waiting for todo in kind[share:]), key=_urgency)
    return sorted(found + others[: TODOS - len(found)], key=_urgency)


def _urgency(todo):
    return todo["due"], todo["pk"]


def _waiting(user, rows, today):
    """``[(act or None, rows, column that says how long they wait), …]``; None only opens the page."""
    asked = [(act, act.waits_for(user)) for act in acts_of(Hazard) if act.waits_for is not None]
    found = [(act, rows.filter(waiting), act.waits_since) for act, waiting in asked if waiting is not None]
    if user.role == Role.SAFETY_OFFICE and user.is_officer:
        found.append((None, rows.overdue(today), "deadline"))
    return found


def _todo(act, row, today):
    note, due = f"{day_words(row.found_on, today)} 发现，待下达", None
    if row.state == State.DRAFT:
        note = "草稿，尚未进入台账"
    elif row.state == State.PENDING_REVIEW and row.feedback_on is None:
        note = "待复查，反馈日期未记"
    elif row.state == State.PENDING_REVIEW:
        due = row.review_due_on
        note = f"{day_words(row.feedback_on, today)} 已反馈，复查期限 {day_words(due, today)}"
    elif row.state == State.RECTIFYING:
        due = row.deadline
        note = f"整改期限 {day_words(due, today)}"
    url, firm = reverse("hazards:detail", args=[row.pk]), row.enterprise
    return {
        "pk": row.pk,
        "due": due or row.found_on,
        "url": url,
        "title": row.description,
        "level": row.level,
        # The badge counts down to the day this person has to act by, for a review not the rectification deadline.
        "state": row.state if due is None else State.RECTIFYING,
        "deadline": due,
        "rectified_on": None,
        "note": f"{firm.name} · {firm.township.short_name} · {note}",
        "act": act.todo if act else "查看",
        "act_url": reverse("hazards:act", args=[row.pk, act.name]) if act else url,
    }


def week_rows(user, rows, today):
    """This week so far against the same days of last week: ``[{label, value, url, change}, …]``, two queries."""
    monday = today - timedelta(days=today.weekday())
    now = (monday, today)
    before = tuple(day - timedelta(days=7) for day in now)
    major = Q(level=Hazard.Level.MAJOR)
    counted = (
        rows.in_ledger()
        .filter(Q(found_on__range=(before[0], today)) | Q(closed_on__range=(before[0], today)))
        .order_by()
        .aggregate(
            **{
                f"{name}_{when}": Count("pk", filter=condition)
                for when, span in (("now", now), ("before", before))
                for name, condition in (
                    ("found", Q(found_on__range=span)),
                    ("major", Q(found_on__range=span) & major),
                    ("closed", Q(closed_on__range=span)),
                )
            }
        )
    )
    found = _query(found_from=now[0], found_to=now[1])
    lines = [
        ("found", "发现隐患", _ledger(found)),
        ("major", "其中重大", _ledger(f"{found}&level=major")),
        ("closed", "销号", _ledger(_query(closed_from=now[0], closed_to=now[1]))),
    ]
    if user.role in RANKING_READERS:
        visits = (
            Inspection.objects.visible_to(user)
            .paid()
            .order_by()
            .aggregate(
                now=Count("pk", filter=Q(inspected_on__range=now)),
                before=Count("pk", filter=Q(inspected_on__range=before)),
            )
        )
        counted |= {f"visits_{when}": number for when, number in visits.items()}
        lines.insert(0, ("visits", "检查家次", f"{reverse('inspections:list')}?from={now[0]}&to={now[1]}"))
    return [
        {"label": label, "value": counted[f"{name}_now"], "url": url, "change": _change(counted, name)}
        for name, label, url in lines
    ]


def _change(counted, name):
    difference = counted[f"{name}_now"] - counted[f"{name}_before"]
    return "持平" if difference == 0 else f"{'↑' if difference > 0 else '↓'} {abs(difference)}"


def bodies(user, rows, today):
    """How the governments one level below stand, for those who direct them: one grouped query and one for the names."""
    scope = scope_of(user)
    column, level = {4: ("county_code", Unit.Level.COUNTY), 6: ("division_code", Unit.Level.TOWNSHIP)}.get(
        len(scope.division), ("", "")
    )
    if not column or user.role not in {Role.LEADER, Role.SAFETY_OFFICE, Role.MANAGER}:
        return []
    week = (today - timedelta(days=today.weekday()), today)
    conditions = {
        "open": (Q(state__in=OPEN_STATES), "view=open"),
        "major": (in_view(View.MAJOR, user=user, today=today), "view=major"),
        "overdue": (in_view(View.OVERDUE, user=user, today=today), "view=overdue"),
        "found": (Q(found_on__range=week), _query(found_from=week[0], found_to=week[1])),
        "closed": (Q(closed_on__range=week), _query(closed_from=week[0], closed_to=week[1])),
    }
    grouped = (
        rows.in_ledger()
        .filter(conditions["open"][0] | conditions["found"][0] | conditions["closed"][0])
        .order_by()
        .values(column)
        .annotate(**{f"{key}_rows": Count("pk", filter=condition) for key, (condition, _) in conditions.items()})
        .values_list(column, *(f"{key}_rows" for key in conditions))
    )
    counted = {code: numbers for code, *numbers in grouped}
    nothing = [0] * len(conditions)
    units = Unit.objects.active().filter(in_division(scope.division), kind=Unit.Kind.GOVERNMENT, level=level)
    return [
        {
            "name": name,
            "url": _ledger(f"territory={code}&view=open"),
            "cells": [
                {"value": number, "url": _ledger(f"territory={code}&{query}"), "red": key == "overdue" and number > 0}
                for number, (key, (_, query)) in zip(counted.get(code, nothing), conditions.items(), strict=True)
            ],
        }
        for code, name in units.values_list("code", "short_name")
    ]
