"""The rows behind a figure: the same condition that counted it, over the same rows (`rankings.figures`)."""

from dataclasses import dataclass

from django.db.models import Q

from hazards.lifecycle import UNLISTED_STATES
from inspections.models import Inspection
from rankings.figures import (
    MEASURES,
    OWN,
    ROWS,
    conditions,
    decided_in,
    granted_in,
    late_transfers,
    missed_rows,
    own_conditions,
    repeats,
    scored,
)
from rankings.kinds import SECTOR
from rankings.operations.freezing import frozen_source
from rankings.operations.ranking import live_source

HAZARD, VISIT, FIRM = "hazard", "visit", "firm"
MEASURE, EXTENSION, TRANSFER = (
    "measure",
    "extension",
    "transfer",
)  # of their own books, in which nothing counted is ever changed
WORDS = {
    "found": "发现", "found_major": "发现的重大隐患", "closed_of_found": "发现并已销号", "due": "按期限到期", "rectified_of_due": "到期并已整改",
    "on_time": "按期整改", "original_on_time": "按原定期限整改", "undated": "已销号、整改日期不详", "believed": "待复查、暂按已整改计",
    "unissued": "超过规定时限未下达", "refused": "反馈后复查不通过", "closed": "销号", "overdue": "逾期未整改", "overdue_general": "逾期的一般隐患",
    "overdue_major": "逾期的重大隐患", "owed_general": "计扣的一般隐患（逾期、超时未下达、超时未复查）", "owed_major": "计扣的重大隐患（逾期、超时未下达、超时未复查）", "waiting_to_issue": "应下达未下达", "reviews_late": "反馈后超过规定天数未复查", "returned": "返潮",
    "own_found": "本单位检查发现", "spot": "当场整改", "finders": "本单位检查发现隐患的企业的隐患", "missed": "上级发现、本单位检查未发现",
    "inspections": "检查", "inspected": "检查", "register_days": "在册企业",
    "orders": "责令整改", "penalties": "行政处罚", "suspensions": "停产停业", "closures": "提请关闭", "punished": "责令整改和行政处罚", "extensions": "批准延期",
    "transfers_late": "移交超时未答复",
}  # fmt: skip
OF = dict.fromkeys((*ROWS, *OWN, "finders", "missed"), HAZARD) | {
    "inspections": VISIT, "inspected": VISIT, "register_days": FIRM,
    "extensions": EXTENSION, "transfers_late": TRANSFER,
} | dict.fromkeys(MEASURES, MEASURE)  # fmt: skip


COPIED = (HAZARD, VISIT, FIRM)


@dataclass(frozen=True)
class Behind:
    """``rows`` of ``model`` (hazard, visit, firm, …) behind ``figure`` of ``line``; ``frozen``: as they stood, not as they stand."""

    model: str
    rows: object
    figure: str
    frozen: bool

    @property
    def words(self):
        return WORDS[self.figure]


def behind(one, line, figure, span):
    """The `Behind` of ``figure`` of ``line`` in the table ``one`` (`rankings.shown.Shown`), over its ``window`` or ``single`` span.

    None where the figure has no rows of these books.
    """
    model, kind, constants = OF.get(figure), one.kind, one.version.constants
    if model is None or not one.is_opened:
        return None
    source = frozen_source(one.freeze) if one.freeze else live_source(one.city)
    rows = _rows(model, source, kind, line, figure, getattr(one.spans, span), constants)
    return None if rows is None else Behind(model, rows, figure, one.freeze is not None and model in COPIED)


def _key(kind, line):
    """What the columns that lead to this competitor hold."""
    if kind.code in ("department", "sector"):
        return line.unit_id or line.sector_id
    return line.division_code


def _rows(model, source, kind, line, figure, span, constants):
    key = _key(kind, line)
    if model == VISIT:
        visits = source.visits.filter(inspected_on__range=(span.first, span.last)).exclude(kind=Inspection.Kind.SELF)
        return visits.filter(**{kind.visit_key: key})
    if model == FIRM:
        if not kind.firm_key:
            return None
        present = source.firms.filter(registered_on__lte=span.last).filter(
            Q(closed_on=None) | Q(closed_on__gte=span.first)
        )
        return present.filter(**{kind.firm_key: key})
    if model == EXTENSION:
        return granted_in(source, kind, span).filter(place=key)
    if model in (MEASURE, TRANSFER):
        if kind is SECTOR:  # a firm may have changed its line since
            return None
        if model == TRANSFER:
            return late_transfers(source.transfers, span).filter(**{kind.receiver_key: key})
        return decided_in(source.measures, span).filter(MEASURES[figure], **{kind.decided_key: key})
    hazards = source.hazards.exclude(state__in=UNLISTED_STATES)
    if figure == "missed":
        return (
            None
            if kind.higher is None
            else missed_rows(source, kind, span, constants, hazards).filter(**{kind.hazard_key: key})
        )
    if figure in OWN or figure == "finders":
        wanted = own_conditions(span, constants)["own_found" if figure == "finders" else figure]
        own = hazards.filter(wanted, **{kind.finder_key: key})
        return own.exclude(repeats(hazards, kind, constants)) if figure == "finders" else own
    return scored(hazards, constants).filter(conditions(span, constants)[figure], **{kind.hazard_key: key})
