"""Which departments of a place answer for which sector."""

from accounts.models import Unit
from journal import gate
from journal.refusal import Refused
from responsibilities.choosing import departments_for
from responsibilities.models import Line
from responsibilities.operations.periods import begin, require_keeper, succeed, told_of

LABELS = {"competent": "行业主管部门", "supervising": "监管部门"}


def appoint_line(*, by, at, place, sector, competent=None, supervising=None):
    """Settle which departments of ``place`` (a county or city) are competent for ``sector`` and supervise it."""
    line = Line(place=place, sector=sector, competent=competent, supervising=supervising)
    require_keeper(line, by)
    if place.kind != Unit.Kind.GOVERNMENT or place.level == Unit.Level.TOWNSHIP or not place.is_active:
        raise Refused("行业分工按县（区）或市确定，请选择县（区）或市")
    _check(line.place, competent, supervising)
    return begin(line, by=by, at=at, changes=told_of(line))


def replace_line(line, *, by, at, competent=None, supervising=None, reason=""):
    """Settle it otherwise from today on; the event, None when it is so already. Hazards keep whom they name."""
    gate.check(line, "replace", by=by)
    _check(line.place, competent, supervising, held={line.competent_id, line.supervising_id})
    return succeed(line, {"competent": competent, "supervising": supervising}, by=by, at=at, reason=reason)


def _check(place, competent, supervising, held=frozenset()):
    """``held``: the ids of departments that the row names already, in use or not."""
    if competent is None and supervising is None:
        raise Refused("请至少确定一个部门；都不确定的，请办理“撤销”")
    allowed = held | set(departments_for(place).values_list("pk", flat=True))
    for name, unit in (("competent", competent), ("supervising", supervising)):
        if unit is not None and unit.pk not in allowed:
            raise Refused(f"{LABELS[name]}须是{place.short_name}或所属市在用的部门，请重新选择")
