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
from accounts.views.administration import administration
from doors.names import asked, once
from hazards.causes import late_to_judge
from hazards.filters import Due, View, due_within, in_view
from hazards.lifecycle import OPEN_STATES, State
from hazards.models import Hazard
from hazards.views.todos import card
from hazards.views.weeks import closed_between, counted_days, found_between, total, trend, week_of
from hazards.waiting import EVERYTHING, groups_of
from inspections.models import Inspection
from look.panels import Desk, DeskTop, panels_of
from look.words import day_words
from responsibilities.gaps import gaps_of

NO_UNIT = "账号还没有分配单位，看不到台账数据，请联系系统管理员。"
# What the three administrators do instead; none of them sees ledger data by role.
ADMINISTRATION = {
    Role.SYSADMIN: "系统管理员维护账号、单位和系统运行，本角色不查看隐患台账数据。",
    Role.SECADMIN: "安全管理员管理权限和安全策略，本角色不查看隐患台账数据。",
    Role.AUDITOR: "审计员查看账号与权限的变更记录；隐患办理记录有没有被改动，由系统运维人员核验。本角色不查看隐患台账数据。",
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


@asked(query=once("tab"))
def desk(request):
    """The first page of every role. At most 16 queries however many rows there are: four of the frame, seven of the list and its
    figures, two for the days of twelve weeks, one for visits, two for the bodies below; for managers up to five more, for
    the gaps in who answers for what; besides those of panels."""
    user, today = request.user, timezone.localdate()
    if user.is_administrator:
        context = {"sentence": ADMINISTRATION[user.role], "week": week_of(today)}
        return render(request, "hazards/desk.html", context | administration(user))
    rows, groups = Hazard.objects.visible_to(user, guests=False), groups_of(user, today)
    counted = count(user, rows, today, groups)
    days = counted_days(rows, today)
    context = {
        "sentence": "" if user.role == Role.ENTERPRISE or user.unit_id else NO_UNIT,
        "week": week_of(today),
        "figures": figures(user, counted, today),
        "todos": card(user, rows, today, groups, counted["groups"], request.GET.get("tab", EVERYTHING)),
        "gaps": len(gaps_of(user)) if user.is_manager else 0,
        "week_rows": week_rows(user, days, today),
        "trend": trend(days, today),
        "bodies": bodies(user, rows, today),
        "panels": panels_of(request, Desk()),
        "top": panels_of(request, DeskTop()),
        "bodies_name": "各县区在办" if len(scope_of(user).division) == 4 else "各乡镇（街道）在办",
    }
    return render(request, "hazards/desk.html", context)


def _ledger(query):
    return f"{reverse('hazards:ledger')}?{query}"


def _query(**params):
    query = QueryDict(mutable=True)
    query.update(params)
    return query.urlencode()


def count(user, rows, today, groups):
    """What the desk counts, from one aggregate over the open rows; ``["groups"]`` = {name: rows}, a query more for each group of
    rows that are not open (drafts)."""
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
            late_issues=Count("pk", filter=Q(state=State.REGISTERED, issue_due_on__lt=today)),
            pending=Count("pk", filter=pending),
            late_reviews=Count("pk", filter=late_to_judge(today)),
            soon=Count("pk", filter=due_within(Due.SOON, today=today)),
            due_today=Count("pk", filter=due_within(Due.TODAY, today=today)),
            rectifying=Count("pk", filter=Q(state=State.RECTIFYING)),
            **{f"group_{group.name}": Count("pk", filter=group.rows) for group in groups if group.is_open},
        )
    )
    counted["groups"] = {
        group.name: counted[f"group_{group.name}"] if group.is_open else group.among(rows, user).count()
        for group in groups
    }
    return counted


def figures(user, counted, today):
    """The strip of linked numbers of what `count` gave; keys as in components/_figures."""
    notes = {
        "overdue": _overdue_note(counted, today),
        "registered": _issue_note(counted, today),
        "pending": f"逾期未复查、验收 {counted['late_reviews']} 条" if counted["pending"] else "",
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


def _issue_note(counted, today):
    if counted["late_issues"]:
        return f"逾期未下达 {counted['late_issues']} 条"
    return f"最早 {day_words(counted['waiting_since'], today)} 发现" if counted["registered"] else ""


def _overdue_note(counted, today):
    if not counted["overdue"]:
        return "没有逾期"
    return f"其中重大 {counted['overdue_major']} 条，最长逾期 {(today - counted['oldest']).days} 天"


def week_rows(user, days, today):
    """This week so far against the same days of last week: ``[{label, value, url, change}, …]``; ``days`` as `counted_days` gives
    them, and a query for the visits."""
    monday = today - timedelta(days=today.weekday())
    now = (monday, today)
    before = tuple(day - timedelta(days=7) for day in now)
    found, closed = days
    counted = {}
    for when, span in (("now", now), ("before", before)):
        counted |= {
            f"found_{when}": total(found, span, 0),
            f"major_{when}": total(found, span, 1),
            f"closed_{when}": total(closed, span),
        }
    found = found_between(now)
    lines = [
        ("found", "发现隐患", found),
        ("major", "其中重大", f"{found}&level=major"),
        ("closed", "销号", closed_between(now)),
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
    """How the governments one level below stand, the most overdue first, for those who direct them: one grouped query and one
    for the names."""
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
        "found": (Q(found_on__range=week), _query(view="all", found_from=week[0], found_to=week[1])),
        "closed": (Q(closed_on__range=week), _query(view="all", closed_from=week[0], closed_to=week[1])),
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
    found = [
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
    overdue = list(conditions).index("overdue")
    return sorted(found, key=lambda body: -body["cells"][overdue]["value"])
