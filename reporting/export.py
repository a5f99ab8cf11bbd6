"""Reports as a workbook, streamed in flat memory."""

from django.utils import timezone

from reporting.labels import standing_words
from reporting.models import Report
from workbooks.writing import Paper, stream_xlsx

FETCH = 2000
COLUMNS = {  # heading: width
    "报送期": 20, "种类": 10, "单位": 28, "报送期限": 17, "报送时间": 17, "情况": 12, "报送人": 10, "数据": 44, "工作情况": 40, "数据说明": 30,
}  # fmt: skip


def stream_reports(queryset, *, title, at):
    """The .xlsx bytes of ``queryset`` (reports, in its order), in pieces. One query."""
    rows = queryset.select_related("unit", "enterprise", "filed_by").iterator(chunk_size=FETCH)
    return stream_xlsx(
        Report._meta.verbose_name,
        list(COLUMNS),
        (_row(report, at) for report in rows),
        title=f"{title}（导出时间 {_minute(at)}）",
        column_widths=list(COLUMNS.values()),
        paper=Paper(),
    )


def _row(report, at):
    figures = "；".join(f"{one['label']} {one['value']}" for one in report.figures)
    return [
        report.span.full_words, report.get_kind_display(), str(report.body), _minute(report.due_at), _minute(report.filed_at),
        standing_words(report, at), str(report.filed_by or ""), figures, report.words, report.explanation,
    ]  # fmt: skip


def _minute(moment):
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M") if moment else ""
