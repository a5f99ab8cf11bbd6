"""Which enterprises meet the condition of being proposed for closure, counted in SQL whenever it is asked: no flag that can rot.

安全生产法 §113 (一): 存在重大事故隐患，一百八十日内三次或者一年内四次受到本法规定的行政处罚. A major hazard that is there now, that is: an
open row; a penalty that was withdrawn counts no more. A period begins on the day after the first penalty (民法典 §201), so one of
180 days ago is the last that counts.
"""

from datetime import timedelta

from django.conf import settings
from django.db.models import Count, Exists, F, IntegerField, Max, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from enforcement.kinds import Kind
from enforcement.models import Measure
from hazards.models import Hazard
from inspections.models import Enterprise


def since_days(today):
    """``(the first day of the 180 days, the first day of the year)`` up to ``today``."""
    try:
        year = today.replace(year=today.year - 1)
    except ValueError:  # 29 February: the year that began on 28 February ended yesterday
        year = today.replace(year=today.year - 1, month=3, day=1)
    return today - timedelta(days=settings.CLOSURE_DAYS), year


def standing(firms, today):
    """Those of ``firms`` (enterprises) that meet the condition on ``today``, with what was counted: ``penalties_short``,
    ``penalties_year``, ``majors``, and ``proposed_on``, the day of the newest proposal of that year or None."""
    short, year = since_days(today)
    counted = Measure.objects.counted().filter(on__range=(min(short, year), today))
    grouped = (
        counted.filter(kind=Kind.PENALTY, enterprise__in=firms.order_by().values("pk"))
        .order_by()
        .values("enterprise")
        .annotate(in_short=Count("pk", filter=Q(on__gte=short)), in_year=Count("pk", filter=Q(on__gte=year)))
        .filter(Q(in_short__gte=settings.CLOSURE_PENALTIES) | Q(in_year__gte=settings.CLOSURE_PENALTIES_IN_A_YEAR))
    )
    own = grouped.filter(enterprise=OuterRef("pk"))
    major = Hazard.objects.open().filter(enterprise=OuterRef("pk"), level=Hazard.Level.MAJOR).order_by()
    proposal = counted.filter(enterprise=OuterRef("pk"), kind=Kind.CLOSURE).order_by().values("enterprise")
    return (
        firms.exclude(status=Enterprise.Status.CLOSED)
        .filter(Exists(major), pk__in=grouped.values("enterprise"))
        .annotate(
            penalties_short=Subquery(own.values("in_short")),
            penalties_year=Subquery(own.values("in_year")),
            majors=Coalesce(
                Subquery(major.values("enterprise").annotate(n=Count("pk")).values("n")),
                Value(0),
                output_field=IntegerField(),
            ),
            proposed_on=Subquery(proposal.annotate(day=Max("on")).values("day")),
        )
    )


def decided_by(firms, unit, today):
    """Those of ``firms`` against which ``unit`` decided one of the penalties counted."""
    short, year = since_days(today)
    own = Measure.objects.counted().filter(
        enterprise=OuterRef("pk"), kind=Kind.PENALTY, unit=unit, on__range=(min(short, year), today)
    )
    return firms.filter(Exists(own))


def waiting_for(user, today):
    """The enterprises that ``user`` should propose, none proposed yet: for a safety office those of its territory, for another body
    those it punished itself; the most penalties first. None for who proposes nothing."""
    if not user.is_officer:
        return None
    firms = Enterprise.objects.visible_to(user)
    if user.role != "safety_office":
        firms = decided_by(firms, user.unit_id, today)
    return standing(firms, today).filter(proposed_on=None).order_by(F("penalties_year").desc(), "pk")
