"""The ranking as a workbook: what the page shows, with both numerators and denominators written out."""

from look.words import NO_DATA
from rankings import formula
from workbooks.writing import stream_xlsx

HEADINGS = (
    "名次",
    "单位代码",
    "单位",
    "得分",
    *(f"{words}（{weight}分）" for _, words, weight in formula.PARTS),
    "扣减",
    "检查家次",
    "检查企业数",
    "在册企业数",
    "检查目标",
    "覆盖率（%）",
    "发现隐患",
    "其中重大",
    "期内销号",
    "期内发现已销号",
    "整改率（期内发现，%）",
    "期内到期",
    "期内到期已整改",
    "整改率（期内到期，%）",
    "按期完成",
    "按期率（%）",
    "逾期未整改",
    "其中重大逾期",
    "平均整改天数",
)


def ranking_workbook(ranking, *, title):
    """The bytes of an .xlsx in pieces."""
    name = f"{ranking.kind.label}排名"
    why = ranking.unplaced
    rows = (_row(line, "—" if why and line.rank else line.rank) for line in ranking.lines)
    return stream_xlsx(name, HEADINGS, rows, title=f"{title} · {why}" if why else title)


def _row(line, place):
    counted, score = line.figures, line.score
    return [
        "未排名" if place is None else place,
        counted.code,
        counted.name,
        _known(score.total),
        *(_known(score.points[name]) for name in formula.WEIGHTS),
        score.deduction,
        counted.inspections,
        counted.inspected,
        counted.register,
        line.target,
        _percent(line.coverage),
        counted.found,
        counted.found_major,
        counted.closed,
        counted.closed_of_found,
        _percent(line.rate_found),
        counted.due,
        counted.rectified_of_due,
        _percent(line.rate_due),
        counted.on_time,
        _percent(line.on_time_rate),
        counted.overdue,
        counted.overdue_major,
        _known(counted.avg_days),
    ]


def _known(value):
    return NO_DATA if value is None else value


def _percent(value):
    return NO_DATA if value is None else formula.one_decimal(value * 100)
