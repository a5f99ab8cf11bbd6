"""Measures as a workbook, streamed in flat memory."""

from django.utils import timezone

from enforcement.kinds import Kind
from enforcement.lifecycle import State
from workbooks.writing import Paper, stream_xlsx

FETCH = 2000
COLUMNS = {  # heading: (path, width)
    "决定日期": ("on", 12), "措施": ("kind", 14), "企业": ("enterprise__name", 28), "统一社会信用代码": ("enterprise__uscc", 20),
    "属地": ("enterprise__township__short_name", 12), "决定单位": ("unit__name", 22), "措施内容": ("content", 40),
    "依据条款": ("basis", 28), "决定书文号": ("number", 22), "罚款金额（元）": ("amount", 14), "执法人员": ("officer__full_name", 10),
    "另一名执法人员": ("second_officer_name", 14), "隐患编号": ("hazard__number", 20), "状态": ("state", 10),
    "解除日期": ("lifted_on", 12), "撤销日期": ("withdrawn_on", 12),
}  # fmt: skip
WORDS = {"kind": dict(Kind.choices), "state": dict(State.choices)}


def stream_measures(queryset, *, title, at):
    """The .xlsx bytes of ``queryset`` (measures, in its order), in pieces. One query."""
    stamp = timezone.localtime(at).strftime("%Y-%m-%d %H:%M")
    paths = [path for path, _ in COLUMNS.values()]
    rows = (
        [WORDS.get(path, {}).get(value, value) for path, value in zip(paths, values, strict=True)]
        for values in queryset.values_list(*paths).iterator(chunk_size=FETCH)
    )
    widths = [width for _, width in COLUMNS.values()]
    return stream_xlsx(
        "执法措施", list(COLUMNS), rows, title=f"{title}（导出时间 {stamp}）", column_widths=widths, paper=Paper()
    )
