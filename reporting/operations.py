"""Everything that is done to reports. Pages, API, beat and the demonstration come through these verbs; docs/adr on reporting.

Verbs take ``by=`` (a person, None for the system) and ``at=`` (an aware moment) and either happen whole, with their events, or raise
`journal.refusal.Refused` with a Chinese sentence fit for the user.
"""

from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts.models import Unit, User
from accounts.roles import RANKING_READERS, Role
from inspections.models import Enterprise
from journal import chronicle, gate
from journal.bulk import made
from journal.gate import day_of
from journal.refusal import Refused
from look.words import moment_words
from reporting.audience import filers_of
from reporting.figures import figures_of, seal_of
from reporting.models import Opening, Report, ReportEvent
from reporting.terms import Kind, cut_off, due_moment, last_closed
from workdays.operations import load_calendar

MADE_UP = 13  # periods that are asked for late, at most: what is older nobody knows any more
BEGINS = timedelta(
    days=1
)  # a house that never asked begins with a period that has just been closed, not in the middle of one
NOT_ZERO = "本期数据不全为零（{figures}），不能报零报告；请核对数据后选“确认上报”，数据有出入的在“数据说明”中写明"
CHANGED = "您打开页面之后，台账的数据有了变化，没有上报；请核对下面的最新数据，再确认上报"
NOBODY_REACHED = "无。该单位没有在用的账号，请电话催报，并请系统管理员开通账号"


def units_owing():
    """The townships and departments in use that somebody serves: each owes a report of its week."""
    bodies = Q(kind=Unit.Kind.GOVERNMENT, level=Unit.Level.TOWNSHIP) | Q(kind=Unit.Kind.DEPARTMENT)
    people = User.objects.filter(unit=OuterRef("pk"), is_active=True, role__in=RANKING_READERS)
    return Unit.objects.active().filter(bodies).filter(Exists(people)).order_by("code")


def firms_owing():
    """The enterprises at work for which somebody has an account: each owes a report of its month."""
    people = User.objects.filter(enterprises=OuterRef("pk"), is_active=True, role=Role.ENTERPRISE)
    firms = Enterprise.objects.exclude(status=Enterprise.Status.CLOSED).filter(Exists(people))
    return firms.order_by("pk")


def open_reports(*, at):
    """Ask for the reports of every period that was closed since the last one asked for; returns how many.

    Each period is asked for once: what a stopped house has missed is made up, and whoever comes later owes nothing for it.
    """
    opened = 0
    for kind in Kind:
        for period in _not_opened(kind, at):
            try:
                opened += _open(kind, period, at)
            except IntegrityError:  # somebody else has just asked for it
                if not Opening.objects.filter(kind=kind, period=period.code).exists():
                    raise
    return opened


def _not_opened(kind, at):
    """The periods to ask for, oldest first."""
    newest = last_closed(kind, at)
    before = Opening.objects.filter(kind=kind).order_by("-first").values_list("first", flat=True).first()
    if before is None:
        return [newest] if at - cut_off(newest) < BEGINS else []
    return [period for period in newest.trail(MADE_UP) if period.first > before]


@transaction.atomic
def _open(kind, period, at):
    Opening.objects.create(kind=kind, period=period.code, first=period.first, at=at)
    lives = chronicle.born(owing(kind, period, at, load_calendar()), "open", by=None, at=at)
    chronicle.write(lives)
    return len(lives)


def owing(kind, period, at, calendar):
    """The unsaved reports that are owed for ``period`` when they are asked for at ``at``. Asked for late, they are due as long after
    that as they would have been after the cut-off."""
    due = due_moment(period, calendar)
    due = max(due, at + (due - cut_off(period)))
    facts = {"kind": kind, "period": period.code, "due_at": due, "due_on": day_of(due)}
    bodies = units_owing() if kind == Kind.WEEKLY else firms_owing()
    name = "unit" if kind == Kind.WEEKLY else "enterprise"
    reports = []
    for body in bodies:
        reports.append(made(Report, facts | {name: body, "division_code": body.division_code}))
        setattr(reports[-1], name, body)  # `made` keeps its key alone
    return reports


