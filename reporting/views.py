"""信息报送: the list, its workbook, the page of one report and those of its acts."""

from django.http import StreamingHttpResponse
from django.urls import reverse
from django.utils import timezone

from accounts.scope import place_of
from doors.files import sent_as
from doors.names import asked, of_filter
from journal import acts
from journal.views import ActPage, BulkPage, Pages, RecordPage
from look import cells
from look.filters import MOST_PICKED
from look.lists import NEWEST_ID, Bulk, Column, Empty, ListPage, Tab
from look.words import moment_words
from reporting.export import stream_reports
from reporting.figures import told
from reporting.filters import ReportFilter
from reporting.labels import badge
from reporting.models import Report
from workbooks.writing import XLSX


def _moment(path):
    return lambda report: (
        moment_words(getattr(report, path), report.seen_at.date()) if getattr(report, path) else cells.NOTHING
    )


class ReportList(ListPage):
    title, label, url_name = "信息报送", "信息报送列表", "reporting:list"
    sub = "共 {total} 份{narrowed}"
    columns = (
        Column("单位", cells.link("body_name", "reporting:report"), "lead"),
        Column("报送期", lambda report: report.span.full_words),
        Column("种类", cells.text("get_kind_display")),
        Column("报送期限", _moment("due_at"), "num"),
        Column("报送时间", _moment("filed_at"), "num"),
        Column("情况", lambda report: badge(report, report.seen_at)),
    )
    filter_class, fields = ReportFilter, ("q", "kind", "period", "state")
    orders, bulk_most = (NEWEST_ID,), MOST_PICKED
    empty = Empty("没有符合条件的报告", "换一个条件；报告在每期结束后由系统下发，不用新建。", icon="send")
    template = "reporting/report_list.html"

    def ask(self):
        self.at = timezone.localtime()
        return ReportFilter(self.request.GET, self.rows(), user=self.request.user, at=self.at)

    def tabs(self):
        return (
            Tab("全部", {"state": ""}, default=True),
            Tab("逾期未报", {"state": "missing"}),
            Tab("迟报", {"state": "late"}),
        )

    def fetch(self, page):
        rows = list(Report.objects.filter(pk__in=page.ids).select_related("unit", "enterprise"))
        for report in rows:
            report.seen_at = self.at
        return rows

    def bulk(self, rows):
        """The acts that can be done to several reports at once, with the rows of the page that are this person's to do."""
        found = []
        for act in (one for one in acts.acts_of(Report) if one.bulk):
            judged = act.judged(self.request.user, rows, self.at)
            if keys := frozenset(row.pk for row, why_not in judged if why_not is None):
                found.append(Bulk(act.name, act.words, act.icon, reverse("reporting:bulk", args=[act.name]), keys))
        return found

    def besides(self):
        return {"conditions": "?" + self.asked.data.urlencode() if not self.asked.errors else ""}


report_list = ReportList.as_view()


@asked(query=of_filter(ReportFilter))
def export(request):
    """The filtered list as a workbook. A bad condition gives the list's page and 400."""
    now = timezone.localtime()
    chosen = ReportFilter(request.GET, Report.objects.visible_to(request.user), user=request.user, at=now)
    if chosen.errors:
        return report_list(request)
    pieces = stream_reports(chosen.qs.order_by("-pk"), title=f"{place_of(request.user)}信息报送", at=now)
    response = StreamingHttpResponse(pieces, content_type=XLSX)
    return sent_as(response, f"信息报送-{now:%Y%m%d}.xlsx", chosen.words)


class ReportPages(Pages):
    kind, related = Report, ("unit", "enterprise", "filed_by")
    home, home_label = "reporting:list", "信息报送"


class ReportPage(ReportPages, RecordPage):
    facts = ("words", "explanation")
    template = "reporting/report_detail.html"

    def beside(self, record):
        at = timezone.now()
        return {"figures": told(record, at), "badge": badge(record, at)}


class ReportAct(ReportPages, ActPage):
    template = "reporting/report_act.html"

    def beside(self, record, act, today):
        return {"badge": badge(record, self.at)}


class ReportBulk(ReportPages, BulkPage):
    listing, row_template = ReportList, "reporting/_bulk_row.html"

    def asked(self):
        rows = Report.objects.visible_to(self.request.user)
        return ReportFilter(self.request.GET, rows, user=self.request.user, at=self.at)
