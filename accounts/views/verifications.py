from django.contrib import messages
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.roles import Role
from accounts.views.duty import require_role
from journal import verifying
from journal.models import Verification
from journal.refusal import Refused
from look import cells
from look.filters import ListFilter
from look.lists import Column, Empty, ListPage
from look.words import thousands_words

ONLY = "核验由审计员查阅和发起"


class VerificationFilter(ListFilter):
    class Meta:
        model = Verification
        fields = []


def _moment(name):
    return lambda row: (
        cells.NOTHING if (at := getattr(row, name)) is None else f"{timezone.localtime(at):%Y-%m-%d %H:%M:%S}"
    )


def _counted(row):
    if row.ended_at is None or not row.is_whole:
        return cells.NOTHING
    return f"{thousands_words(row.records)} 条记录、{thousands_words(row.events)} 条办理记录"


class Verifications(ListPage):
    """审计核验: every run of the verifier and what it found; the auditor has the next one done."""

    title, label, url_name = "审计核验", "核验记录", "accounts:verifications"
    sub = "每天夜里自动核验一次，也可以随时核验，共 {total} 次{narrowed}"
    columns = (
        Column("申请时间", _moment("asked_at"), "num"),
        Column("申请人", lambda row: str(row.asked_by or "系统")),
        Column("结束时间", _moment("ended_at"), "num"),
        Column("核对", _counted),
        Column("结果", cells.fragment("accounts/verification_result.html"), "lead"),
    )
    filter_class = VerificationFilter
    empty = Empty("还没有核验过", "点“立即核验”，逐条核对台账、办理记录、照片、编号和锚点。", icon="history")
    template = "accounts/verifications.html"

    def rows(self):
        require_role(self.request, {Role.AUDITOR}, ONLY)
        return Verification.objects.select_related("asked_by")


@require_POST
def verify(request):
    """Asks for a run; the worker does it within a minute."""
    require_role(request, {Role.AUDITOR}, ONLY)
    try:
        verifying.ask(by=request.user, at=timezone.now())
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, "已安排核验，一分钟内开始；请稍后刷新本页看结果")
    return redirect("accounts:verifications")


verifications = Verifications.as_view()
