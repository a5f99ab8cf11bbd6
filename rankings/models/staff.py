"""How many people inspect for a unit, as the safety office approved it: the target of coverage is no more than they can do."""

from django.db import models
from django.db.models import Exists, OuterRef, Subquery

from accounts.models import Unit
from journal.models import Event, Record, RecordQuerySet
from journal.past import stood, touched_since
from look.words import full_date
from rankings.lifecycle import STAFF


def newest_of(unit, day):
    """The id of the row of the outer query's ``unit`` (a path) that is in force on ``day``, for a Subquery."""
    rows = Staff.objects.filter(unit=OuterRef(unit), since__lte=day)
    return rows.order_by("-since", "-pk").values("pk")[:1]


class StaffQuerySet(RecordQuerySet):
    def visible_to(self, user):
        """It stands in the table of the ranking, so whoever reads that of the city reads this."""
        if not user.is_authenticated or not user.reads_rankings:
            return self.none()
        return self.filter(unit__city_code=user.unit.division_code[:4])

    def approved_on(self, city, day, *, before=None, corrected=False):
        """``{unit id: inspectors}`` in force on ``day``; units without a row are absent. One query, with
        ``before``, a moment, two: as it was approved by then, ``corrected``: with what was put right since."""
        rows = self.filter(unit__city_code=city)
        if before is None:
            newest = Subquery(newest_of("unit", day))
            return dict(rows.filter(pk=newest).values_list("unit", "inspectors"))
        touched = Exists(touched_since(Staff, before).filter(pk=OuterRef("pk")))
        known, since_then = [], []
        for is_touched, *line in rows.annotate(is_touched=touched).values_list(
            "is_touched", "since", "pk", "unit", "inspectors"
        ):
            (since_then if is_touched else known).append(tuple(line))
        corrections = ("correct_staff",) if corrected else ()
        then = stood(Staff, [pk for _, pk, *_ in since_then], ("unit", "inspectors", "since"), before, corrections)
        known += [(said["since"], pk, said["unit"], said["inspectors"]) for pk, said in then]
        return {unit: inspectors for since, _, unit, inspectors in sorted(known) if since <= day}


class Staff(Record):
    """核定检查人员数: ``inspectors`` of ``unit`` from the day ``since``, until a later row."""

    lifecycle, noun, slug = STAFF, "核定检查人员数", "staff"

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="单位")
    inspectors = models.PositiveSmallIntegerField("检查人员数")
    since = models.DateField("自何日起")
    reason = models.CharField("核定依据", max_length=200)

    objects = StaffQuerySet.as_manager()

    class Meta:
        verbose_name = "核定检查人员数"
        ordering = ["-since", "-id"]

    def __str__(self):
        return f"{self.unit} {self.inspectors} 人"

    def notice_words(self, event):
        return {"since": full_date(self.since)}


class StaffEvent(Event):
    """One thing that happened to one approval; see `journal.models.Event`."""

    record = models.ForeignKey(Staff, models.PROTECT, db_index=False, related_name="events")

    class Meta(Event.Meta):
        verbose_name = "核定检查人员数办理记录"
