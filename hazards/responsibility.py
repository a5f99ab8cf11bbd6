"""Whom a new hazard falls to when nobody says otherwise: read from the matrix once, and then written on the row for ever."""

from functools import reduce
from operator import or_

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q

from accounts.models import Unit, User
from accounts.roles import RANKING_READERS, Role
from accounts.scope import in_division
from folding.texts import fold
from hazards.lifecycle import OPEN_STATES
from inspections.models import Enterprise
from journal.refusal import Refused
from responsibilities.choosing import answering, line_for, staff_of

KINDS = ("territorial", "competent", "supervising", "enterprise")
BODIES = KINDS[:3]  # those that are units of government
LABELS = {"territorial": "属地责任", "competent": "行业主管", "supervising": "监管责任", "enterprise": "企业主体"}


def defaults_for(enterprise):
    """Field values for a Hazard, from the matrix (`responsibilities`) where it speaks. Bodies: township → territorial; the line in
    force for the sector, else its functions → competent and supervising department of the county, or of the city where the
    county has none. Holders: whom each body names for the sector, else its first manager; of the firm `of_firm`. At most 8 queries."""
    sector, line = enterprise.sector, line_for(enterprise.division_code, enterprise.sector_id)
    bodies = {"territorial": enterprise.township}
    for kind in ("competent", "supervising"):
        named = getattr(line, kind, None)
        function = getattr(sector, f"{kind}_function", "")
        bodies[kind] = named if named is not None and named.is_active else department_for(enterprise, function)
    units = [unit for unit in bodies.values() if unit is not None]
    holders = _managers_of(units) | answering(units, enterprise.sector_id)
    values = {}
    for kind, unit in bodies.items():
        holder = holders.get(unit.pk) if unit is not None else None
        values |= {f"{kind}_unit": unit} | held_by(kind, holder)
    return values | of_firm(enterprise, enterprise.members.filter(is_active=True, role=Role.ENTERPRISE).order_by("pk"))


def of_firm(enterprise, members):
    """The three columns of 企业主体: `member_of` the firm, else the principal's name alone, else the safety manager's."""
    member = member_of(enterprise, members)
    named = (enterprise.principal, enterprise.phone)
    if not enterprise.principal and enterprise.safety_manager:
        named = (enterprise.safety_manager, enterprise.safety_manager_phone)
    if member is not None:
        return held_by("enterprise", member)
    return held_by("enterprise", None) | dict(zip(("enterprise_person", "enterprise_phone"), named, strict=True))


def member_of(enterprise, members):
    """Of the ``members`` in use: the principal, who answers for everything (安全生产法 §5), else the safety manager, by their names,
    else the first; None when there are none."""
    members = list(members)
    for name in filter(None, (enterprise.principal, enterprise.safety_manager)):
        found = next((one for one in members if fold(str(one)) == fold(name)), None)
        if found is not None:
            return found
    return members[0] if members else None


def held_by(kind, holder):
    """The three columns of one responsibility that name its holder; empty for None."""
    return {
        f"{kind}_holder": holder,
        f"{kind}_person": str(holder) if holder else "",
        f"{kind}_phone": holder.phone if holder else "",
    }


def left(kind):
    """A ``Q`` for open hazards whose holder of ``kind`` is an account that serves the body no more: stopped, moved, or in a role
    that reads nothing. A name without an account is nobody's to judge."""
    there = User.objects.filter(pk=OuterRef(f"{kind}_holder"), is_active=True)
    if kind == "enterprise":
        there = there.filter(role=Role.ENTERPRISE, enterprises=OuterRef("enterprise"))
    else:
        there = there.filter(role__in=RANKING_READERS, unit=OuterRef(f"{kind}_unit"))
    return Q(state__in=OPEN_STATES) & Q(**{f"{kind}_holder__isnull": False}) & ~Exists(there)


def held_by_person(person):
    """A ``Q`` for the open hazards that ``person`` answers for."""
    return Q(state__in=OPEN_STATES) & named_as_holder(person)


def named_as_holder(person):
    """A ``Q`` for the hazards that name ``person``, whatever became of them."""
    return reduce(or_, (Q(**{f"{kind}_holder": person}) for kind in KINDS))


