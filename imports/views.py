"""The import wizard: upload → check how it was read → enter → what came of it."""

import re
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseBadRequest, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from doors.files import sent_as
from doors.names import asked, of_form, once
from hazards.columns import BY_FIELD, COLUMNS, REQUIRED
from imports import batches
from imports.forms import AnswersForm
from imports.models import ImportBatch
from imports.reading import BROWSER_ROWS, units_to_import_into
from journal.refusal import Refused
from workbooks.reading import Unreadable
from workbooks.writing import XLSX

NOT_OFFICER = "导入台账须由检查人员、安全负责人或安委办办理"
ACCEPT = ".xlsx,.xls,.xlsb,.ods,.et,.csv"
MAPPINGS = [("", "不导入"), *((column.field, column.heading) for column in COLUMNS)]
_HEADER_ROWS = re.compile(r"(\d{1,5})(?:\s*[-—~至]\s*(\d{1,5}))?")


class UploadForm(forms.Form):
    unit = forms.ModelChoiceField(
        label="导入到",
        queryset=None,
        to_field_name="code",
        empty_label=None,
        help_text="没有“属地”列时，新企业登记在这里",
        error_messages={"invalid_choice": "这个单位不在您的管辖范围内", "required": "请选择导入到哪个单位"},
    )
    file = forms.FileField(
        label="台账文件",
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
        error_messages={
            "required": "请选择要导入的台账文件",
            "empty": "文件是空的",
            "missing": "请选择要导入的台账文件",
            "invalid": "文件没有传上来，请重新选择",
        },
    )

    def __init__(self, *args, user, **options):
        super().__init__(*args, **options)
        self.fields["unit"].queryset = units_to_import_into(user)
        self.fields["unit"].initial = user.unit.division_code

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > settings.MAX_UPLOAD_BYTES:
            raise forms.ValidationError(f"文件超过 {settings.MAX_UPLOAD_BYTES // 2**20} MB，请拆分后分批导入")
        return file


def _officers_only(user):
    if not user.is_officer:
        raise PermissionDenied(NOT_OFFICER)


@asked(form=of_form(UploadForm))
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request):
    """Choose a file; a readable ledger becomes a batch to be checked, anything else an explanation."""
    _officers_only(request.user)
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = UploadForm(*sent, user=request.user)
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                batch = batches.upload(
                    form.cleaned_data["file"], unit=form.cleaned_data["unit"], by=request.user, at=timezone.now()
                )
                return redirect("imports:preview", batch.pk)
            except (Unreadable, Refused) as refusal:
                form.add_error("file", str(refusal))
        status = 400
    recent = ImportBatch.objects.visible_to(request.user).only("filename", "state", "uploaded_at")[:5]
    headings = [BY_FIELD[name].heading for name in REQUIRED]
    context = {"form": form, "recent": recent, "required": headings, "columns": COLUMNS, "max_rows": BROWSER_ROWS}
    return render(request, "imports/upload.html", context, status=status)


@asked(form=once("action", "seen", "header-#", "col-#-#") | of_form(AnswersForm))
@require_http_methods(["GET", "HEAD", "POST"])
def preview(request, pk):
    """How the file was read; ``action=read`` reads it again with the chosen columns, ``action=answer`` with what the file leaves
    out, ``action=commit`` enters it."""
    _officers_only(request.user)
    batch = get_object_or_404(ImportBatch.objects.visible_to(request.user).select_related("unit"), pk=pk)
    if request.method != "POST":
        return _page(request, batch)
    action = request.POST.get("action")
    try:
        if action == "read":
            batches.reread(batch, layout=_layout(request.POST, batch), by=request.user, at=timezone.now())
            messages.success(request, "已按新的对应重新识别，请核对下面的结果。")
        elif action == "answer":
            form = _questions(request, batch, request.POST)
            if not form.is_valid():
                return _page(request, batch, form=form, status=400)
            batches.reread(batch, answers=form.answers(), by=request.user, at=timezone.now())
            messages.success(request, "已按填写的内容重新识别，请核对下面的结果。")
        elif action == "commit":
            batches.enter(batch, seen=request.POST.get("seen", ""), by=request.user, at=timezone.now())
        else:
            return HttpResponseBadRequest("请用页面上的按钮提交。")
    except (Unreadable, Refused) as refusal:
        return _page(request, batch, error=str(refusal), status=409 if action == "commit" else 400)
    return redirect("imports:preview", batch.pk)


