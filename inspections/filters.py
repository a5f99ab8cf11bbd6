"""What can be asked of the lists of visits, enterprises and sectors. Bad values become errors in words, never a guess."""

import django_filters as filters
from django import forms

from accounts.models import Unit
from accounts.scope import in_division
from inspections.lifecycle import SectorState
from inspections.models import Enterprise, Inspection, Sector
from look.filters import ListFilter, WordsFilter


class DivisionField(forms.RegexField):
    """A GB/T 2260 code of 4, 6 or 9 ASCII digits."""

    def __init__(self, **kwargs):
        kwargs.setdefault("error_messages", {"invalid": "行政区划代码应为 4、6 或 9 位数字"})
        super().__init__(r"^([0-9]{4}|[0-9]{6}|[0-9]{9})\Z", **kwargs)


def name_of(code):
    """What people call the unit with ``code``, in use or not; the code where there is none."""
    return Unit.objects.filter(code=code).values_list("short_name", flat=True).first() or code


class UnitFilter(filters.CharFilter):
    """Rows of the unit with a code."""

    def say(self, value):
        return name_of(value)


class DivisionFilter(filters.Filter):
    """Rows inside a division; ``path`` leads to the territorial model (``"unit__"``)."""

    field_class = DivisionField

    def __init__(self, *args, path="", **kwargs):
        super().__init__(*args, **kwargs)
        self.path = path

    def say(self, value):
        return name_of(value)

    def filter(self, queryset, value):
        return queryset.filter(in_division(value, self.path)) if value else queryset


class InspectionFilter(ListFilter):
    q = WordsFilter("enterprise__folded", label="企业名称")
    kind = filters.ChoiceFilter(choices=Inspection.Kind.choices, label="检查方式", empty_label="全部")
    territory = DivisionFilter(path="unit__", label="检查单位所在区划")
    unit = UnitFilter(field_name="unit__code", max_length=24, label="检查单位")
    enterprise = filters.NumberFilter(field_name="enterprise_id", min_value=1, max_value=2**63 - 1, label="企业")
    result = filters.ChoiceFilter(
        field_name="nothing_found",
        choices=[("none", "未发现隐患"), ("found", "发现隐患")],
        label="结果",
        method="by_result",
        empty_label="全部",
    )

    class Meta:
        model = Inspection
        fields = []

    def by_result(self, queryset, name, value):
        return queryset.filter(nothing_found=value == "none")


# "from" is a keyword of the language, not of the address bar.
for _name, _lookup, _label in (("from", "gte", "检查日期自"), ("to", "lte", "检查日期至")):
    InspectionFilter.base_filters[_name] = filters.DateFilter(
        field_name="inspected_on",
        lookup_expr=_lookup,
        label=_label,
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": f"{_label}应为有效日期，写作 2026-11-20"},
    )


class EnterpriseFilter(ListFilter):
    """``register_from`` and ``register_to`` ask for the firms on register in a period, as the ranking counts them."""

    spans = {"register": "期内在册"}

    q = WordsFilter("folded", label="名称或信用代码")
    territory = DivisionFilter(label="属地")
    sector = filters.ModelChoiceFilter(
        queryset=Sector.objects.all(), to_field_name="code", label="行业领域", empty_label="全部"
    )
    status = filters.ChoiceFilter(choices=Enterprise.Status.choices, label="状态", empty_label="全部")
    register_from = filters.DateFilter(
        label="期内在册（起）",
        input_formats=["%Y-%m-%d"],
        method="by_register_from",
        error_messages={"invalid": "期内在册（起）应为有效日期，写作 2026-11-20"},
    )
    register_to = filters.DateFilter(
        label="期内在册（止）",
        input_formats=["%Y-%m-%d"],
        field_name="registered_on",
        lookup_expr="lte",
        error_messages={"invalid": "期内在册（止）应为有效日期，写作 2026-11-20"},
    )

    class Meta:
        model = Enterprise
        fields = []

    def by_register_from(self, queryset, name, value):
        return queryset.on_register_since(value)


class SectorFilter(ListFilter):
    q = WordsFilter("folded", label="名称或代码")
    state = filters.ChoiceFilter(choices=SectorState.choices, label="状态", empty_label="全部")

    class Meta:
        model = Sector
        fields = []


def places_of(user):
    """The divisions in the user's scope as choices: townships, and where they lie in several counties each county with its own."""
    bodies = Unit.objects.visible_to(user).active()
    rows = bodies.filter(kind=Unit.Kind.GOVERNMENT).exclude(level=Unit.Level.CITY).order_by("division_code")
    counties, townships = {}, {}
    for division, name, level in rows.values_list("division_code", "short_name", "level"):
        if level == Unit.Level.COUNTY:
            counties[division] = name
        else:
            townships.setdefault(division[:6], []).append((division, name))
    if len(townships) < 2:
        return [one for group in townships.values() for one in group]
    return [
        (
            counties.get(county, county),
            [*([(county, f"{counties[county]}（全部）")] if county in counties else []), *group],
        )
        for county, group in townships.items()
    ]


def townships_of(user):
    """The townships in the user's scope, for choosing one: a bounded list of (code, name)."""
    return Unit.objects.visible_to(user).active().townships().order_by("code")
