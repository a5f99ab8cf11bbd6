"""What people type when they record a measure, checked for shape; whether it is possible is decided by the verb alone."""

from django import forms
from django.urls import reverse

from accounts.models import User
from enforcement.kinds import Kind
from enforcement.operations import ONE_OF_THREE, officers_of
from evidence.forms import DocumentsField
from hazards.forms import PersonField
from hazards.models import Hazard
from inspections.models import Enterprise, Inspection
from journal.forms import ActForm
from look.fields import DayField, MomentField, TextField

SUBJECTS = {"hazard": Hazard, "inspection": Inspection, "enterprise": Enterprise}
LABELS = {"hazard": "依据的隐患", "inspection": "依据的检查", "enterprise": "企业"}
PAGES = {"hazard": "hazards:detail", "inspection": "inspections:detail", "enterprise": "inspections:enterprise"}


class SubjectField(forms.ModelChoiceField):
    """What the measure stands on; the page that leads here names it."""

    def __init__(self, model):
        words = {"invalid_choice": "所选的隐患、检查或企业不存在，或不在您的管辖范围内"}
        super().__init__(model.objects.none(), required=False, widget=forms.HiddenInput, error_messages=words)


class AmountField(forms.DecimalField):
    """Yuan, two decimals."""

    def __init__(self, **options):
        super().__init__(min_value=0, max_digits=12, decimal_places=2, **options)


class RecordMeasureForm(ActForm):
    """``only``: the kinds of measures for which a field is asked; without the script all show."""

    fields_template = "enforcement/_record_measure_fields.html"
    only = {
        "amount": [Kind.PENALTY], "notified_at": [Kind.UTILITIES], "cut_at": [Kind.UTILITIES], "approver": [Kind.UTILITIES],
        "emergency": [Kind.UTILITIES],
    }  # fmt: skip

    hazard, inspection, enterprise = (SubjectField(model) for model in SUBJECTS.values())
    kind = forms.ChoiceField(label="措施", choices=[("", ""), *Kind.choices], error_messages={"required": "请选择措施"})
    on = DayField(label="决定日期", error_messages={"required": "请选择决定日期"})
    number = TextField(
        label="决定书文号", required=False, max_length=60, help_text="行政处罚必填；其他措施有文书的填写"
    )
    amount = AmountField(label="罚款金额（元）", required=False, help_text="行政处罚必填，没有罚款的填 0")
    notified_at = MomentField(label="通知企业的时间", required=False, help_text="书面通知，须提前 24 小时")
    cut_at = MomentField(label="停供时间", required=False)
    approver = TextField(label="批准人", required=False, max_length=40, help_text="本单位主要负责人的姓名")
    emergency = TextField(
        label="紧急情形",
        required=False,
        max_length=300,
        rows=2,
        help_text="未提前 24 小时通知的，写明危及生产安全的紧急情形",
    )
    content = TextField(
        label="措施内容", max_length=1000, rows=3, help_text="写明对什么采取措施、要求做到什么",
        error_messages={"required": "请填写措施内容"},
    )  # fmt: skip
    basis = TextField(
        label="依据条款", max_length=300, rows=2, help_text="例如：《安全生产法》第六十五条",
        error_messages={"required": "请填写依据条款"},
    )  # fmt: skip
    officer = PersonField(User.objects.none(), label="执法人员", empty_label=None)
    second_officer = PersonField(
        User.objects.none(), label="另一名执法人员", required=False, empty_label="名单中没有，填写姓名",
        error_messages={"invalid_choice": "只能选择本单位的在职人员"},
    )  # fmt: skip
    second_officer_name = TextField(
        label="另一名执法人员姓名", required=False, max_length=40, help_text="名单中没有时填写"
    )
    documents = DocumentsField(label="文书附件", required=False, help_text="决定书、现场检查记录等，可以拍照")

    def __init__(self, *args, record, by, today, **options):
        initial = {"on": today, "officer": by.pk} | options.pop("initial", {})
        super().__init__(*args, record=record, by=by, today=today, initial=initial, **options)
        for name, model in SUBJECTS.items():
            self.fields[name].queryset = model.objects.visible_to(by)
        self.fields["hazard"].queryset = self.fields["hazard"].queryset.select_related("enterprise")
        self.fields["inspection"].queryset = self.fields["inspection"].queryset.select_related("enterprise")
        self.fields["officer"].queryset = self.fields["second_officer"].queryset = officers_of(by.unit_id)
        self.fields["on"].widget.attrs["max"] = today.isoformat()
        for name, kinds in self.only.items():
            self.fields[name].widget.attrs["data-kinds"] = " ".join(kinds)

    def clean(self):
        given = super().clean()
        if not self.errors.keys() & SUBJECTS and sum(bool(given.get(name)) for name in SUBJECTS) != 1:
            self.add_error(None, ONE_OF_THREE)
        return given

    @property
    def subject(self):
        """What it stands on in words, ``{label, text, url}``, as far as link or form name a row that this person sees; else None."""
        for name, model in SUBJECTS.items():
            value = str(self[name].value() or "")
            if not (value.isascii() and value.isdigit() and len(value) < 19):
                continue
            row = self.fields[name].queryset.filter(pk=value).first()
            if row is not None:
                text = f"{row}：{row.description}" if model is Hazard else str(row)
                return {"label": LABELS[name], "text": text, "url": reverse(PAGES[name], args=[row.pk])}
        return None


