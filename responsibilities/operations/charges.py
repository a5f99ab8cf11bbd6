"""Who of a unit answers for which sector."""

from accounts.models import Unit
from journal import gate
from journal.refusal import Refused
from responsibilities.choosing import staff_of
from responsibilities.models import Charge
from responsibilities.operations.periods import begin, require_keeper, succeed, told_of

OTHERS = "{label}须是{unit}在用的人员，请从该单位的人员中选择"


def appoint_charge(*, by, at, unit, holder, sector=None, deputy=None):
    """Name who answers for ``sector`` (None: for every one without a row of its own) in ``unit``, and the deputy."""
    charge = Charge(unit=unit, sector=sector, holder=holder, deputy=deputy)
    require_keeper(charge, by)
    _check_unit(unit, by)
    _check_people(unit, holder, deputy)
    return begin(charge, by=by, at=at, changes=told_of(charge))


def replace_charge(charge, *, by, at, holder, deputy=None, reason=""):
    """Name others from today on; the event, None when they are named already. Hazards keep whom they name."""
    gate.check(charge, "replace", by=by)
    _check_people(charge.unit, holder, deputy)
    return succeed(charge, {"holder": holder, "deputy": deputy}, by=by, at=at, reason=reason)


def _check_unit(unit, by):
    if not Unit.objects.in_territory_of(by).active().filter(pk=unit.pk).exists():
        raise Refused("单位应为您管辖范围内在用的单位，请重新选择")


def _check_people(unit, holder, deputy):
    if deputy is not None and deputy.pk == holder.pk:
        raise Refused("副职不能就是责任人本人，请另选一人或不填")
    for label, person in (("责任人", holder), ("副职", deputy)):
        if person is not None and not staff_of(unit.pk).filter(pk=person.pk).exists():
            raise Refused(OTHERS.format(label=label, unit=unit.short_name))
