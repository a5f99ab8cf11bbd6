"""Verbs about the unit tree."""

import re
from copy import copy
from uuid import uuid4

from django.db import IntegrityError, transaction

from accounts.divisions import departments, divisions_under
from accounts.models import Unit
from accounts.operations.texts import check_row, words_of
from folding.texts import fold
from journal import chronicle, gate
from journal.refusal import Refused

LEVELS = {2: Unit.Level.CITY, 3: Unit.Level.COUNTY, 4: Unit.Level.TOWNSHIP}
NAMESAKES = 5  # units offered when a name is not clear
EDITED = ("code", "name", "short_name")


@transaction.atomic
def init_city(city, *, at, uids=None):
    """Make the units of one city from the division codes; returns how many were new.

    City → counties → townships as governments, each with its committee office, and the departments of city and counties.
    ``uids``: an iterator of uids for the new units, for whoever needs them foreseeable. Units that exist already (by code, departments also by division and function) stay as they are, edited or not. Raises Refused for a code that is no city.
    """
    places = (
        [place for place in divisions_under(city) if place.level in LEVELS] if len(city) == 4 and city.isdigit() else []
    )
    if not places:
        raise Refused(f"没有代码为“{city}”的地级市；请给出四位行政区划代码，例如商丘市 4114")
    known = dict(Unit.objects.filter(city_code=city).values_list("code", "pk"))
    before, uids = len(known), uids or iter(uuid4, None)
    for level in LEVELS:
        _create([_government(place, known) for place in places if place.level == level], known, at, uids)
    _create([_office(place, known) for place in places], known, at, uids)
    kept = set(Unit.objects.departments().filter(city_code=city).values_list("division_code", "function"))
    made = [unit for place in places for unit in _departments(place, known)]
    _create([unit for unit in made if (unit.division_code, unit.function) not in kept], known, at, uids)
    return len(known) - before


def edit_unit(unit, *, by, at, **facts):
    """The system administrator changes code, name or short name (``facts``, by field name); returns the event, None when
    nothing changes. The code begins with the division the unit lies in, for a government it is that."""
    gate.check(unit, "edit", by=by)
    wanted = copy(unit)
    for name in EDITED:
        setattr(wanted, name, facts.get(name, getattr(unit, name)))
    check_row(wanted, EDITED)
    values, changes = gate.differences(unit, {name: getattr(wanted, name) for name in EDITED}, words_of)
    if not values:
        return None
    taken = f"单位代码“{wanted.code}”已经有单位使用"
    if "code" in values:
        _check_code(wanted)
        if Unit.objects.filter(code=wanted.code).exists():
            raise Refused(taken)
    try:
        return gate.move(unit, "edit", by=by, at=at, changes=changes, **values)
    except IntegrityError as error:
        raise Refused(taken) from error


@transaction.atomic
def retire_unit(unit, *, by, at):
    """The system administrator takes a unit out of use: it is offered nowhere. Not while people in use serve it."""
    gate.check(unit, "retire", by=by)
    Unit.objects.select_for_update().get(pk=unit.pk)  # nobody is brought into it while its people are counted
    if count := unit.people.filter(is_active=True).count():
        raise Refused(f"{unit}还有 {count} 名启用的人员，请先为他们更换单位或停用账号")
    changes = {"状态": "启用 → 停用"}
    return gate.move(unit, "retire", by=by, at=at, changes=changes, is_active=False, retired_on=gate.day_of(at))


def restore_unit(unit, *, by, at):
    """The system administrator brings a retired unit back into use."""
    return gate.move(unit, "restore", by=by, at=at, changes={"状态": "停用 → 启用"}, is_active=True, retired_on=None)


def _check_code(unit):
    is_government = unit.kind == Unit.Kind.GOVERNMENT
    if not re.fullmatch(unit.division_code + ("" if is_government else "-[0-9A-Z]+"), unit.code):
        shape = unit.division_code + ("" if is_government else "-加大写字母或数字")
        raise Refused(f"单位代码应写作“{shape}”，与行政区划一致")


def _create(units, known, at, uids):
    new = [unit for unit in units if unit.code not in known]
    for unit in new:
        unit.uid = next(uids)
    lives = chronicle.born(new, "found", by=None, at=at)
    chronicle.write(lives)
    known |= {life.record.code: life.record.pk for life in lives}


def _government(place, known):
    return Unit(
        code=place.code,
        name=_government_name(place),
        short_name=place.name,
        kind=Unit.Kind.GOVERNMENT,
        level=LEVELS[place.level],
        division_code=place.code,
        parent_id=known.get(place.parent),
    )


def _government_name(place):
    if place.name.endswith("街道"):
        return f"{place.name}办事处"
    return f"{place.name}人民政府" if place.name[-1] in "市区县镇乡旗" else f"{place.name}管理委员会"


def _office(place, known):
    return Unit(
        code=f"{place.code}-AWB",
        name=f"{place.name}安全生产委员会办公室",
        short_name=f"{place.name}安委办",
        kind=Unit.Kind.COMMITTEE_OFFICE,
        level=LEVELS[place.level],
        division_code=place.code,
        parent_id=known[place.code],
    )


def _departments(place, known):
    for row in departments():
        if place.level == 2 or (place.level == 3 and row["county"] == "1"):
            name, short = row["name"], row["short_name"]
            if place.level == 3:
                name, short = name.replace("支队", "大队"), short.replace("支队", "大队")
            yield Unit(
                code=f"{place.code}-{row['function']}",
                name=f"{place.name}{name}",
                short_name=f"{place.name}{short}",
                kind=Unit.Kind.DEPARTMENT,
                level=LEVELS[place.level],
                function=row["function"],
                division_code=place.code,
                parent_id=known[place.code],
            )


def unit_named(text):
    """The unit in use that ``text`` means: its code, or its full or short name; Refused when none or several are meant."""
    text, said = text.strip(), fold(text)
    found = list(Unit.objects.active().filter(folded__says=said).order_by("code")[: NAMESAKES + 1]) if said else []
    exact = [unit for unit in found if fold(unit.code) == said] or found
    if len(exact) == 1:
        return exact[0]
    if found:
        raise Refused(f"有多个单位叫“{text}”，请填写单位代码：{_offered(found[:NAMESAKES])}")
    near = Unit.objects.active().filter(folded__holds=said).order_by("code")[:NAMESAKES] if said else []
    hint = f"是不是：{_offered(near)}" if near else "请填写单位代码或完整名称"
    raise Refused(f"没有找到单位“{text[:40]}”，{hint}")


def _offered(units):
    return "、".join(f"{unit.code} {unit.name}" for unit in units)
