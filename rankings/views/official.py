"""官方统计表: one form on screen as it prints, and as a workbook."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.models import Unit
from doors.files import sent_as
from doors.names import asked, of_form
from look.filters import replaced
from rankings.official.forms import CHECKS, FORMS, PERIODS, OfficialForm, kinds_of
from rankings.official.sheet import workbook
from rankings.views.ranking import NOT_A_READER
from workbooks.writing import XLSX

NO_UNIT = "您的账号没有对应的市、县（区）、乡镇或部门，请联系系统管理员核对所在单位"


@asked(query=of_form(OfficialForm))
def page(request):
    """The form asked for; a question that cannot be meant gets the default and what is wrong (400)."""
    return _page(request, _question(request), timezone.now())


@asked(query=of_form(OfficialForm))
def export(request):
    """The same as a workbook; one that breaks the rules of the form is not issued (409), the page says why."""
    question, now = _question(request), timezone.now()
    if question.sentences:
        return _page(request, question, now)
    filled = question.answer(at=now)
    if filled is None or filled.wrong:
        return _page(request, question, now, filled=filled, status=409)
    response = HttpResponse(workbook(filled, name=FORMS[question.asked_form]), content_type=XLSX)
    name = f"{FORMS[question.asked_form]}-{question.asked_unit.short_name}-{question.period.code}.xlsx"
    return sent_as(response, name)


def _question(request):
    """What is asked; 403 for who reads no rankings."""
    if not request.user.reads_rankings:
        raise PermissionDenied(NOT_A_READER)
    return OfficialForm(request.GET, user=request.user, today=timezone.localdate())


def _page(request, question, now, *, filled=None, status=None):
    sentences = list(question.sentences)
    filled = filled or question.answer(at=now)
    sentences += [NO_UNIT] if filled is None else filled.wrong
    following = question.period.following()
    context = {
        "sentences": sentences, "form": filled, "question": question, "period": question.period, "unit": question.asked_unit, "kind": question.asked_kind,
        "following": following if following.first <= question.today else None, "choices": _choices(question), "groups": _groups(question),
        "kinds": kinds_of(question.asked_unit) if question.asked_kind else (), "tabs": _tabs(request, question), "spans": _spans(request, question),
        "exports": filled is not None and not filled.wrong,
    }  # fmt: skip
    return render(request, "rankings/official.html", context, status=status or (400 if question.sentences else 200))


def _tabs(request, question):
    """The forms to choose from; each begins with its own period, of the same unit."""
    cleared = dict.fromkeys((*PERIODS, "kind"))
    return [
        {
            "label": label,
            "url": replaced(request.GET, form=None if code == CHECKS else code, **cleared),
            "current": code == question.asked_form,
            "count": None,
            "red": False,
        }
        for code, label in FORMS.items()
    ]


def _spans(request, question):
    """Week, month, quarter, year: each leads to the one that contains the last day of the period shown that is over."""
    day, cleared = min(question.period.last, question.today), dict.fromkeys(PERIODS)
    return [
        {
            "label": label,
            "url": replaced(request.GET, **cleared | {name: of(day).code}),
            "current": question.period.unit == name,
        }
        for name, (_, of, label, *_) in PERIODS.items()
    ]


def _choices(question):
    """The periods to choose from, newest first, and the one shown if it is older."""
    _, of, _, count, _ = PERIODS[question.period.unit]
    recent = of(question.today).trail(count)[::-1]
    return recent if question.period in recent else [*recent, question.period]


def _groups(question):
    """The units to choose from: ``[(heading, [Unit, …])]``, the territories from above downwards, then the departments."""
    names = {unit.division_code: unit.short_name for unit in question.units if unit.kind == Unit.Kind.GOVERNMENT}
    found = {}
    for unit in question.units:
        if unit.kind == Unit.Kind.DEPARTMENT:
            heading = f"{names.get(unit.division_code, '')}部门"
        elif unit.level == Unit.Level.TOWNSHIP:
            heading = f"{names.get(unit.division_code[:6], '')}乡镇（街道）"
        else:
            heading = "市、县（区）"
        found.setdefault(heading, []).append(unit)
    return [*found.items()]
