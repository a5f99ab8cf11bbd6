"""The ranking as a workbook: what the page shows, with numerators and denominators written out."""

from look.words import NO_DATA
from rankings import formula
from rankings.shown import WINDOW, coverage, on_time_rate, rate_due, rate_found, rows_due
from workbooks.writing import Paper, stream_xlsx

COUNTED = (
    ("检查家次", "inspections"), ("检查企业数", "inspected"), ("发现隐患", "found"), ("其中重大", "found_major"), ("期内销号", "closed"),
    ("期内发现已销号", "closed_of_found"),
)  # fmt: skip
DUE = (
    ("按期限到期", "due"), ("其中已整改（含待复查）", "rectified_of_due"), ("其中待复查暂计", "believed"), ("超时未下达计入", "unissued"),
    ("复查退回计入", "refused"), ("按期完成", "on_time"), ("按原定期限完成", "original_on_time"), ("整改日期不详", "undated"),
)  # fmt: skip
AFTER = (
    ("逾期未整改", "overdue"), ("其中重大逾期", "overdue_major"), ("应下达未下达", "waiting_to_issue"), ("超时未复查", "reviews_late"),
    ("返潮", "returned"), ("漏查企业", "missed"), ("批准延期", "extensions"), ("移交超时", "transfers_late"), ("责令整改", "orders"), ("行政处罚", "penalties"),
    ("罚款（元）", "amount"), ("停产停业", "suspensions"), ("提请关闭", "closures"),
)  # fmt: skip
# Some fifty narrow columns on two sheets of A3 side by side, the unit's name again on the second; on one they could not be read.
WIDE = Paper(across=2, size=8)
NAMES, FIGURE = (20, 13), 8  # widths in characters


def headings(one):
    """The first row: the weights are those of the formula the table was ranked by."""
    weights = one.version.constants.weights
    scored = ()
    if one.kind.scored:
        scored = (
            "名次", "名次浮动", "得分", *(f"{words}（{weights[name]}分）" for name, words in formula.PARTS),
            *(f"扣分：{words}" for _, words in formula.DEDUCTIONS), "平均在册企业", "核定检查人员", "检查目标", "覆盖率（%）",
        )  # fmt: skip
    return (
        "单位", "单位代码", *scored, *(label for label, _ in COUNTED), "整改率（期内发现，%）", "到期合计", *(label for label, _ in DUE),
        "整改率（到期，%）", "按期率（%）", "按原定期限的按期率（%）", *(label for label, _ in AFTER), "平均整改天数", "报送应报", "按时报送",
    )  # fmt: skip


def ranking_workbook(one, *, title, span=WINDOW):
    """The bytes of an .xlsx in pieces. ``one``: a `rankings.shown.Shown`; all its lines, and what falls to none of them."""
    name = f"{one.kind.label}{'排名' if one.kind.scored else '统计'}"
    why = one.unplaced
    rows = [_row(one, line, span) for line in one.listed]
    if rest := one.table.rest.get(span):
        scored = [""] * (len(headings(one)) - 2 - len(_counts(rest)))
        rows.append(["未落到单位", "", *scored, *_counts(rest)])
    return stream_xlsx(
        name,
        headings(one),
        rows,
        title=f"{title} · {why}" if why else title,
        column_widths=[*NAMES, *[FIGURE] * (len(headings(one)) - len(NAMES))],
        paper=WIDE,
    )


def _row(one, line, span):
    scored = []
    if one.kind.scored:
        parts = line.parts
        scored = [
            ("—" if one.unplaced else "未排名" if line.rank is None else line.rank),
            _band(one.band_of(line)),
            _known(None if line.score is None else float(line.score)),
            *(_known(parts["points"][name]) for name, _ in formula.PARTS),
            *(parts["minus"][name] for name, _ in formula.DEDUCTIONS),
            parts["register"],
            "未核定" if parts["inspectors"] is None else parts["inspectors"],
            parts["target"],
            _percent(coverage(line)),
        ]
    return [line.name, line.code, *scored, *_counts(line.figures[span])]


def _counts(figures):
    return [
        *(figures.get(name, 0) for _, name in COUNTED),
        _percent(rate_found(figures)),
        rows_due(figures),
        *(figures[name] for _, name in DUE),
        _percent(rate_due(figures)),
        _percent(on_time_rate(figures)),
        _percent(on_time_rate(figures, "original_on_time")),
        *(float(figures[name]) if name == "amount" else figures.get(name, 0) for _, name in AFTER),
        _known(figures.get("avg_days")),
        figures.get("reports_due", 0),
        figures.get("reports_on_time", 0),
    ]


def _band(band):
    """The places that cannot be told from a line's own: 约 3–9."""
    return "—" if band is None else f"约 {band[0]}–{band[1]}"


def _known(value):
    return NO_DATA if value is None else value


def _percent(value):
    return NO_DATA if value is None else round(float(value) * 100, 1)
