"""What the pages of hazards, visits and enterprises, and the desk, show of enforcement; see `look.panels`."""

from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from accounts.models import Unit
from accounts.roles import Role
from enforcement.closing import since_days, standing, waiting_for
from enforcement.kinds import Kind
from enforcement.links import links_of, measures
from enforcement.models import Figures, Measure
from hazards.lifecycle import LEDGER_STATES
from hazards.models import Hazard
from inspections.models import Enterprise, Inspection
from journal.acts import named
from look.panels import Desk, register
from look.words import day_words

SHOWN, WAITING = 10, 5
FIGURES = (
    ("orders", "责令限期整改", "件"), ("penalties", "行政处罚", "件"), ("amount", "罚款金额", "元"),
    ("suspensions", "停产停业整顿", "件"), ("closures", "提请关闭", "件"),
)  # fmt: skip
SUBJECTS = {Hazard: "hazard", Inspection: "inspection", Enterprise: "enterprise"}


def of_record(request, record):
    """The newest measures that stand on ``record``, on an enterprise all those against it; the way to record one."""
    user, name = request.user, SUBJECTS[type(record)]
    rows = Measure.objects.visible_to(user).filter(**{name: record}).select_related("enterprise", "unit")
    found = list(rows.order_by("-on", "-pk")[: SHOWN + 1])
    may = user.is_officer and _can_bear(record)
    if not found and not may:
        return None
    return {
        "template": "enforcement/_panel.html",
        "rows": found[:SHOWN],
        "more": measures(**{name: record.pk}) if len(found) > SHOWN else "",
        "new": f"{reverse('enforcement:measure_new')}?{urlencode({name: record.pk})}" if may else "",
    }


def _can_bear(record):
    if isinstance(record, Hazard):
        return record.state in LEDGER_STATES
    return not (isinstance(record, Inspection) and record.is_draft)


def of_unit(request, unit):
    """What a unit decided this month and this year, as far as the visitor reads it; each figure leads to its rows. Two queries."""
    user, today = request.user, timezone.localdate()
    if not user.reads_rankings or not Unit.objects.in_territory_of(user).filter(pk=unit.pk).exists():
        return None
    decided = Measure.objects.visible_to(user).filter(unit=unit)
    periods = [(words, first, decided.figures(first, today).get(unit.pk)) for words, first in _periods(today)]
    if not any(figures for _, _, figures in periods):
        return None
    columns = [
        (words, vars(figures or Figures()), links_of(unit.code, first, today)) for words, first, figures in periods
    ]
    return {
        "template": "enforcement/_unit.html",
        "periods": [words for words, _, _ in periods],
        "rows": [
            {
                "label": label,
                "unit": measure,
                "cells": [(words, figures[name], links[name]) for words, figures, links in columns],
            }
            for name, label, measure in FIGURES
        ],
    }


def _periods(today):
    return [("本月", today.replace(day=1)), ("本年", today.replace(month=1, day=1))]


def of_closing(request, enterprise):
    """The mark 符合提请关闭条件 on the page of an enterprise, for those who may propose it and those who lead them."""
    if request.user.role == Role.ENTERPRISE:
        return None
    today = timezone.localdate()
    firm = standing(Enterprise.objects.filter(pk=enterprise.pk).select_related("township"), today).first()
    return None if firm is None else {"template": "enforcement/_closing_mark.html", "firm": told(firm, today)}


def told(firm, today):
    """What was counted of a firm of `closing.standing`, each with the address of exactly its rows."""
    short, year = since_days(today)
    penalties = {"enterprise": firm.pk, "kind": Kind.PENALTY.value, "on_to": today}
    majors = {"enterprise": firm.pk, "view": "open", "level": Hazard.Level.MAJOR.value}
    counted = []
    if firm.penalties_short >= settings.CLOSURE_PENALTIES:
        words = f"{settings.CLOSURE_DAYS} 日内行政处罚 {firm.penalties_short} 次"
        counted.append((words, measures(**penalties, on_from=short)))
    if firm.penalties_year >= settings.CLOSURE_PENALTIES_IN_A_YEAR:
        counted.append((f"一年内行政处罚 {firm.penalties_year} 次", measures(**penalties, on_from=year)))
    counted.append((f"未销号的重大隐患 {firm.majors} 条", f"{reverse('hazards:ledger')}?{urlencode(majors)}"))
    return {
        "pk": firm.pk,
        "name": firm.name,
        "place": firm.township.short_name,
        "url": firm.get_absolute_url(),
        "counted": counted,
        "proposed": day_words(firm.proposed_on, today) if firm.proposed_on else "",
    }


def of_desk(request, desk):
    """On a desk: applications to resume that wait for this person, and firms to be proposed for closure."""
    user, today = request.user, timezone.localdate()
    mine = named(Measure, "decide_resumption").waits_for(user)
    asked = []
    if mine is not None:
        rows = Measure.objects.visible_to(user).filter(mine).select_related("enterprise")
        asked = list(rows.order_by("resumption_due_on", "pk")[: WAITING + 1])
    firms = waiting_for(user, today)
    closing = [] if firms is None else list(firms.select_related("township")[: WAITING + 1])
    if not asked and not closing:
        return None
    return {
        "template": "enforcement/_desk.html",
        "asked": [{"measure": one, "late": max((today - one.resumption_due_on).days, 0)} for one in asked[:WAITING]],
        "asked_more": measures(waiting="me") if len(asked) > WAITING else "",
        "closing": [told(firm, today) for firm in closing[:WAITING]],
        "closing_more": reverse("enforcement:closing") if len(closing) > WAITING else "",
    }


def register_panels():
    for kind in SUBJECTS:
        register(kind, of_record)
    register(Unit, of_unit, place=5)
    register(Enterprise, of_closing, place=10)
    register(Desk, of_desk)
