from django import forms

from hazards.models import Hazard
from imports.answers import sectors_for
from look.fields import DayField, TextField

NOBODY = "先不填，下达整改时再定"


class AnswersForm(forms.Form):
    """What a whole ledger leaves out, asked once: the fields of `imports.answers.Answers` that ``asks`` names."""

    enterprise = TextField(
        label="企业名称", required=False, max_length=120, help_text="表中没有这一列；整份台账属于一家企业的，填在这里"
    )
    found_on = DayField(label="排查日期", required=False, help_text="表中没有这一列；整份台账在同一天排查的，填在这里")
    level = forms.ChoiceField(
        label="隐患等级",
        required=False,
        choices=[("", "都是一般隐患"), (Hazard.Level.MAJOR.value, "都是重大隐患")],
        help_text="表中没有这一列",
    )
    sector = forms.ChoiceField(label="行业领域", required=False, help_text="表中没有这一列；新登记的企业属于它")
    holds = forms.ChoiceField(label="责任人", required=False, help_text="表中没有写明、按职责由您担任的")

    def __init__(self, *args, asks, by, **options):
        super().__init__(*args, **options)
        self.fields["sector"].choices = [("", "不填"), *sectors_for(by).values_list("code", "name")]
        self.fields["holds"].choices = [("", NOBODY), ("1", f"由我（{by}）担任")]
        for name in self.fields.keys() - set(asks):
            del self.fields[name]

    def answers(self):
        """What was answered, as ``{name: text}``."""
        return {name: str(value) for name, value in self.cleaned_data.items() if value}
