"""Who has read a bulletin, by body: counts for its page, lists of those who have not."""

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q

from accounts.models import Unit
from bulletins.models import Addressee, Receipt

NAMED = 3  # bodies that have not read it, named under a count
# Groups in the order of the page: word, condition on the addressee.
GROUPS = (
    ("市级单位", Q(unit__level=Unit.Level.CITY)),
    ("县（市、区）", Q(unit__level=Unit.Level.COUNTY) & ~Q(unit__kind=Unit.Kind.DEPARTMENT)),
    ("县（市、区）部门", Q(unit__level=Unit.Level.COUNTY, unit__kind=Unit.Kind.DEPARTMENT)),
    ("乡镇（街道）", Q(unit__level=Unit.Level.TOWNSHIP)),
)


@dataclass(frozen=True)
class Group:
    """``read`` of ``total`` bodies; ``late`` names some of the others."""

    label: str
    total: int
    read: int
    late: list

    @property
    def unread(self):
        return self.total - self.read


@dataclass(frozen=True)
class Readings:
    groups: list

    @property
    def total(self):
        return sum(group.total for group in self.groups)

    @property
    def read(self):
        return sum(group.read for group in self.groups)

    @property
    def unread(self):
        return self.total - self.read


def with_reading(addressees):
    """``addressees`` with ``has_read``: whether anybody of the body has opened the bulletin."""
    return addressees.annotate(
        has_read=Exists(Receipt.objects.filter(bulletin=OuterRef("bulletin"), unit=OuterRef("unit")))
    )


def readings_of(bulletin):
    """The `Readings` of an issued bulletin; two queries."""
    rows = with_reading(Addressee.objects.filter(bulletin=bulletin)).order_by()
    counted = rows.aggregate(
        **{f"total{place}": Count("pk", filter=where) for place, (_, where) in enumerate(GROUPS)},
        **{f"read{place}": Count("pk", filter=where & Q(has_read=True)) for place, (_, where) in enumerate(GROUPS)},
    )
    late = {place: [] for place in range(len(GROUPS))}
    names = (
        rows.filter(has_read=False).order_by("unit__code").values_list("unit__short_name", "unit__level", "unit__kind")
    )
    for name, level, kind in names:
        late[_place(level, kind)].append(name)
    return Readings(
        [
            Group(label, counted[f"total{place}"], counted[f"read{place}"], late[place][:NAMED])
            for place, (label, _) in enumerate(GROUPS)
            if counted[f"total{place}"]
        ]
    )


def _place(level, kind):
    if level == Unit.Level.COUNTY:
        return 2 if kind == Unit.Kind.DEPARTMENT else 1
    return 0 if level == Unit.Level.CITY else 3


def unread_by(user, bulletins):
    """Those of ``bulletins`` that were sent to the body of ``user`` and that this person has not opened."""
    sent = Addressee.objects.filter(bulletin=OuterRef("pk"), unit=user.unit_id)
    mine = Receipt.objects.filter(bulletin=OuterRef("pk"), person=user.pk)
    return bulletins.issued().filter(Exists(sent), ~Exists(mine))
