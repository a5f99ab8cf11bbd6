"""Who answers for what: sector → departments of a place, and unit × sector → person; each row from a day to a day."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.models import Unit
from accounts.roles import RANKING_READERS
from accounts.scope import Reach, in_division, scope_of
from inspections.models import Sector
from journal.models import Event, Record, RecordQuerySet
from responsibilities.lifecycle import CHARGES, LINES, State

EVERY_SECTOR = "其余行业领域"


class PeriodQuerySet(RecordQuerySet):
    def current(self):
        return self.filter(state=State.CURRENT)

    def beside(self, row):
        """The rows of the same place in the matrix as ``row``, whenever they were in force."""
        return self.filter(**{name: getattr(row, f"{name}_id") for name in row.place_in_matrix})


class Period(Record):
    """A row of the matrix in force from ``valid_from`` until before ``valid_to``. A change ends one row and begins the next.

    ``place_in_matrix`` names the columns of which no two rows are in force at once, ``says`` what the row says of them.
    """

    place_in_matrix = says = ()

    valid_from = models.DateField("自", editable=False)
    valid_to = models.DateField("至", null=True, editable=False)

    class Meta:
        abstract = True


def period_constraints(name):
    """No row ends before it begins, and one that is in force has no end. That no two overlap, PostgreSQL is told by the
    migration and the verb sees to everywhere (docs/adr on the matrix)."""
    return [
        models.CheckConstraint(
            condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name=f"{name}_ends_after_it_begins"
        ),
        models.CheckConstraint(
            condition=Q(state=State.CURRENT, valid_to=None) | Q(state=State.ENDED, valid_to__isnull=False),
            name=f"{name}_current_iff_no_end",
        ),
    ]


class LineQuerySet(PeriodQuerySet):
    def visible_to(self, user):
        """Those of the reader's territory and of the places above it, which hold there too."""
        scope = scope_of(user)
        if scope.reach not in (Reach.TERRITORY, Reach.DEPARTMENT):
            return self.none()
        above = Q(place__division_code__in={scope.division[:length] for length in (4, 6)})
        return self.filter(in_division(scope.division, "place__") | above)


class Line(Period):
    """行业分工: which departments of a place are competent for a sector (安全生产法 §10) and supervise it."""

    lifecycle, noun, slug = LINES, "行业分工", "line"
    place_in_matrix, says = ("place", "sector"), ("competent", "supervising")

    place = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="区划")
    sector = models.ForeignKey(Sector, models.PROTECT, related_name="+", verbose_name="行业领域")
    competent = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="行业主管部门"
    )
    supervising = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="监管部门"
    )

    objects = LineQuerySet.as_manager()

    class Meta:
        verbose_name = "行业分工"
        constraints = [
            models.UniqueConstraint(fields=["place", "sector"], condition=Q(valid_to=None), name="line_one_in_force"),
            *period_constraints("line"),
        ]

    def __str__(self):
        return f"{self.place.short_name} · {self.sector.name}"

    def notice_words(self, event):
        return {"competent": _named(self.competent), "supervising": _named(self.supervising)}


class LineEvent(Event):
    """One thing that happened to one line; see `journal.models.Event`."""

    record = models.ForeignKey(Line, models.PROTECT, db_index=False, related_name="events")

    class Meta(Event.Meta):
        verbose_name = "行业分工办理记录"


class ChargeQuerySet(PeriodQuerySet):
    def visible_to(self, user):
        """Those of the units in the reader's territory."""
        return self.filter(unit__in=Unit.objects.in_territory_of(user))


class Charge(Period):
    """责任分工: who of a unit answers for a sector (``sector`` NULL: for all that have no row of their own), and who in their
    place (AB 角)."""

    lifecycle, noun, slug = CHARGES, "责任分工", "charge"
    place_in_matrix, says = ("unit", "sector"), ("holder", "deputy")

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="charges", verbose_name="单位")
    sector = models.ForeignKey(Sector, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="行业领域")
    holder = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="责任人")
    deputy = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="副职"
    )

    objects = ChargeQuerySet.as_manager()

    class Meta:
        verbose_name = "责任分工"
        constraints = [
            models.UniqueConstraint(fields=["unit", "sector"], condition=Q(valid_to=None), name="charge_one_in_force"),
            models.UniqueConstraint(
                fields=["unit"], condition=Q(valid_to=None, sector=None), name="charge_one_for_the_rest_in_force"
            ),
            models.CheckConstraint(condition=~Q(holder=F("deputy")), name="charge_deputy_is_another"),
            *period_constraints("charge"),
        ]

    def __str__(self):
        return f"{self.unit.short_name} · {self.sector_words}"

    @property
    def sector_words(self):
        return self.sector.name if self.sector_id else EVERY_SECTOR

    @property
    def acting(self):
        """Who answers today: the holder while they serve the unit, else the deputy; None when both have left."""
        return self.acting_without(None)

    def acting_without(self, person):
        """The same if ``person`` had left."""
        people = (one for one in (self.holder, self.deputy) if one != person)
        return next((one for one in people if serves(one, self.unit_id)), None)

    def notice_words(self, event):
        return {"holder": str(self.holder), "deputy": f"，副职 {self.deputy}" if self.deputy_id else ""}


class ChargeEvent(Event):
    """One thing that happened to one charge; see `journal.models.Event`."""

    record = models.ForeignKey(Charge, models.PROTECT, db_index=False, related_name="events")

    class Meta(Event.Meta):
        verbose_name = "责任分工办理记录"


def serves(person, unit_id):
    """Whether ``person`` (None: nobody) can answer for the unit today: in use there, in a role that reads its rows."""
    return person is not None and person.is_active and person.unit_id == unit_id and person.role in RANKING_READERS


def _named(unit):
    return unit.short_name if unit else "未定"
