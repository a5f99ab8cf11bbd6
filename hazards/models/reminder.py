"""When each hazard under rectification is next looked at by the reminder sweep, apart from the wide row it belongs to."""

from django.db import models

from hazards import deadlines
from hazards.lifecycle import State
from journal.gate import day_of

BATCH = 500


class Reminder(models.Model):
    """The next day of one hazard's ladder; a row for every hazard that is rectifying and for no other.

    ``level`` and ``deadline`` repeat the hazard's, so that a sweep finds and moves what is due without touching the ledger
    (docs/adr/0021). Derived: `follow` writes it in the transaction of the act, and only the sweep moves it on. NULL as
    ``next_on``: the ladder has ended.
    """

    # No constraint in the database: a row is gone with the state, and hazards are never deleted.
    hazard = models.OneToOneField(
        "hazards.Hazard", models.CASCADE, primary_key=True, related_name="reminder", db_constraint=False
    )
    level = models.CharField(max_length=10)
    deadline = models.DateField()
    next_on = models.DateField(null=True)

    class Meta:
        verbose_name = "下次提醒"


def follow(lasts):
    """Write anew what ``lasts`` (``[(hazard, its last event), …]``) leaves to be reminded of; idempotent, two statements a batch.

    Looks at the current step again: what was sent already is not sent twice, and who holds the hazard since is told. Of a
    hazard named twice the later pair counts.
    """
    lasts = {hazard.pk: (hazard, event) for hazard, event in lasts}.values()
    rows = [
        Reminder(
            hazard_id=hazard.pk,
            level=hazard.level,
            deadline=hazard.deadline,
            next_on=deadlines.first_reminder_on(hazard.level, hazard.deadline, today=day_of(event.at)),
        )
        for hazard, event in lasts
        if hazard.state == State.RECTIFYING
    ]
    Reminder.objects.bulk_create(
        rows,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["hazard"],
        update_fields=["level", "deadline", "next_on"],
    )
    ended = [
        hazard.pk
        for hazard, event in lasts
        if hazard.state != State.RECTIFYING and event.from_state == State.RECTIFYING
    ]
    for start in range(0, len(ended), BATCH):
        Reminder.objects.filter(pk__in=ended[start : start + BATCH]).delete()
