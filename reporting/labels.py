"""What a report is called at a moment: filed in time or late, owed or missing."""

from datetime import timedelta

from django.utils.html import format_html

from reporting.lifecycle import OPEN, State
from reporting.operations import duration_words

MINUTE = timedelta(minutes=1)


def standing_words(report, at):
    """按时, 零报告, 迟报 2 天, 逾期 3 小时未报, 待报, 退回重报, 免报."""
    if report.state == State.FILED:
        late = f"迟报 {duration_words((report.filed_at - report.due_at) // MINUTE)}" if report.is_late else ""
        return "，".join(filter(None, ("零报告" if report.is_zero else "", late))) or "按时"
    if report.state in OPEN and report.due_at < at:
        return f"逾期 {duration_words((at - report.due_at) // MINUTE)}未报"
    return report.state_label


def badge(report, at):
    """The same as a mark: red is what is missing, and nothing else."""
    look = "badge deadline deadline-overdue" if report.is_missing(at) else "badge"
    return format_html('<span class="{}">{}</span>', look, standing_words(report, at))