class LiftMeasureForm(ActForm):
    on = DayField(label="解除日期", error_messages={"required": "请选择解除日期"})
    reason = TextField(
        label="解除理由", max_length=1000, rows=3, help_text="写明为什么可以解除",
        error_messages={"required": "请填写解除理由"},
    )  # fmt: skip
    documents = DocumentsField(label="文书附件", required=False, help_text="解除决定书等，可以拍照")

    def __init__(self, *args, today, **options):
        super().__init__(*args, today=today, initial={"on": today}, **options)
        self.fields["on"].widget.attrs["max"] = today.isoformat()


class ApplyResumptionForm(ActForm):
    text = TextField(
        label="整改情况", max_length=2000, rows=6, help_text="写明做了哪些整改、怎样保证恢复后安全",
        error_messages={"required": "请填写整改情况"},
    )  # fmt: skip
    documents = DocumentsField(label="附件", required=False, help_text="整改报告、检测报告、照片等")


class DecideResumptionForm(ActForm):
    fields_template = "enforcement/_decide_resumption_fields.html"

    granted = forms.ChoiceField(
        label="审查结论",
        choices=[("grant", "同意复工"), ("refuse", "不同意复工")],
        widget=forms.RadioSelect,
        error_messages={"required": "请选择同意或不同意"},
    )
    opinion = TextField(label="审查意见", max_length=1000, rows=4, error_messages={"required": "请填写审查意见"})
    documents = DocumentsField(label="附件", required=False, help_text="现场核查记录、复查意见书等，可以拍照")

    def move(self):
        return {"grant": "grant_resumption", "refuse": "refuse_resumption"}.get(self.data.get("granted"), "")

    def arguments(self):
        return super().arguments() | {"granted": self.cleaned_data["granted"] == "grant"}


class CorrectMeasureForm(ActForm):
    number = TextField(label="决定书文号", required=False, max_length=60)
    amount = AmountField(label="罚款金额（元）", required=False)
    reason = TextField(label="更正理由", max_length=500, rows=3, error_messages={"required": "请填写更正理由"})
    documents = DocumentsField(label="补充文书附件", required=False, help_text="漏传的决定书、送达回证等，可以拍照")

    def __init__(self, *args, record, **options):
        shown = {"number": record.number, "amount": record.amount}
        super().__init__(*args, record=record, initial=shown, **options)
        if record.kind != Kind.PENALTY:
            del self.fields["amount"]


class WithdrawMeasureForm(ActForm):
    reason = TextField(
        label="撤销理由", max_length=500, rows=3, help_text="例如复议撤销、判决撤销、记录有误；撤销后各处不再计入",
        error_messages={"required": "请填写撤销理由"},
    )  # fmt: skip
