"""What the acts on a report are told: words, never figures."""

from django import forms

from journal.forms import ActForm
from look.fields import TextField
from reporting.figures import figures_of, seal_of, to_be_told


class FileForm(ActForm):
    """Two buttons send it: 确认上报 and 零报告. ``seen`` says which figures the page showed."""

    fields_template = "reporting/_file_fields.html"
    words = TextField(
        label="工作情况",
        required=False,
        max_length=2000,
        rows=4,
        help_text="可以不填。写本期做了什么、有什么问题需要协调",
    )
    explanation = TextField(
        label="数据说明", required=False, max_length=1000, rows=2,
        help_text="可以不填。数据由台账生成，不能修改；与实际有出入的，在这里说明",
    )  # fmt: skip
    report_as = forms.ChoiceField(
        label="上报方式", choices=[("figures", "确认上报"), ("zero", "零报告")], widget=forms.HiddenInput,
        error_messages={"required": "请选“确认上报”或“零报告”"},
    )  # fmt: skip
    seen = forms.CharField(required=False, max_length=1000, widget=forms.HiddenInput)

    def __init__(self, *args, record, at=None, **options):
        self.at = at
        initial = {name: getattr(record, name) for name in ("words", "explanation")}  # of what was returned
        super().__init__(*args, record=record, at=at, initial=initial, **options)
        current = figures_of(record, at, linked=True)
        self.initial["seen"], self.figures = seal_of(current), to_be_told(current)
        self.all_zero = not any(one.value for one in current)

    def catch_up(self, record):
        super().catch_up(record)
        self.data["seen"] = self.initial["seen"]

    def move(self):
        return {"figures": "file", "zero": "file_zero"}.get(self.data.get("report_as"), "")

    def arguments(self):
        given = {name: self.cleaned_data[name] for name in ("words", "explanation", "seen")}
        return given | {"zero": self.cleaned_data["report_as"] == "zero"}


class ReasonForm(ActForm):
    reason = TextField(label="理由", max_length=500, rows=3, error_messages={"required": "请写明理由"})


class ReturnForm(ReasonForm):
    reason = TextField(
        label="退回理由", max_length=500, rows=3, help_text="写明哪里不对、要补什么，原文发给报送的人",
        error_messages={"required": "请写明退回理由"},
    )  # fmt: skip


class ChaseForm(ActForm):
    words = TextField(
        label="催报意见", max_length=500, rows=3, help_text="原文发给该单位的安全负责人，企业的发给企业人员",
        error_messages={"required": "请写明催报意见"},
    )  # fmt: skip
