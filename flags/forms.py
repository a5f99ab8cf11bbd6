"""What people type about a flag, checked for shape."""

from django import forms

from evidence.forms import DocumentsField
from journal.forms import ActForm
from look.fields import TextField


class AnswerForm(ActForm):
    text = TextField(
        label="说明",
        max_length=2000,
        rows=6,
        help_text="写明情况和原因；确有问题的，写明怎样改、何时改好",
        error_messages={"required": "请填写说明"},
    )
    documents = DocumentsField(label="附件", required=False, help_text="能说明情况的记录、照片等")

    def __init__(self, *args, record, **options):
        super().__init__(*args, record=record, initial={"text": record.answer}, **options)


class DecideForm(ActForm):
    fields_template = "flags/_decide_fields.html"

    dismissed = forms.ChoiceField(
        label="认定结论",
        choices=[("dismiss", "撤销：说明成立，或提示有误"), ("uphold", "维持：说明不能成立，或到期没有说明")],
        widget=forms.RadioSelect,
        error_messages={"required": "请选择撤销或维持"},
    )
    reason = TextField(
        label="认定理由", max_length=1000, rows=4, help_text="写明依据；撤销后各处不再计入",
        error_messages={"required": "请填写认定理由"},
    )  # fmt: skip

    def move(self):
        return self.data.get("dismissed") if self.data.get("dismissed") in ("dismiss", "uphold") else ""

    def arguments(self):
        return super().arguments() | {"dismissed": self.cleaned_data["dismissed"] == "dismiss"}


class RelentForm(ActForm):
    reason = TextField(
        label="撤销理由", max_length=1000, rows=4, help_text="写明为什么改变原来的认定",
        error_messages={"required": "请填写撤销理由"},
    )  # fmt: skip
