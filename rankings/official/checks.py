"""安全生产检查和专项整治工作完成情况统计表: a row for each county, township or department; 17 columns.

Found, rectified and closed are of what was found in the period; visits and penalties are of who paid or decided them, as in the ranking.
"""

from decimal import Decimal

from django.db.models import Count, Q, Sum
from django.db.models.functions import Coalesce

from accounts.models import Unit
from accounts.scope import in_division
from enforcement.kinds import Kind as Measured
from inspections.models import Inspection
from rankings.figures import MAJOR, conditions
from rankings.kinds import DEPARTMENT
from rankings.official.basis import answered_by, by_unit, closed_by, grouped, of_unit, rows_for
from rankings.official.layout import Filled, Head, columns_of, percent, signatures, ten_thousands

NAME = "安全生产检查和专项整治工作完成情况统计表"
BY_HAND = "　"  # behind the slash: what concerns accidents stands in no book of the house
VIOLATIONS = (Head("（违法/事故）"),)


def _text(label, unit, key=""):
    return Head(label, (Head("（违法/事故）", unit=unit, key=key, width=10, is_text=True),))


HEADS = (
    Head("序号", key="number", width=5),
    Head("区域", key="name", width=16),
    Head("检查执法情况", (
        Head("监管企业数", unit="家", key="firms"),
        Head("检查企业目标", unit="家"),
        Head("检查企业数", unit="家次", key="inspections"),
        Head("一般隐患", (
            Head("排查", unit="项", key="general"), Head("已整治", unit="项", key="general_rectified"),
            Head("整改率", unit="%", key="general_rate"),
        )),
        Head("重大隐患", (
            Head("排查", unit="项", key="major"), Head("已整治", unit="项", key="major_closed"),
            Head("整改率", unit="%", key="major_rate"),
        )),
        Head("打击非法违法行为", unit="起"),
        Head("整治违规违章行为", unit="起"),
    )),
    Head("实施处罚情况", (
        _text("处罚总起数", "起", "penalties"),
        _text("已结案事故", "起"),
        _text("处罚金额", "万元", "amount"),
        Head("追究刑事责任", unit="家", key="transferred"),
    )),
)  # fmt: skip
COUNTED = ("general", "general_rectified", "major", "major_closed")
SUMMED = ("inspections", *COUNTED, "penalties", "amount", "transferred")
OUTSIDE = (
    ("inspections", "检查", "家次"),
    ("general", "一般隐患", "项"),
    ("major", "重大隐患", "项"),
    ("penalties", "处罚", "起"),
)


def filled(basis, unit, kind, counties):
    """The `Filled` form of ``unit``, a row for each body of ``kind`` in it. ``counties``: ``{division code: short name}``, by which bodies of
    different counties are told apart in a form of the whole city."""
    rows, counted = rows_for(basis, kind, unit), _counted(basis, unit, kind)
    empty = dict.fromkeys(SUMMED, 0)
    register, covered = _register(basis, unit, kind, rows)
    listed = []
    for row in rows:
        place = row["pk"] if kind is DEPARTMENT else row["division_code"]
        listed.append(
            empty | counted.pop(place, {}) | {"name": _name(row, unit, counties), "firms": register[row["code"]]}
        )
    total = {name: sum(one[name] for one in listed) for name in SUMMED} | {"name": "合计", "firms": covered}
    outside = {name: sum(one.get(name, 0) for one in counted.values()) for name in SUMMED}
    return Filled(
        title=f"{unit.short_name} {basis.period.full_words}{NAME}",
        heads=HEADS,
        rows=[_values(one | {"number": number}) for number, one in enumerate(listed, 1)],
        total=_values(total | {"number": None}),
        stamp=basis.stamp,
        notes=_notes(kind, outside),
        foot=signatures(unit.name),
    )


