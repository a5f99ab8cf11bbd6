"""What the office types about a standard, and the field with which a hazard takes one."""

from django import forms
from django.conf import settings

from criteria import loading
from criteria.models import Criterion, Standard
from inspections.models import Sector
from journal.forms import ActForm, RecordForm
from look.fields import DayField, TextField

ACCEPT = ".xlsx,.xls,.csv"


class StandardForm(RecordForm):
    name = TextField(label="名称", max_length=80)
    number = TextField(label="文号或标准号", max_length=60, help_text="如：应急管理部令第10号、GB 35181-2025")
    effective_on = DayField(
        label="施行日期", required=False, help_text="从这一天起可以引用；不填的随时可以引用，请查到原文后补填"
    )
    expires_on = DayField(
        label="废止日期", required=False, help_text="从这一天起不能再引用；已按它判定的隐患保持不变，仍在施行的不填"
    )

    class Meta:
        model = Standard
        fields = ["name", "number", "effective_on", "expires_on", "sector"]
        help_texts = {"sector": "登记该行业企业的重大隐患时列在最前；各行业通用的不填"}

    def __init__(self, *args, record, **options):
        super().__init__(*args, record=record, **options)
        # One that is no longer offered stays with whoever has it.
        self.fields["sector"].queryset = Sector.objects.active() | Sector.objects.filter(pk=record.sector_id)
        self.fields["sector"].empty_label = "不限行业"


class ItemsForm(ActForm):
    fields_template = "criteria/_load_items.html"
    file = forms.FileField(
        label="条目表格",
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
        error_messages={
            "required": "请选择条目表格",
            "missing": "请选择条目表格",
            "empty": "文件是空的",
            "invalid": "文件没有传上来，请重新选择",
        },
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > settings.MAX_UPLOAD_BYTES:
            raise forms.ValidationError(f"文件超过 {settings.MAX_UPLOAD_BYTES // 2**20} MB，请拆分后分批导入")
        self.items, problems = loading.read(file, file.name)
        if problems:
            raise forms.ValidationError(problems)
        return file

    def arguments(self):
        return {"items": self.items}


class CriterionInput(forms.HiddenInput):
    """The key of the row, and for the script a box in which to look for it. Drawn whole by the tag ``field``."""

    field_template = "criteria/_pick.html"
    is_hidden = False


class CriterionField(forms.ModelChoiceField):
    """A criterion by which a hazard is judged; whether it is in force on its day, the verb says."""

    widget = CriterionInput
    day_in = on = first = ""

    def __init__(self, **options):
        gone = "所选的判定标准已有新的表述或已停用，请重新查找"
        options = {"label": "判定标准", "required": False, "error_messages": {"invalid_choice": gone}} | options
        super().__init__(Criterion.objects.none(), **options)

    def offer(self, kept=None, *, day_in="", on=None, first=None):
        """Take any item in its newest wording, and the row ``kept`` (a key) that stands there already.

        For the script: the day of finding stands in the field ``day_in`` of the page, or is ``on``; ``first`` is the sector to
        begin with, where the page does not say it itself.
        """
        self.day_in, self.on, self.first = day_in, on.isoformat() if on else "", first.code if first else ""
        rows = Criterion.objects.newest() | Criterion.objects.filter(pk=kept)
        self.queryset = rows.select_related("standard")
