"""What can be asked of the list of measures. Bad values become errors in words, never a guess."""

import django_filters as filters
from django import forms

from enforcement.kinds import Kind
from enforcement.lifecycle import State
from enforcement.models import Measure
from hazards.models import Hazard
from inspections.filters import DivisionFilter, UnitFilter
from inspections.models import Enterprise
from journal.acts import named
from look.filters import ListFilter, WordsFilter

LARGEST = 2**63 - 1


class MeasureFilter(ListFilter):
    """``user``: whose ``waiting`` is asked for. Those withdrawn are listed only when ``state`` asks for them."""

    spans = {"on": "决定日期"}

    q = WordsFilter("enterprise__folded", "number_folded", label="企业或文号")
    kind = filters.ChoiceFilter(choices=Kind.choices, label="措施", empty_label="全部")
    state = filters.ChoiceFilter(choices=State.choices, label="状态", empty_label="全部")
    unit = UnitFilter(field_name="unit__code", max_length=24, label="决定单位")
    territory = DivisionFilter(path="enterprise__", label="属地")
    enterprise = filters.NumberFilter(field_name="enterprise_id", min_value=1, max_value=LARGEST, label="企业")
    hazard = filters.NumberFilter(field_name="hazard_id", min_value=1, max_value=LARGEST, label="隐患")
    inspection = filters.NumberFilter(field_name="inspection_id", min_value=1, max_value=LARGEST, label="检查")
    waiting = filters.ChoiceFilter(
        choices=[("me", "等我审查"), ("all", "等待审查")], label="复工申请", method="by_waiting", empty_label="全部"
    )

    class Meta:
        model = Measure
        fields = []

    def __init__(self, data=None, queryset=None, *, user=None, **options):
        super().__init__(data, queryset, **options)
        self.user = user
        if user is not None:
            self.filters["enterprise"].say = _names(Enterprise.objects.visible_to(user), "name")
            self.filters["hazard"].say = _names(Hazard.objects.visible_to(user), "number")

    def by_waiting(self, queryset, name, value):
        asked = queryset.filter(resumption_due_on__isnull=False)
        if value == "all":
            return asked
        mine = named(Measure, "decide_resumption").waits_for(self.user) if self.user else None
        return queryset.none() if mine is None else asked.filter(mine)

    def filter_queryset(self, queryset):
        found = super().filter_queryset(queryset)
        return found if self.form.cleaned_data.get("state") else found.counted()


def _names(rows, column):
    """``pk -> what people call it``, of those in scope."""
    return lambda pk: rows.filter(pk=pk).values_list(column, flat=True).first() or pk


for _name, _lookup, _label in (("on_from", "gte", "决定日期自"), ("on_to", "lte", "决定日期至")):
    MeasureFilter.base_filters[_name] = filters.DateFilter(
        field_name="on",
        lookup_expr=_lookup,
        label=_label,
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": f"{_label}应为有效日期，写作 2026-11-20"},
    )
