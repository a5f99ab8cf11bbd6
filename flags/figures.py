"""What others are told of flags: how many stand over each unit, for rankings and the page of a unit."""

from dataclasses import dataclass, field

from django.db.models import Count, Q

from flags.models import Flag


@dataclass(frozen=True)
class Standing:
    """Flags of one unit: ``kinds`` is ``{kind: how many stand}``, ``upheld`` how many of them the safety office upheld."""

    kinds: dict = field(default_factory=dict)
    upheld: int = 0

    @property
    def count(self):
        return sum(self.kinds.values())


def standing(day, units=None):
    """``{unit id: Standing}`` at the end of ``day``; units (None: all; a queryset or ids) over which none stands are absent. One query,
    and the same answer whenever it is asked of a past day."""
    rows = Flag.objects.standing_on(day)
    if units is not None:
        rows = rows.filter(unit__in=units)
    upheld = Q(upheld_on__isnull=False, upheld_on__lte=day)
    counted = rows.values("unit", "kind").annotate(stand=Count("pk"), held=Count("pk", filter=upheld))
    found = {}
    for unit, kind, count, held in counted.order_by("unit", "kind").values_list("unit", "kind", "stand", "held"):
        before = found.get(unit, Standing())
        found[unit] = Standing(before.kinds | {kind: count}, before.upheld + held)
    return found
