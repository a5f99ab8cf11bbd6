"""When each thing owed of a hazard is next looked at by the reminder sweep, apart from the wide row it belongs to."""

from django.db import models

from hazards import deadlines
from hazards.causes import owed
from journal.gate import day_of
from notifications.operations import mail_no_more

BATCH = 500


class Reminder(models.Model):
    """The next day of one ladder of one hazard; a row for everything that is owed of it (`hazards.causes`), and none else.

    ``level`` repeats the hazard's and ``deadline`` the day by which it is owed, so that a sweep finds and moves what is due without
    touching the ledger (docs/adr/0021). Derived: `follow` writes it in the transaction of the act, and only the sweep moves it on.
    NULL as ``next_on``: the ladder has ended.
    """

    pk = models.CompositePrimaryKey("hazard_id", "cause")
    # No constraint in the database: a row is gone with what was owed, and hazards are never deleted.
    hazard = models.ForeignKey(
        "hazards.Hazard", models.CASCADE, related_name="reminders", db_constraint=False, db_index=False
    )
    cause = models.CharField(max_length=10, default=deadlines.RECTIFY)
    level = models.CharField(max_length=10)
    deadline = models.DateField()
    next_on = models.DateField(null=True)

    class Meta:
        verbose_name = "下次提醒"


def follow(lasts):
    """Write anew what ``lasts`` (``[(hazard, its last event), …]``) leaves to be reminded of; idempotent, four statements a batch at
    most. What is owed no more is mailed no more, though it was written down before.

    Looks at the current step again: what was sent already is not sent twice, and who holds the hazard since is told. Of a
    hazard named twice the later pair counts.
    """
    lasts = {hazard.pk: (hazard, event) for hazard, event in lasts}
    owing = {pk: owed(hazard) for pk, (hazard, _) in lasts.items()}
    ids = list(lasts)
    for start in range(0, len(ids), BATCH):
        chunk = ids[start : start + BATCH]
        Reminder.objects.filter(hazard__in=chunk).delete()
        still = {pk: tuple(f"hazard:{pk}{cause.tail(due)}" for cause, due in owing[pk]) for pk in chunk}
        mail_no_more("hazard", still)
    rows = [
        Reminder(
            hazard_id=pk,
            cause=cause.name,
            level=hazard.level,
            deadline=due,
            next_on=deadlines.first_reminder_on(hazard.level, due, today=day_of(event.at), cause=cause.name),
        )
        for pk, (hazard, event) in lasts.items()
        for cause, due in owing[pk]
    ]
    Reminder.objects.bulk_create(rows, batch_size=BATCH)
