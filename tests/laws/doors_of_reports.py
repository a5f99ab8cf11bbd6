"""The rows of `tests.laws.test_doors` for the doors of reports, and the one of its world: last month's of the enterprise."""

from django.utils import timezone

from reporting.terms import Kind
from tests.laws.doors import SEEN, SEEN_API, SEES, api, each
from tests.reports import ask_for

# The township's manager and the office above receive what the enterprise files.
RECEIVES = {"manager", "safety_office"}
TURNED_AWAY = (403, SEES - RECEIVES)
_TOLD = ("chase", "excuse", "return-report")  # what must be told something
REPORTS_GET = {
    "reporting:list": each(200),
    "reporting:export": each(200),
    "reporting:bulk": each(200),  # with nothing ticked it is the list
    "reporting:report": SEEN,
    "reporting:report_act": each(404, (200, RECEIVES), TURNED_AWAY),
    "api-report-list": api(200),
    "api-report-detail": SEEN_API,
    "api-report-file": api(405),
    **{f"api-report-{act}": api(405) for act in _TOLD},
}
REPORTS_POST = {
    "reporting:bulk": each(302),  # nothing ticked: back to the list
    "reporting:report_act": each(404, (400, RECEIVES), TURNED_AWAY),
    "api-report-file": api(404, (403, SEES - {"enterprise"})),
    **{f"api-report-{act}": api(404, (400, SEES)) for act in _TOLD},
}
# Figures are filed as they are: an empty body is all there is to say.
REPORTS_SAID_IT_ALL = {"api-report-file": {"enterprise"}}
REPORTS_MARKED = dict.fromkeys(["reporting:list", "reporting:export", "api-report-list"], SEES)


def report_of_the_world(enterprise):
    reports = ask_for(Kind.MONTHLY, at=timezone.now())
    return next(report for report in reports if report.enterprise_id == enterprise.pk)
