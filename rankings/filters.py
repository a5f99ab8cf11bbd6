"""What can be asked of the lists of formula versions and of approved staff. Bad values become errors in words, never a guess."""

import django_filters as filters

from accounts.models import Unit
from accounts.scope import in_division
from look.filters import ListFilter, WordsFilter
from rankings.kinds import DEPARTMENT, TOWNSHIP
from rankings.models import Formula


class FormulaFilter(ListFilter):
    class Meta:
        model = Formula
        fields = []


class StaffFilter(ListFilter):
    """Over bodies with ``approval``, the id of what is approved of them today, or None."""

    tab_parameter = "approved"

    q = WordsFilter("folded", label="单位名称或代码")
    county = filters.ModelChoiceFilter(
        queryset=Unit.objects.none(), to_field_name="code", label="县（区）", empty_label="全部", null_label=None, method="by_county",
        error_messages={"invalid_choice": "没有这个县（区），请重新选择"},
    )  # fmt: skip
    kind = filters.ChoiceFilter(
        choices=[(TOWNSHIP.code, TOWNSHIP.label), (DEPARTMENT.code, DEPARTMENT.label)], label="类别", empty_label="全部",
        method="by_kind", error_messages={"invalid_choice": "类别应为乡镇（街道）或部门，请重新选择"},
    )  # fmt: skip
    approved = filters.ChoiceFilter(
        choices=[("yes", "已核定"), ("no", "未核定")], label="核定情况", method="by_approval",
        error_messages={"invalid_choice": "核定情况应为已核定或未核定，请重新选择"},
    )  # fmt: skip

    class Meta:
        model = Unit
        fields = []

    def __init__(self, *args, city="", **options):
        super().__init__(*args, **options)
        self.filters["county"].queryset = Unit.objects.counties().filter(city_code=city).order_by("code")

    def by_county(self, rows, name, county):
        return rows.filter(in_division(county.division_code))

    def by_kind(self, rows, name, value):
        return rows.filter((TOWNSHIP if value == TOWNSHIP.code else DEPARTMENT).competitor)

    def by_approval(self, rows, name, value):
        return rows.filter(approval__isnull=value == "no")