def _notes(kind, outside):
    left = [f"{label} {outside[name]:,} {measure}" for name, label, measure in OUTSIDE if outside[name]]
    label = {"county": "县区", "township": "乡镇", "department": "部门"}[kind.code]
    notes = [f"未落到表内任何{label}、不在合计内的：{'，'.join(left)}。"] if left else []
    return [
        *notes,
        "“已整治”为本期排查、截止时已销号的隐患；一般隐患含已反馈、待复查未超过规定天数的，重大隐患只计已销号的。“/”表示没有可计算的数。",
        "追究刑事责任按移送司法机关的企业计；检查目标、打非和违章起数、结案事故以及“违法/事故”中的事故部分系统没有数据，留空由填表人填写。",
    ]


def _name(row, unit, counties):
    within = (
        counties.get(row["division_code"][:6], "")
        if unit.level == Unit.Level.CITY and len(row["division_code"]) > 6
        else ""
    )
    return within + row["short_name"]


def _counted(basis, unit, kind):
    """``{place: figures}`` of hazards, visits and measures that are the unit's; a place without a row is told in the notes."""
    wanted, found = conditions(basis.span, basis.constants), {}
    general, major = wanted["found"] & ~MAJOR, wanted["found_major"]
    closed, answered = closed_by(basis.span), answered_by(basis.span, basis.constants)
    hazards = basis.hazards.filter(wanted["found"])
    hazards = hazards.filter(of_unit(unit, "competent_unit"))
    visits = basis.source.visits.filter(by_unit(unit), inspected_on__range=(basis.span.first, basis.span.last))
    penalty, transfer = Q(kind=Measured.PENALTY), Q(kind=Measured.TRANSFER)
    decided = basis.source.measures.filter(
        by_unit(unit), penalty | transfer, on__range=(basis.span.first, basis.span.last)
    )
    decided = decided.filter(Q(withdrawn_on=None) | Q(withdrawn_on__gt=basis.span.last))
    for rows in (
        grouped(hazards, kind.hazard_key).annotate(
            general=Count("pk", filter=general),
            general_rectified=Count("pk", filter=general & (closed | answered)),
            major=Count("pk", filter=major),
            major_closed=Count("pk", filter=major & closed),
        ),
        grouped(visits.exclude(kind=Inspection.Kind.SELF), kind.visit_key).annotate(inspections=Count("pk")),
        grouped(decided, kind.decided_key).annotate(
            penalties=Count("pk", filter=penalty),
            amount=Coalesce(Sum("amount", filter=penalty), Decimal(0)),
            transferred=Count("enterprise", filter=transfer, distinct=True),
        ),
    ):
        for row in rows:
            found.setdefault(row.pop("place"), {}).update(row)
    return found


def _register(basis, unit, kind, rows):
    """``({code: firms}, firms of all rows)`` on the register at the end of the period and not closed. A department answers for the firms of its
    line of work in its county or city, so that a firm may stand in several rows and only once in the total."""
    present = basis.source.firms.filter(registered_on__lte=basis.span.last)
    present = present.filter(Q(closed_on=None) | Q(closed_on__gt=basis.span.last))
    if kind is not DEPARTMENT:
        counted = {
            row["place"]: row["n"]
            for row in grouped(present.filter(of_unit(unit)), kind.firm_key).annotate(n=Count("pk"))
        }
        firms = {row["code"]: counted.get(row["division_code"], 0) for row in rows}
        return firms, sum(firms.values())
    lines = (
        present.filter(in_division(unit.division_code)).order_by().values("county_code", "sector__competent_function")
    )
    counted = {
        (row["county_code"], row["sector__competent_function"]): row["n"] for row in lines.annotate(n=Count("pk"))
    }
    of_row = {row["code"]: [key for key in counted if _answers(row, *key)] for row in rows}
    firms = {code: sum(counted[key] for key in keys) for code, keys in of_row.items()}
    return firms, sum(counted[key] for key in {key for keys in of_row.values() for key in keys})


def _answers(row, county, function):
    return bool(function) and row["function"] == function and county.startswith(row["division_code"])


def _values(one):
    """What stands in each column, in their order."""
    said = one | {
        "general_rate": percent(one["general_rectified"], one["general"]),
        "major_rate": percent(one["major_closed"], one["major"]),
        "penalties": f"{one['penalties']}/{BY_HAND}",
        "amount": f"{ten_thousands(one['amount'])}/{BY_HAND}",
    }
    return [said[head.key] if head.key else None for head in columns_of(HEADS)]
