"""Which enterprises the register page shows: those found, or before anything is typed those most likely meant."""

from inspections.models import Enterprise, Inspection

RECENT, NEARBY = 6, 14
LOOKED_AT = 40  # latest visits of a person that are looked through for different enterprises


def suggested(user):
    """``[(heading, [Enterprise, …]), …]`` in scope: lately visited by ``user``, then others of the same township. 3 queries."""
    visible = Enterprise.objects.visible_to(user).select_related("township", "sector")
    visits = Inspection.objects.filter(created_by=user).order_by("-id").values_list("enterprise_id", flat=True)
    latest = list(dict.fromkeys(visits[:LOOKED_AT]))[:RECENT]
    firms = visible.in_bulk(latest)
    recent = [firms[pk] for pk in latest if pk in firms]
    others = visible.exclude(pk__in=latest)
    if recent:
        others = others.filter(township=recent[0].township_id)
        heading = f"{recent[0].township.short_name}的其他企业"
    else:
        heading = "辖区内的企业"
    groups = [("最近检查过", recent), (heading, list(others.order_by("-id")[:NEARBY]))]
    return [(heading, rows) for heading, rows in groups if rows]


def last_colleague(user):
    """The id of the other inspector of the latest visit ``user`` wrote down, None when there is none. 2 queries."""
    visit = Inspection.objects.filter(created_by=user).order_by("-id").first()
    others = visit.inspectors.exclude(pk=user.pk).order_by("pk") if visit else ()
    return next((person.pk for person in others), None)
