"""What can be asked of the list of flags, and of the rows they stand on. Bad values become errors in words, never a guess."""

import django_filters as filters
from django import forms

from flags.kinds import Kind
from flags.lifecycle import State
from flags.models import Flag, FlagRow
from inspections.filters import DivisionFilter, UnitFilter
from journal.acts import named
from look.filters import ListFilter, WordsFilter

LARGEST = 2**63 - 1


class FlagFilter(ListFilter):
    """``user``: whose ``waiting`` is asked for."""

    spans = {"to": "截止日"}

    q = WordsFilter("unit__folded", label="单位")
    kind = filters.ChoiceFilter(choices=Kind.choices, label="类别", empty_label="全部")
    state = filters.ChoiceFilter(choices=State.choices, label="状态", empty_label="全部")
    unit = UnitFilter(field_name="unit__code", max_length=24, label="单位")
    territory = DivisionFilter(path="unit__", label="属地")
    waiting = filters.ChoiceFilter(
        choices=[("answer", "等我说明"), ("decide", "等我认定")],
        label="等我办理",
        method="by_waiting",
        empty_label="全部",
    )

    class Meta:
        model = Flag
        fields = []

    def __init__(self, data=None, queryset=None, *, user=None, **options):
        super().__init__(data, queryset, **options)
        self.user = user

    def by_waiting(self, queryset, name, value):
        mine = named(Flag, value).waits_for(self.user) if self.user else None
        return queryset.none() if mine is None else queryset.filter(mine)


for _name, _lookup, _label in (("to_from", "gte", "截止日自"), ("to_to", "lte", "截止日至")):
    FlagFilter.base_filters[_name] = filters.DateFilter(
        field_name="last",
        lookup_expr=_lookup,
        label=_label,
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": f"{_label}应为有效日期，写作 2026-11-20"},
    )


class FlagRowFilter(ListFilter):
    flag = filters.NumberFilter(field_name="flag_id", min_value=1, max_value=LARGEST, label="提示")

    class Meta:
        model = FlagRow
        fields = []
