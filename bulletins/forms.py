"""What the acts on a bulletin are told on pages; whether they are possible says the law page and the verb."""

from django import forms

from bulletins.frozen import candidates
from bulletins.lifecycle import DISCARDED, ISSUED
from bulletins.models import SECTIONS, Bulletin
from journal.forms import ActForm
from look.fields import TextField
from rankings.models import Freeze

RECENT = 60  # periods to choose from at most
ROWS = {
    "title": 0,
    "addressed": 0,
    "copies": 0,
    "opening": 2,
    "overall": 6,
    "ranking": 4,
    "problems": 8,
    "cases": 6,
    "requirements": 6,
}
HINTS = {
    "problems": "一段一行，以“（一）”“（二）”开头的，第一句排成小标题",
    "cases": "由“选择案例”生成，可以再改文字；不写案例的留空，整节不印",
    "requirements": "一段一行",
    "copies": "不抄送的留空",
}


class DraftForm(ActForm):
    freeze = forms.ModelChoiceField(
        Freeze.objects.none(), label="统计时段", empty_label=None,
        error_messages={"required": "请选择统计时段", "invalid_choice": "这一时段没有冻结，或本单位已有这一时段的通报；请从列表中选择"},
        help_text="只列出已经冻结、本单位还没有拟通报的时段",
    )  # fmt: skip
    corrects = forms.ModelChoiceField(
        Bulletin.objects.none(), required=False, widget=forms.HiddenInput,
        error_messages={"invalid_choice": "原通报不存在，或不是本单位印发的"},
    )  # fmt: skip

    def __init__(self, *args, by, **options):
        super().__init__(*args, by=by, **options)
        own = Bulletin.objects.visible_to(by).filter(unit=by.unit_id)
        self.fields["corrects"].queryset = own.filter(state=ISSUED)
        periods = Freeze.objects.visible_to(by).in_force()
        if self.corrected is None:
            told = own.exclude(state=DISCARDED).filter(corrects=None).values("period")
            chosen = periods.exclude(period__in=told).order_by("-last", "-pk").values("pk")[:RECENT]
        else:
            chosen = periods.filter(period=self.corrected.period).values("pk")
            self.fields["freeze"].help_text = "按现行的一次冻结重新成文"
        field = self.fields["freeze"]
        field.queryset = periods.filter(pk__in=list(chosen.values_list("pk", flat=True)))
        field.label_from_instance = lambda freeze: f"{freeze}（{freeze.first:%m-%d} 至 {freeze.last:%m-%d}）"

    @property
    def corrected(self):
        """The issued bulletin that is put right, as link or form name it; None otherwise."""
        value = str(self["corrects"].value() or "") if "corrects" in self.fields else ""
        known = value.isascii() and value.isdigit() and len(value) < 19
        return self.fields["corrects"].queryset.filter(pk=value).first() if known else None


def _section(name, label):
    column = Bulletin._meta.get_field(name)
    return TextField(
        label=label,
        max_length=column.max_length,
        required=not column.blank,
        rows=ROWS[name],
        help_text=HINTS.get(name, ""),
    )


class EditForm(ActForm):
    fields_template = "bulletins/_edit_fields.html"

    word = TextField(
        label="发文代字",
        max_length=20,
        help_text="年份之前的部分，例如：商安委办通；序号在签发时按本单位、本年连续给出",
    )
    locals().update({name: _section(name, label) for name, label in SECTIONS})

    def __init__(self, *args, record, **options):
        shown = {name: getattr(record, name) for name in ("word", *(name for name, _ in SECTIONS))}
        super().__init__(*args, record=record, initial=shown, **options)


class CasesForm(ActForm):
    """``told``: hazards to tell, ``named``: of these the ones whose enterprise is named."""

    fields_template = "bulletins/_cases_fields.html"

    told = forms.MultipleChoiceField(
        label="写入典型案例", required=False, widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "所选隐患不在候选之列，请重新选择"},
    )  # fmt: skip
    named = forms.MultipleChoiceField(
        label="写明企业名称（曝光）", required=False, widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "所选隐患不在候选之列，请重新选择"},
    )  # fmt: skip

    def __init__(self, *args, record, **options):
        chosen = dict(record.chosen.filter(is_told=True).values_list("hazard", "is_named"))
        shown = {"told": list(map(str, chosen)), "named": [str(pk) for pk, named in chosen.items() if named]}
        super().__init__(*args, record=record, initial=shown, **options)
        offered = candidates(record.freeze, record.division)
        known = {one.hazard.pk for one in offered}
        if missing := set(chosen) - known:  # chosen among others by the API: still offered
            offered = [*candidates(record.freeze, record.division, only=missing), *offered]
        self.offered = offered
        choices = [(str(one.hazard.pk), str(one.hazard)) for one in offered]
        self.fields["told"].choices = self.fields["named"].choices = choices

    @property
    def rows(self):
        """The candidates as the page lists them: ``[{candidate, is_told, is_named}, …]``."""
        told, named = (set(self[name].value() or ()) for name in ("told", "named"))
        return [
            {"candidate": one, "is_told": str(one.hazard.pk) in told, "is_named": str(one.hazard.pk) in named}
            for one in self.offered
        ]

    def clean(self):
        given = super().clean()
        if set(given.get("named", ())) - set(given.get("told", ())):
            self.add_error("named", "要写明企业名称的，须先选入典型案例")
        return given

    def arguments(self):
        named = set(self.cleaned_data["named"])
        return {"cases": {int(pk): pk in named for pk in self.cleaned_data["told"]}}


class PlainForm(ActForm):
    """An act that is told nothing."""


class ReasonForm(ActForm):
    reason = TextField(label="理由", max_length=500, rows=3)


class InstructForm(ActForm):
    text = TextField(
        label="批示内容", max_length=1000, rows=4, help_text="原文显示在通报页面，主送单位都能看到，不能修改或删除",
        error_messages={"required": "请填写批示内容"},
    )  # fmt: skip
