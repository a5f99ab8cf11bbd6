"""What can be asked of the lists of people, units and account events. Bad values become errors in words, never a guess."""

from datetime import datetime, time, timedelta

import django_filters as filters
from django.utils import timezone

from accounts.lifecycle import ACCOUNT_LAW, UNIT_LAW
from accounts.models import AccountEvent, SignIn, Unit, UnitEvent, User
from accounts.roles import Role
from look.fields import DayField
from look.filters import ListFilter, WordsFilter


class PeopleFilter(ListFilter):
    q = WordsFilter("folded", "unit__folded", label="姓名、账号或单位")
    role = filters.ChoiceFilter(choices=Role.choices, label="角色", empty_label="全部", method="by_role")
    unit = filters.CharFilter(max_length=24, label="单位代码", field_name="unit__code")
    active = filters.ChoiceFilter(
        choices=[("yes", "已启用"), ("no", "未启用")], label="状态", empty_label="全部", method="by_active"
    )

    class Meta:
        model = User
        fields = []

    def by_role(self, queryset, name, value):
        """People who hold the role; an account that is not in use holds none."""
        return queryset.filter(role=value, is_active=True)

    def by_active(self, queryset, name, value):
        return queryset.filter(is_active=value == "yes")


class UnitFilter(ListFilter):
    q = WordsFilter("folded", label="单位名称或代码")
    kind = filters.ChoiceFilter(choices=Unit.Kind.choices, label="类别", empty_label="全部")
    level = filters.ChoiceFilter(choices=Unit.Level.choices, label="层级", empty_label="全部")
    active = filters.ChoiceFilter(
        choices=[("yes", "启用"), ("no", "停用")], label="状态", empty_label="全部", method="by_active"
    )

    class Meta:
        model = Unit
        fields = []

    def by_active(self, queryset, name, value):
        return queryset.filter(is_active=value == "yes")


class AccountEventFilter(ListFilter):
    q = WordsFilter("actor_folded", "record__folded", label="办理人或人员")
    kind = filters.ChoiceFilter(
        choices=[(move.name, move.label) for move in ACCOUNT_LAW.moves.values()], label="事项", empty_label="全部"
    )

    class Meta:
        model = AccountEvent
        fields = []


class UnitEventFilter(ListFilter):
    q = WordsFilter("actor_folded", "record__folded", label="办理人或单位")
    kind = filters.ChoiceFilter(
        choices=[(move.name, move.label) for move in UNIT_LAW.moves.values()], label="事项", empty_label="全部"
    )

    class Meta:
        model = UnitEvent
        fields = []


class DayFilter(filters.DateFilter):
    """Moments of one calendar day of the house."""

    field_class = DayField

    def filter(self, queryset, value):
        if value is None:
            return queryset
        begins = timezone.make_aware(datetime.combine(value, time()))
        return queryset.filter(at__gte=begins, at__lt=begins + timedelta(days=1))


class SignInFilter(ListFilter):
    q = WordsFilter("person__folded", label="姓名或账号")
    result = filters.ChoiceFilter(choices=SignIn.Result.choices, label="结果", empty_label="全部")
    day = DayFilter(label="日期")

    class Meta:
        model = SignIn
        fields = []
