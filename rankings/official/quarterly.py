"""事故隐患排查治理情况统计分析表 (季报, 年报): a row for each sector; 15 columns, those of figures numbered 1 to 14.

A quarter or a year is cumulated since the first day of the year, as national forms are. Major hazards of before that are carried over while
they are open or were closed since.
"""

from datetime import datetime, time

from django.db.models import Count, Exists, OuterRef, Q, Subquery, Sum
from django.utils import timezone

from accounts.models import Unit
from accounts.scope import in_division
from hazards.lifecycle import State
from hazards.models import HazardEvent, RectificationPlan
from hazards.models.major import ASSURANCES
from rankings.figures import MAJOR, conditions
from rankings.kinds import SECTOR
from rankings.official.basis import answered_by, closed_by, grouped, of_unit, rows_for
from rankings.official.layout import Filled, Head, percent, signatures, ten_thousands
from reporting.models import ReportEvent

NAME = "事故隐患排查治理情况统计分析表"
CALLED = {"week": "周报", "month": "月报", "quarter": "季报", "year": "年报"}
# The form's five counters 五到位 beside the five assurances 五落实 of a plan, in the order of the columns 9 to 13.
COUNTERS = (
    ("落实治理目标任务", "measures"), ("落实治理经费物资", "funds"), ("落实治理机构人员", "responsibility"),
    ("落实治理时间要求", "time"), ("落实安全措施应急预案", "emergency"),
)  # fmt: skip
HEADS = (
    Head("行业和领域", key="name", width=18),
    Head("", (Head("排查单位数", unit="家（1）", key="firms"),)),
    Head("一般隐患", (
        Head("隐患数", unit="项（2）", key="general"),
        Head("已整改数", unit="项（3）", key="general_rectified"),
        Head("整改率", unit="%（4）", key="general_rate"),
    )),
    Head("重大隐患", (
        Head("排查治理重大隐患", (
            Head("重大隐患数", unit="项（5）", key="major"),
            Head("已整改销号数", unit="项（6）", key="major_closed"),
            Head("整改率", unit="%（7）", key="major_rate"),
        )),
        Head("列入治理计划的重大隐患", (
            Head("重大隐患数", unit="项（8）", key="planned"),
            Head("其中", tuple(
                Head(label, unit=f"项（{number}）", key=name, width=9) for number, (label, name) in enumerate(COUNTERS, 9)
            )),
            Head("累计落实治理资金", unit="万元（14）", key="money", width=10),
        )),
    )),
)  # fmt: skip
SUMMED = (
    "firms", "general", "general_rectified", "major", "major_closed", "carried", "planned", *(name for _, name in COUNTERS), "money",
)  # fmt: skip
NO_SECTOR = "未注明行业"


def filled(basis, unit):
    """The `Filled` form of ``unit`` (a government or a department), a row for each sector."""
    counted, empty = _counted(basis, unit), dict.fromkeys(SUMMED, 0)
    listed = [empty | counted.pop(row["pk"], {}) | {"name": row["name"]} for row in rows_for(basis, SECTOR, unit)]
    left = {
        name: sum(one.get(name, 0) for one in counted.values()) for name in SUMMED
    }  # rows without a sector, and those of one unknown then
    if any(left.values()):
        listed.append(left | {"name": NO_SECTOR})
    total = {name: sum(one[name] for one in listed) for name in SUMMED} | {"name": "合计"}
    return Filled(
        title=f"{unit.short_name} {basis.period.full_words}{NAME}（{CALLED[basis.period.unit]}）",
        heads=HEADS,
        rows=[_values(one) for one in listed],
        total=_values(total),
        stamp=basis.stamp,
        lead=f"填报单位（章）：{unit.name}　　　　截止到 {basis.span.last.year} 年 {basis.span.last.month} 月 {basis.span.last.day} 日",
        notes=_notes(total),
        foot=signatures(unit.name),
        wrong=checked(listed),
    )


def checked(rows):
    """What the rules of the form forbid, as sentences: (8) ≤ (5) − (6), and each of (9) to (13) ≤ (8)."""
    wrong = []
    for one in rows:
        if one["planned"] > one["major"] - one["major_closed"]:
            wrong.append(f"{one['name']}：列入治理计划的重大隐患（8）多于未销号的重大隐患（5－6），请核对台账后再报")
        wrong += [
            f"{one['name']}：{label}（{number}）多于列入治理计划的重大隐患（8），请核对台账后再报"
            for number, (label, name) in enumerate(COUNTERS, 9)
            if one[name] > one["planned"]
        ]
    return wrong