@require_safe
def errors(request, pk):
    """The rows that were not imported, with a column that says why, to be corrected and imported again."""
    _officers_only(request.user)
    batch = get_object_or_404(ImportBatch.objects.visible_to(request.user).select_related("unit"), pk=pk)
    try:
        pieces = batches.errors_of(batch, at=timezone.now())
    except (Unreadable, Refused) as refusal:
        return _page(request, batch, error=str(refusal), status=400)
    if pieces is None:
        messages.info(request, "没有需要改正的行。")
        return redirect("imports:preview", batch.pk)
    name = batch.filename.rsplit(".", 1)[0]
    return sent_as(StreamingHttpResponse(pieces, content_type=XLSX), f"{name}-未导入.xlsx")


def _questions(request, batch, data=None):
    return AnswersForm(data, initial=batch.answers, asks=batch.report.get("asks", ()), by=request.user)


def _page(request, batch, *, error="", form=None, status=200):
    report = batch.report
    done = batch.state == ImportBatch.State.DONE
    sheets = [_with_choices(sheet, batch.answers) for sheet in report["sheets"]]
    totals = {
        name: sum(sheet[name] for sheet in sheets) for name in ("imported", "unchanged", "skipped_count", "error_rows")
    }
    query = {"territory": batch.unit.division_code, **report.get("span", {})}
    context = {
        "batch": batch, "done": done, "sheets": sheets, "totals": totals, "error": error,
        "new_enterprises": report["new_enterprises"], "columns": COLUMNS, "steps": _steps(done),
        "seen": batches.digest_of(batch), "questions": form or _questions(request, batch), "ledger_url": f"{reverse('hazards:ledger')}?{urlencode(query)}",
    }  # fmt: skip
    return render(request, "imports/preview.html", context, status=status)


def _steps(done):
    looks = ("done", "done", "done") if done else ("done", "now", "")
    labels = (("上传", "已读取"), ("核对", "列和数据"), ("导入", "写入台账"))
    return [{"label": label, "note": note, "look": look} for (label, note), look in zip(labels, looks, strict=True)]


def _with_choices(sheet, answers):
    """A sheet of the report with what its template asks for: choices per column, header rows as text, what is missing."""
    fields = {column["field"] for column in sheet["columns"]} | answers.keys()
    has = fields | ({"enterprise"} if "uscc" in fields else set())
    columns = [
        column
        | {
            "name": f"col-{sheet['index']}-{index}",
            "choices": [(v, w, v == (column["field"] or "")) for v, w in MAPPINGS],
        }
        for index, column in enumerate(sheet["columns"])
        if column["heading"] or column["field"]
    ]
    rows = sheet["header_rows"]
    header = f"{rows[0]}-{rows[-1]}" if len(rows) > 1 else "".join(map(str, rows))
    missing = [BY_FIELD[name].heading for name in REQUIRED if name not in has] if sheet["columns"] else []
    return sheet | {"columns": columns, "header_text": header, "missing": missing, "preview": sheet.get("preview")}


def _layout(data, batch):
    """The layout the form asks for. Header rows that were changed are recognised afresh, without the columns chosen for others.
    Refused for a sheet or column that the file does not have.
    """
    known = {f"header-{sheet['index']}" for sheet in batch.report["sheets"]} | {
        f"col-{sheet['index']}-{column}" for sheet in batch.report["sheets"] for column in range(len(sheet["columns"]))
    }
    if strange := [name for name in data if name.startswith(("header-", "col-")) and name not in known]:
        raise Refused(f"文件里没有这些表或列：{'、'.join(sorted(strange)[:5])}；请刷新页面后重新对应")
    layout = {}
    for sheet in batch.report["sheets"]:
        index, told = sheet["index"], data.get(f"header-{sheet['index']}", "").strip()
        match = _HEADER_ROWS.fullmatch(told)
        if told and not match:
            raise Refused("表头行请写成“3”或“2-3”的样子")
        rows = sheet["header_rows"]
        wanted = list(range(int(match[1]), int(match[2] or match[1]) + 1))[:20] if match else rows
        if not wanted and told:
            raise Refused("表头行请写成“3”或“2-3”的样子，小的在前")
        chosen = {"header_rows": wanted} if wanted else {}
        if wanted == rows and sheet["columns"]:
            chosen["mapping"] = _mapping(data, index, len(sheet["columns"]))
        if chosen:
            layout[str(index)] = chosen
    return layout


def _mapping(data, index, width):
    mapping = {}
    for column in range(width):
        name = data.get(f"col-{index}-{column}")
        if name is None:
            continue
        if name and name not in BY_FIELD:
            raise Refused("没有这一项内容，请在列表里选择")
        mapping[str(column)] = name or None
    return mapping
