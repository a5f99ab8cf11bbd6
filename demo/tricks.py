"""What townships do that only want figures, so that every kind of flag (`flags.kinds`) has something to find: one trick a township."""

from demo.lives import Plan
from demo.tempers import GAMING
from demo.today import Staged

ON_SPOT, COPIED, VAGUE, BACKDATED, UNCHANGED, BURST, UNPUNISHED = range(7)
SPOT_DAYS = 100  # days in which one township closes whatever it finds on the spot
SAME = {"description": "消防通道堆放货物，影响疏散", "location": "车间一楼"}
SAYING_NOTHING = (
    "存在安全隐患",
    "已整改",
    "消防设施不完善",
    "安全出口",
    "管理不到位",
    "有杂物",
    "已按要求整改完毕",
    "无",
)
CROWD = 24  # firms more than its share in the township that punishes nobody: of few it would say nothing
AT_HOME = 6  # firms at home; in some of them the township finds something in between
SPREAD = (88, 2)  # days ago of the first finding there, and days between two of them


def tricksters(tempers):
    """``{division code: trick}`` for as many tricks as there are townships that only want figures."""
    gaming = sorted(code for code, temper in tempers.items() if temper is GAMING)
    return dict(zip(gaming, range(7), strict=False))


def tricks(cast, register, players):
    """The `Staged` visits of the last weeks by ``players`` ({division code: trick}), and at home firms where a department finds what the
    township had not seen; none without players."""
    if not players:
        return
    units = {unit.division_code: unit for unit in cast.units.values() if unit.code == unit.division_code}
    for code, trick in players.items():
        firms = register.fitting(register.of_township.get(code, []), "general")
        if firms:
            yield from _STAGED[trick](units[code], firms)
    department = cast.accounts["department"].unit
    for n, firm in enumerate(register.fitting(register.of_township[cast.home.division_code], "general")[-AT_HOME:]):
        yield Staged(26 - n, firm, cast.home, None)
        yield Staged(14 - n, firm, department, Plan(rounds=((4, 2),)))


def _many(unit, firms, count, plan, *, ago, step=1, **besides):
    return [Staged(ago - n * step, firms[n % len(firms)], unit, plan, **besides) for n in range(count)]


def _spot(unit, firms):
    return _many(unit, firms, 12, Plan(on_spot=True), ago=80, step=5)


def _same(unit, firms):
    return _many(unit, firms, 9, Plan(allowed=45, rounds=((3, 2),)), ago=26, step=2, text=SAME)


def _nothing(unit, firms):
    plan = Plan(rounds=((3, 2),))
    return [
        Staged(26 - 2 * n, firms[n % len(firms)], unit, plan, text={"description": words, "location": ""})
        for n, words in enumerate(SAYING_NOTHING)
    ]


def _late(unit, firms):
    return _many(unit, firms, 8, Plan(rounds=((3, 2),)), ago=24, step=2, late=16)


def _again(unit, firms):
    return _many(unit, firms, 5, Plan(rounds=((3, 2),)), ago=32, step=3, resent=True)


def _at_once(unit, firms):
    """All found on a day and reviewed in one minute, on a Friday at half past four."""
    return _many(unit, firms, 14, Plan(allowed=60, rounds=((2, 1),), by_the_dozen=True), ago=23, step=0)


def _unpunished(unit, firms):
    first, step = SPREAD
    return _many(unit, firms, min(len(firms), first // step), Plan(allowed=30, rounds=((6, 3),)), ago=first, step=step)


_STAGED = {
    ON_SPOT: _spot, COPIED: _same, VAGUE: _nothing, BACKDATED: _late, UNCHANGED: _again, BURST: _at_once,
    UNPUNISHED: _unpunished,
}  # fmt: skip
