"""What can be asked of the list of reports. Bad values become errors in words, never a guess."""

import django_filters as filters
from django.db.models import F, Q

from inspections.filters import DivisionFilter, UnitFilter
from inspections.models import Enterprise
from look.filters import ListFilter, PickedFilter, WordsFilter
from reporting.acts.file import waits_for
from reporting.lifecycle import OPEN, State
from reporting.models import Opening, Report
from reporting.terms import Kind

LARGEST = 2**63 - 1
NOT_A_PERIOD = "没有这一报送期，请从列表中选择"
STANDINGS = [
    ("owed", "应报未到期"), ("missing", "逾期未报"), ("on_time", "按时"), ("late", "迟报"), ("zero", "零报告"),
    ("returned", "退回重报"), ("excused", "免报"),
]  # fmt: skip


def standing(name, at):
    """A ``Q`` for what a report is at the moment ``at``: one of `STANDINGS`."""
    owed, filed = Q(state__in=OPEN), Q(state=State.FILED)
    return {
        "owed": owed & Q(due_at__gte=at),
        "missing": owed & Q(due_at__lt=at),
        "on_time": filed & Q(filed_at__lte=F("due_at")),
        "late": filed & Q(filed_at__gt=F("due_at")),
        "zero": filed & Q(is_zero=True),
        "returned": Q(state=State.RETURNED),
        "excused": Q(state=State.EXCUSED),
    }[name]


class ReportFilter(ListFilter):
    """``user``: whose ``waiting`` is asked for; ``at``: the moment at which what is owed is missing."""

    spans, lumped = {"due": "应报日期"}, ("only",)

    q = WordsFilter("unit__folded", "enterprise__folded", label="单位或企业")
    kind = filters.ChoiceFilter(choices=Kind.choices, label="种类", empty_label="全部")
    period = filters.ModelChoiceFilter(
        queryset=Opening.objects.all(), to_field_name="period", label="报送期", empty_label="全部", method="by_period",
        error_messages={"invalid_choice": NOT_A_PERIOD},
    )  # fmt: skip
    state = filters.ChoiceFilter(choices=STANDINGS, label="情况", empty_label="全部", method="by_state")
    unit = UnitFilter(field_name="unit__code", max_length=24, label="单位")
    enterprise = filters.NumberFilter(field_name="enterprise_id", min_value=1, max_value=LARGEST, label="企业")
    territory = DivisionFilter(label="属地")
    waiting = filters.ChoiceFilter(choices=[("me", "等我报送")], label="等待", method="by_waiting", empty_label="全部")
    only = PickedFilter()
    due_from = filters.DateFilter(
        field_name="due_on", lookup_expr="gte", label="应报日期自", input_formats=["%Y-%m-%d"],
        error_messages={"invalid": "应报日期自应为有效日期，写作 2026-11-20"},
    )  # fmt: skip
    due_to = filters.DateFilter(
        field_name="due_on", lookup_expr="lte", label="应报日期至", input_formats=["%Y-%m-%d"],
        error_messages={"invalid": "应报日期至应为有效日期，写作 2026-11-20"},
    )  # fmt: skip

    class Meta:
        model = Report
        fields = []

    def __init__(self, data=None, queryset=None, *, user=None, at=None, **options):
        super().__init__(data, queryset, **options)
        self.user, self.at = user, at
        if user is not None:
            seen = Enterprise.objects.visible_to(user)
            self.filters["enterprise"].say = lambda pk: seen.filter(pk=pk).values_list("name", flat=True).first() or pk

    def by_period(self, queryset, name, value):
        return queryset.filter(kind=value.kind, period=value.period)

    def by_state(self, queryset, name, value):
        return queryset.filter(standing(value, self.at))

    def by_waiting(self, queryset, name, value):
        mine = waits_for(self.user) if self.user else None
        return queryset.none() if mine is None else queryset.filter(mine)
