"""Who answers for what in the made-up city, as its managers and offices wrote it down: with gaps, and with people who have left."""

import random
from collections import Counter
from datetime import timedelta

from accounts.models import Unit
from demo.people import made_up_uid
from inspections.models import Sector
from journal import chronicle
from journal.chronicle import Life
from journal.gate import day_of
from responsibilities.models import Charge, Line

SEED = "责任分工"
SILENT_EVERY, SILENT = 9, 4  # one unit in nine has not said who answers
LEFT = "XF"  # what those who leave answer for
CHANGED = 200  # days before now the home township gave one sector to another


def fill_matrix(cast, firms, *, at, now):
    """Charges of most units and lines of the home county, all since the moment ``at``; no number is drawn from the city's dice. Nobody of
    the home township answers for the sector of which it has the fewest of ``firms``."""
    rng = random.Random(SEED)  # noqa: S311 - made-up data, and the same every time
    sectors = list(Sector.objects.order_by("order", "code"))
    at_home = Counter(firm.sector_id for firm in firms if firm.township_id == cast.home.pk)
    unheld = min(at_home, key=lambda sector: (at_home[sector], sector), default=None)
    chronicle.write(list(_charges(cast, sectors, unheld, at, now, rng)))
    chronicle.write(list(_lines(cast, sectors, at, rng)))


def _charges(cast, sectors, unheld, at, now, rng):
    # The offices over a place hold nothing themselves.
    units = sorted((cast.units[unit.code] for unit in cast.units.values() if unit.pk in cast.officers), key=_code)
    units = [unit for unit in units if unit.kind != Unit.Kind.COMMITTEE_OFFICE]
    for place, unit in enumerate(units):
        manager, *others = cast.officers[unit.pk]
        named = {"by": manager, "at": at, "rng": rng}
        if unit == cast.home:
            for sector in sectors:
                if sector.pk != unheld:
                    yield from _changed(unit, sector, manager, others, now, **named)
        elif place % SILENT_EVERY != SILENT:
            yield _appointed(unit, None, manager, others[:1], **named)
        if unit.pk in cast.leavers:
            left, _ = cast.leavers[unit.pk]
            sector = next(sector for sector in sectors if sector.code == LEFT)
            yield _appointed(unit, sector, left, [manager] if place % 2 else [], **named)


def _changed(unit, sector, manager, others, now, **named):
    """One charge; that of fire safety was another's first."""
    if sector.code != LEFT or not others:
        yield _appointed(unit, sector, manager, others[:1], **named)
        return
    day = now - timedelta(days=CHANGED, hours=-9)
    first = _appointed(unit, sector, others[0], [], **named)
    first.happen("replace", by=manager, at=day, note="分工调整", valid_to=day_of(day))
    yield first
    yield _appointed(unit, sector, manager, others[:1], **named | {"at": day})


def _appointed(unit, sector, holder, deputies, *, by, at, rng):
    deputy = next(iter(deputies), None)
    charge = Charge(uid=made_up_uid(rng), unit=unit, sector=sector, holder=holder, deputy=deputy, valid_from=day_of(at))
    life = Life(charge)
    life.happen("appoint", by=by, at=at, changes={"责任人": holder, "副职": deputy})
    return life


def _lines(cast, sectors, at, rng):
    """The home county wrote down what the functions of its departments say anyway."""
    county = cast.units[cast.home.division_code[:6]]
    office = cast.officers[cast.units[f"{county.code}-AWB"].pk][0]
    for sector in sectors:
        both = {
            kind: cast.units.get(f"{county.code}-{getattr(sector, f'{kind}_function')}")
            for kind in ("competent", "supervising")
        }
        if all(both.values()):
            line = Line(uid=made_up_uid(rng), place=county, sector=sector, valid_from=day_of(at), **both)
            life = Life(line)
            life.happen(
                "appoint",
                by=office,
                at=at,
                changes={"行业主管部门": both["competent"], "监管部门": both["supervising"]},
            )
            yield life


def _code(unit):
    return unit.code
