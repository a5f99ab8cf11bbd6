"""Reports brought to where a test wants them, by the verbs that bring them there."""

from datetime import timedelta

from django.utils import timezone

from journal import chronicle
from reporting import operations
from reporting.models import Opening, Report
from reporting.terms import Kind, cut_off, last_closed
from workdays.operations import load_calendar

REPORTS = ("pending", "filed", "returned", "excused")


def ask_for(kind, *, at):
    """The reports of the newest period of ``kind`` that was closed at ``at``, asked for right then, whatever was before."""
    period = last_closed(kind, at)
    opened_at = cut_off(period)
    Opening.objects.create(kind=kind, period=period.code, first=period.first, at=opened_at)
    reports = operations.owing(kind, period, opened_at, load_calendar())
    chronicle.write(chronicle.born(reports, "open", by=None, at=opened_at))
    return reports


def report(people, state="pending", *, kind=Kind.WEEKLY, at=None):
    """The report of the township of ``people`` for last week, or of the firm for last month, in ``state``."""
    at = at or timezone.now()
    body = {"unit": people["firm"].township} if kind == Kind.WEEKLY else {"enterprise": people["firm"]}
    if not Report.objects.filter(kind=kind, **body).exists():
        ask_for(kind, at=at)
    row = Report.objects.get(kind=kind, **body)
    filer = people["manager"] if kind == Kind.WEEKLY else people["enterprise"]
    office = people.get("office") or people["safety_office"]
    opened_at = cut_off(row.span)
    if state in ("filed", "returned"):
        operations.file_report(row, by=filer, at=opened_at + timedelta(hours=1), words="检查两家企业")
    if state == "returned":
        operations.return_report(row, by=office, at=opened_at + timedelta(hours=2), reason="请说明逾期原因")
    if state == "excused":
        operations.excuse(row, by=office, at=opened_at + timedelta(hours=2), reason="单位撤并")
    return row
