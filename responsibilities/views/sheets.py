"""The matrix as a workbook: taken away, and brought back."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.scope import place_of
from doors.files import sent_as
from doors.names import asked, of_form
from journal.refusal import Refused
from responsibilities import operations, sheet
from responsibilities.forms import SheetForm
from responsibilities.operations.sheets import SheetRefused
from responsibilities.views.periods import NO_READER
from workbooks.writing import XLSX

PROBLEMS_SHOWN = 100
NO_KEEPER = "导入责任分工须由安全负责人或安委办办理"


@require_safe
def export(request):
    """What of the matrix the visitor sees, as one sheet that the import reads back."""
    if not request.user.reads_rankings:
        raise PermissionDenied(NO_READER)
    at = timezone.now()
    name = f"{place_of(request.user)}责任分工-{timezone.localdate(at):%Y%m%d}.xlsx"
    return sent_as(StreamingHttpResponse(sheet.stream_matrix(request.user, at=at), content_type=XLSX), name)


@asked(form=of_form(SheetForm))
@require_http_methods(["GET", "HEAD", "POST"])
def take(request):
    """GET: what the sheet must look like. POST: all rows of one, or, with what is wrong said row by row, none."""
    if not request.user.is_manager:
        raise PermissionDenied(NO_KEEPER)
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form, problems = SheetForm(*sent), []
    if form.is_bound and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            counts = operations.take_over(sheet.read_matrix(file, file.name), by=request.user, at=timezone.now())
        except SheetRefused as refusal:
            form.add_error("file", str(refusal))
            problems = refusal.problems
        except Refused as refusal:
            form.add_error("file", str(refusal))
        else:
            messages.success(
                request, f"已导入：新增 {counts['new']} 条，更换 {counts['changed']} 条，没有变化 {counts['same']} 条"
            )
            return redirect("responsibilities:charges")
    context = {
        "form": form,
        "problems": problems[:PROBLEMS_SHOWN],
        "more": max(len(problems) - PROBLEMS_SHOWN, 0),
        "headings": sheet.HEADINGS,
        "kinds": (sheet.LINE, sheet.CHARGE, sheet.FIRM),
    }
    return render(request, "responsibilities/take.html", context, status=400 if form.is_bound else 200)