def file_report(report, *, by, at, words="", explanation="", zero=False, seen=None):
    """Confirm the figures, as the ledger gives them at this moment, and add ``words`` about the work and an ``explanation`` of figures
    that the unit sees otherwise. ``zero``: 零报告, only where every figure is zero. ``seen``: the figures that were shown
    (`figures.seal_of`), None where none were; others than those are not confirmed."""
    name = "file_zero" if zero else "file"
    gate.check(report, name, by=by)
    figures = figures_of(report, at)
    if seen is not None and seen != seal_of(figures):
        raise Refused(CHANGED)
    if zero and (others := [f"{one.label} {one.value}" for one in figures if one.value]):
        raise Refused(NOT_ZERO.format(figures="，".join(others)))
    return gate.move(report, name, by=by, at=at, **filing(report, figures, by, at, words, explanation, zero=zero))


def filing(report, figures, by, at, words="", explanation="", *, zero=False):
    """What the move of filing says and sets, at the gate and in lives written whole."""
    late = (at - report.due_at) // timedelta(minutes=1)
    changes = {one.label: one.value for one in figures} | {"数据说明": explanation}
    return {
        "note": words,
        "changes": changes | ({"迟报": duration_words(late)} if at > report.due_at else {}),
        "figures": [one.sealed for one in figures],
        "words": words,
        "explanation": explanation,
        "is_zero": zero,
        "filed_at": at,
        "filed_by": by,
    }


def duration_words(minutes):
    """3 天, 5 小时, 20 分钟: the largest unit of which there is one."""
    for size, words in ((24 * 60, "天"), (60, "小时"), (1, "分钟")):
        if minutes >= size:
            return f"{minutes // size} {words}"
    return "不到 1 分钟"


def return_report(report, *, by, at, reason):
    """Send it back to be filed again. One that came in time has some hours for that, so that the return makes nobody late; one that
    came late stays late."""
    gate.check(report, "return_report", by=by)
    return gate.move(report, "return_report", by=by, at=at, **returning(report, at, reason))


def returning(report, at, reason):
    """What the move of returning says and sets, at the gate and in lives written whole."""
    again = at + timedelta(hours=settings.REPORT_REFILE_HOURS)
    due = report.due_at if report.is_late else max(report.due_at, again)
    changes = {"重报期限": moment_words(due, day_of(at))} if due != report.due_at else {}
    return {"note": reason, "changes": changes, "due_at": due, "filed_at": None, "filed_by": None, "is_zero": False}


def chased_that_day(reports, *, by, at):
    """``{pk: sentence}`` of those that the unit of ``by`` chased on the day of ``at`` already. One query."""
    morning = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    that_day = ReportEvent.objects.filter(
        record__in=[report.pk for report in reports], kind="chase", unit_code=by.unit.code,
        at__gte=morning, at__lt=morning + timedelta(days=1),
    )  # fmt: skip
    chasers = dict(that_day.order_by("sequence").values_list("record", "actor_name"))
    return {pk: f"{by.unit}今天已经催报过（{name}），同一份报告每天只能催报一次" for pk, name in chasers.items()}


def chase(report, *, by, at, words):
    """Ask whoever owes it for it, at once and in ``words`` of one's own; once a day for a unit."""
    gate.check(report, "chase", by=by)
    if said := chased_that_day([report], by=by, at=at):
        raise Refused(said[report.pk])
    people = User.objects.filter(pk__in=filers_of([report])[report.pk]).order_by("pk")
    reached = "、".join(map(str, people)) or NOBODY_REACHED
    return gate.move(report, "chase", by=by, at=at, note=words, changes={"送达": reached})


def excuse(report, *, by, at, reason):
    """Nobody owes it any more: a unit that was dissolved, an enterprise that does not work. It counts nowhere."""
    return gate.move(report, "excuse", by=by, at=at, note=reason)
