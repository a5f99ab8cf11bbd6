"""What can be asked of standards and their items. Bad values become errors in words, never a guess."""

import django_filters as filters
from django import forms
from django.db.models import Case, Q, Value, When

from criteria.models import Criterion, Standard
from inspections.models import Sector
from look.filters import ListFilter, WordsFilter

NO_DAY = "请先填好检查日期，再查找判定标准"
NO_SECTOR = "没有这个行业领域，请重新选择"


class SectorFilter(filters.ModelChoiceFilter):
    """What is for a sector, and what is for all; ``path`` leads to the standard (``"standard__"``)."""

    def __init__(self, path="", **options):
        super().__init__(
            queryset=Sector.objects.all(), to_field_name="code", empty_label="全部", null_label=None,
            **{"label": "行业领域", "error_messages": {"invalid_choice": NO_SECTOR}} | options,
        )  # fmt: skip
        self.path = path

    def filter(self, queryset, value):
        if value is None:
            return queryset
        return queryset.filter(Q(**{f"{self.path}sector": value}) | Q(**{f"{self.path}sector": None}))


class OnFilter(filters.DateFilter):
    """What is in force on a day."""

    def __init__(self, **options):
        super().__init__(
            label="某日有效", input_formats=["%Y-%m-%d"], widget=forms.DateInput(attrs={"type": "date"}),
            error_messages={"invalid": "某日有效应为有效日期，写作 2026-11-20"}, **options,
        )  # fmt: skip

    def filter(self, queryset, value):
        return queryset.in_force_on(value) if value else queryset


class StandardFilter(ListFilter):
    q = WordsFilter("folded", label="名称或文号")
    sector = SectorFilter()
    on = OnFilter()

    class Meta:
        model = Standard
        fields = []


class CriterionFilter(ListFilter):
    """Over items in their newest wording."""

    q = WordsFilter("folded", "standard__folded", label="条款或情形")
    standard = filters.ModelChoiceFilter(
        queryset=Standard.objects.all(), label="判定标准", empty_label="全部", null_label=None,
        error_messages={"invalid_choice": "没有这项判定标准，请重新选择"},
    )  # fmt: skip
    sector = SectorFilter("standard__")
    on = OnFilter()

    class Meta:
        model = Criterion
        fields = []


class OfferedFilter(ListFilter):
    """What a hazard found ``on`` a day can be judged by, what is for the sector ``first`` in front; with ``sector`` that, and what
    is for all."""

    q = WordsFilter("folded", "standard__folded", "standard__sector__folded", label="查找")
    on = filters.DateFilter(
        label="排查日期", input_formats=["%Y-%m-%d"], method="by_day",
        error_messages={"invalid": NO_DAY},
    )  # fmt: skip
    sector = SectorFilter("standard__")
    first = filters.ModelChoiceFilter(
        queryset=Sector.objects.all(), to_field_name="code", null_label=None, method="by_nearness",
        error_messages={"invalid_choice": NO_SECTOR},
    )  # fmt: skip

    class Meta:
        model = Criterion
        fields = []

    def by_day(self, rows, name, value):
        return rows.offered_on(value)

    def by_nearness(self, rows, name, value):
        """Orders alone; nothing is left out."""
        near = Case(
            When(standard__sector=value, then=Value(0)), When(standard__sector=None, then=Value(1)), default=Value(2)
        )
        return rows.annotate(nearness=near).order_by("nearness", "standard_id", "order", "pk")
