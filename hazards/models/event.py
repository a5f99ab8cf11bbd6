from django.db import models

from journal.models import Event


class HazardEvent(Event):
    """One thing that happened to one hazard; see `journal.models.Event`."""

    record = models.ForeignKey("hazards.Hazard", models.PROTECT, db_index=False, related_name="events")

    class Meta(Event.Meta):
        verbose_name = "隐患办理记录"