def people_seen_by(user):
    """The people of the units in the territory of ``user``, in use or not: whose rows can be asked for."""
    return User.objects.filter(unit__in=Unit.objects.in_territory_of(user))


def successors_of(person, rows):
    """Who may answer in the place of ``person`` for one of ``rows`` at least: the people of the bodies, and of the firms, for which
    ``person`` answers there, whatever ``person`` is of by now. Each may for those of their own: `taken_by`."""
    rows = rows.order_by()
    units = reduce(
        or_, (Q(unit__in=rows.filter(**{f"{kind}_holder": person}).values(f"{kind}_unit")) for kind in BODIES)
    )
    firms = Q(enterprises__in=rows.filter(enterprise_holder=person).values("enterprise"))
    serving = Q(role__in=RANKING_READERS) & units | Q(role=Role.ENTERPRISE) & firms
    return User.objects.filter(serving, is_active=True).exclude(pk=person.pk).distinct()


def taken_by(to, person):
    """A ``Q`` for the hazards that name ``person`` where ``to`` may be named instead."""
    if to.role == Role.ENTERPRISE:
        return Q(enterprise_holder=person, enterprise__in=Enterprise.objects.filter(members=to))
    return reduce(or_, (Q(**{f"{kind}_holder": person, f"{kind}_unit": to.unit_id}) for kind in BODIES))


def answered_for_by(user):
    """`hazards.rules.answers_for_it` as a ``Q``, of the rows in the scope of a manager."""
    if user.role == Role.SAFETY_OFFICE:
        return Q()
    return reduce(or_, (Q(**{f"{kind}_unit": user.unit_id}) for kind in BODIES))


def flags_of_left():
    """``{"left_<kind>": expression}``, to annotate hazards with."""
    return {f"left_{kind}": ExpressionWrapper(left(kind), BooleanField()) for kind in KINDS}


def people_behind(hazard, kind):
    """Who may hold the responsibility ``kind`` of ``hazard``: the active people of the body that has it, if one is named.

    Not whoever has another role by now: a firm's member who became an officer, an administrator of the body's.
    """
    if kind == "enterprise":
        return User.objects.filter(enterprises=hazard.enterprise_id, is_active=True, role=Role.ENTERPRISE)
    unit_id = getattr(hazard, f"{kind}_unit_id")
    return User.objects.none() if unit_id is None else staff_of(unit_id)


def replaced(hazard, holders, reason):
    """``(columns, {label: words})`` of naming ``holders`` ({kind: User}) for ``hazard``; those named already change nothing.

    Refused for who is not of the body, and without a ``reason``.
    """
    fields, changes = {}, {}
    for kind in KINDS:
        holder = holders.get(kind)
        if holder is None or holder.pk == getattr(hazard, f"{kind}_holder_id"):
            continue
        if not people_behind(hazard, kind).filter(pk=holder.pk).exists():
            raise Refused(not_behind(kind))
        before = getattr(hazard, f"{kind}_person") or "未指定"
        changes[LABELS[kind]] = f"{before} → {holder}"
        fields |= held_by(kind, holder)
    if fields and not reason:
        raise Refused("更换责任人须填写理由")
    if fields:
        changes["更换理由"] = reason
    return fields, changes


def not_behind(kind):
    """What is said when somebody else is named."""
    return f"{LABELS[kind]}的责任人须是该单位的在职人员，请从该单位的人员中选择"


def department_for(enterprise, function):
    """The active department with ``function`` nearest above the enterprise: its county's, else its city's; None if none."""
    if not function:
        return None
    candidates = Unit.objects.active().departments().filter(function=function)
    here = in_division(enterprise.division_code[:6]) | in_division(enterprise.division_code[:4])
    by_level = {
        unit.level: unit for unit in candidates.filter(here) if enterprise.division_code.startswith(unit.division_code)
    }
    return by_level.get(Unit.Level.TOWNSHIP) or by_level.get(Unit.Level.COUNTY) or by_level.get(Unit.Level.CITY)


def _managers_of(units):
    """The first active manager of each unit: ``{unit_id: User}``."""
    managers = User.objects.filter(unit__in=units, role=Role.MANAGER, is_active=True).order_by("-pk")
    return {person.unit_id: person for person in managers}
