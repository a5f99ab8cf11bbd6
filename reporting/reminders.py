"""The reminder sweep of reports (催报阶梯): the same when run late, twice or in two places.

The unique key of a message (report, moment it is due, step, person) is the record that it was sent. Offices get one message for all
that is missing of one period, not one for each report: the key is period, step and person.
"""

from collections import defaultdict
from urllib.parse import urlencode

from django.db import transaction
from django.urls import reverse

from journal.gate import day_of
from journal.turns import give_way
from look.words import moment_words
from notifications.models import Notification
from notifications.operations import reminder_moment
from reporting.audience import filers_of, offices_over
from reporting.ladder import DAY, FILER, HOUR, next_at, steps_at
from reporting.models import Reminder, Report, key_of
from reporting.terms import period_of

BATCH = 500


def send_reminders(*, at):
    """Write the messages whose step has come at ``at`` and move each ladder on; returns how many reports were looked at. A bounded
    number of statements for each kind and moment at which reports were due."""
    due = Reminder.objects.filter(next_at__lte=at).order_by("due_at", "kind")
    terms = list(due.values_list("kind", "due_at").distinct())
    if not terms:
        return 0
    mail_at = reminder_moment(at)
    sent = 0
    for kind, due_at in terms:
        sent += _send(kind, due_at, at, mail_at)
        give_way()
    return sent


@transaction.atomic
def _send(kind, due_at, at, mail_at):
    """Of the reports of one kind that were due at one moment; the messages and the next look, together or not at all."""
    rows = Reminder.objects.filter(kind=kind, due_at=due_at, next_at__lte=at)
    ids = list(rows.order_by("pk").values_list("pk", flat=True))
    reports = list(Report.objects.open().filter(reminder__in=ids).select_related("unit", "enterprise").order_by("pk"))
    messages = []
    for step in steps_at(kind, due_at, at):
        tell = _to_filers if step.audience == FILER else _to_offices
        messages += tell(reports, step, due_at, at)
    for message in messages:
        message.created_at, message.next_try_at = at, mail_at
    Notification.objects.bulk_create(messages, batch_size=BATCH, ignore_conflicts=True)
    for start in range(0, len(ids), BATCH):
        chunk = Reminder.objects.filter(pk__in=ids[start : start + BATCH], due_at=due_at)
        chunk.update(next_at=next_at(kind, due_at, after=at))
    return len(ids)


def _to_filers(reports, step, due_at, at):
    people, when = filers_of(reports), when_words(due_at, at)
    return [
        Notification(
            recipient_id=person,
            key=f"{key_of(report.pk, due_at)}{step.code}",
            title=f"请报送{report.name}：{when}",
            url=report.get_absolute_url(),
            record_kind=Report.slug,
            record_id=report.pk,
        )
        for report in reports
        for person in sorted(people[report.pk])
    ]


def _to_offices(reports, step, due_at, at):
    """One message for each person of an office and period, with how many in their territory still owe it."""
    by_period = defaultdict(list)
    for report in reports:
        by_period[report.kind, report.period].append(report.division_code)
    offices, messages = offices_over({report.division_code for report in reports}), []
    for (kind, period), divisions in by_period.items():
        name = f"{period_of(kind, period).full_words}{reports[0].get_kind_display()}"
        asked = urlencode({"period": period, "state": "missing"})
        for person, office in offices:
            count = sum(code.startswith(office) for code in divisions)
            if count:
                messages.append(
                    Notification(
                        recipient_id=person,
                        key=f"reports:{kind}:{period}:{due_at:%Y%m%d%H%M}:{step.code}",
                        title=f"{name}：{when_words(due_at, at)}，还有 {count} 个单位未报",
                        url=f"{reverse('reporting:list')}?{asked}",
                    )
                )
    return messages


def when_words(due_at, at):
    """How near or how far past the moment is, true at ``at`` whichever step it is."""
    if at < due_at:
        return f"{moment_words(due_at, day_of(at))} 前"
    hours = (at - due_at) // HOUR
    if hours >= DAY:
        return f"逾期 {hours // DAY} 天"
    return f"逾期 {hours} 小时" if hours else "已到期限"