def _notes(total):
    notes = [f"重大隐患数（5）含以前发现、本期初尚未销号的 {total['carried']:,} 项。"] if total["carried"] else []
    return [
        *notes,
        "已整改数（3）含已反馈、待复查未超过规定天数的一般隐患；（6）只计已销号的；（8）为截止时未销号、整改方案已批准的重大隐患；（14）为这些方案的计划投入。“/”表示没有可计算的数。",
    ]


def _counted(basis, unit):
    """``{id of a sector: figures}``; None for what has none."""
    found = {}
    for rows in (_hazards(basis, unit), _firms(basis, unit), _plans(basis, unit)):
        for row in rows:
            found.setdefault(row.pop("place"), {}).update(row)
    return found


def _hazards(basis, unit):
    span = basis.span
    wanted = conditions(span, basis.constants)
    general, closed, answered = wanted["found"] & ~MAJOR, closed_by(span), answered_by(span, basis.constants)
    major, carried = _majors(span)
    rows = basis.hazards.filter(of_unit(unit, "competent_unit")).filter(wanted["found"] | carried)
    return grouped(rows, "sector").annotate(
        general=Count("pk", filter=general),
        general_rectified=Count("pk", filter=general & (closed | answered)),
        major=Count("pk", filter=major),
        major_closed=Count("pk", filter=major & closed),
        carried=Count("pk", filter=carried),
    )


def _majors(span):
    """``(those to be dealt with in the span, of them those carried over)``: found in it, or before and not closed when it began."""
    closed_before = Q(state=State.CLOSED) & (Q(closed_on=None) | Q(closed_on__lt=span.first))
    carried = MAJOR & Q(found_on__lt=span.first) & ~closed_before
    return MAJOR & Q(found_on__range=(span.first, span.last)) | carried, carried


def _firms(basis, unit):
    """Enterprises that were visited by anybody, or that filed a report of their self-inspection, each once. Of a department: those it visited
    itself, and of its line of work those that reported."""
    span = basis.span
    firms = basis.source.firms.filter(registered_on__lte=span.last)
    visits = basis.source.visits.filter(
        enterprise=OuterRef(basis.firm_key), inspected_on__range=(span.first, span.last)
    )
    since = timezone.make_aware(datetime.combine(span.first, time()))
    filed = ReportEvent.objects.filter(
        kind__in=("file", "file_zero"), at__gte=since, at__lt=basis.cut_off, record__enterprise=OuterRef(basis.firm_key)
    )
    if unit.kind == Unit.Kind.DEPARTMENT:
        line = Q(sector__competent_function=unit.function) if unit.function else Q(pk__in=[])
        line &= in_division(unit.division_code)
        chosen = Exists(visits.filter(unit=unit.pk)) | line & Exists(filed)
        firms = firms.filter(chosen)
    else:
        firms = firms.filter(of_unit(unit)).filter(Exists(visits) | Exists(filed))
    return grouped(firms, "sector").annotate(firms=Count("pk"))


def _plans(basis, unit):
    """Of the major hazards open at the end of the span: those with an approved plan in force then, how many of them have each assurance
    settled, and the money of the plans. An order given anew, or a level corrected, ends the plan of before."""
    open_then = (
        basis.hazards.filter(_majors(basis.span)[0])
        .exclude(closed_by(basis.span))
        .filter(of_unit(unit, "competent_unit"))
    )
    plans = RectificationPlan.objects.filter(
        decision__approved=True,
        decision__at__lt=basis.cut_off,
        hazard__in=open_then.order_by().values(basis.hazard_key),
    )
    newer = RectificationPlan.objects.filter(
        hazard=OuterRef("hazard"),
        number__gt=OuterRef("number"),
        decision__approved=True,
        decision__at__lt=basis.cut_off,
    )
    ended = HazardEvent.objects.filter(
        record=OuterRef("hazard"),
        kind__in=("reopen", "downgrade"),
        at__gt=OuterRef("decision__at"),
        at__lt=basis.cut_off,
    )
    plans = plans.filter(~Exists(newer), ~Exists(ended))
    settled = {name: Count("pk", filter=Q(**{f"{name}_settled": True})) for name in ASSURANCES}
    # The sector the hazard had then.
    then = Subquery(open_then.order_by().filter(**{basis.hazard_key: OuterRef("hazard")}).values("sector")[:1])
    rows = plans.order_by().annotate(place=then).values("place")
    return rows.annotate(planned=Count("pk"), **settled, money=Sum("money"))


def _values(one):
    said = one | {
        "general_rate": percent(one["general_rectified"], one["general"]),
        "major_rate": percent(one["major_closed"], one["major"]),
        "money": ten_thousands(one["money"]),
    }
    return [said[leaf.key] for head in HEADS for leaf in head.columns]
