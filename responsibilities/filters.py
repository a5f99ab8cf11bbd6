"""What can be asked of the two halves of the matrix."""

import django_filters as filters

from inspections.filters import UnitFilter
from inspections.models import Sector
from look.filters import ListFilter, WordsFilter
from responsibilities.models import Charge, Line

WHEN = [("ended", "已止"), ("all", "全部")]


class PeriodFilter(ListFilter):
    """Those in force, unless others are asked for."""

    tab_parameter = "view"

    view = filters.ChoiceFilter(choices=WHEN, label="时间", method="by_view")
    sector = filters.ModelChoiceFilter(
        queryset=Sector.objects.all(), to_field_name="code", label="行业领域", empty_label="全部"
    )

    def by_view(self, queryset, name, value):
        return queryset.exclude(valid_to=None) if value == "ended" else queryset

    def filter_queryset(self, queryset):
        found = super().filter_queryset(queryset)
        return found if self.form.cleaned_data.get("view") else found.current()


class ChargeFilter(PeriodFilter):
    q = WordsFilter("unit__folded", "holder__folded", "deputy__folded", label="单位或姓名")
    unit = UnitFilter(field_name="unit__code", max_length=24, label="单位")

    class Meta:
        model = Charge
        fields = []


class LineFilter(PeriodFilter):
    q = WordsFilter("place__folded", "competent__folded", "supervising__folded", label="区划或部门")

    class Meta:
        model = Line
        fields = []
