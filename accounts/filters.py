"""What can be asked of the lists of people, units and account events. Bad values become errors in words, never a guess."""

from datetime import datetime, time, timedelta

import django_filters as filters
from django.db.models import Q
from django.utils import timezone

from accounts.lifecycle import ACCOUNT_LAW, UNIT_LAW
from accounts.models import AccountEvent, SignIn, Unit, UnitEvent, User
from accounts.roles import Role
from look.fields import DayField
from look.filters import ListFilter


def _contains(queryset, parts, value):
    """The rows of which one of the columns ``parts`` contains ``value``."""
    asked = Q()
    for part in parts:
        asked |= Q(**{f"{part}__contains": value})
    return queryset.filter(asked)


class PeopleFilter(ListFilter):
    q = filters.CharFilter(max_length=50, label="姓名、账号或单位", method="by_text")
    role = filters.ChoiceFilter(choices=Role.choices, label="角色", empty_label="全部", method="by_role")
    unit = filters.CharFilter(max_length=24, label="单位代码", field_name="unit__code")
    active = filters.ChoiceFilter(
        choices=[("yes", "已启用"), ("no", "未启用")], label="状态", empty_label="全部", method="by_active"
    )

    class Meta:
        model = User
        fields = []

    def by_text(self, queryset, name, value):
        return _contains(queryset, ("full_name", "username", "unit__name", "unit__code"), value)

    def by_role(self, queryset, name, value):
        """People who hold the role; an account that is not in use holds none."""
        return queryset.filter(role=value, is_active=True)

    def by_active(self, queryset, name, value):
        return queryset.filter(is_active=value == "yes")


class UnitFilter(ListFilter):
    q = filters.CharFilter(max_length=50, label="单位名称或代码", method="by_text")
    kind = filters.ChoiceFilter(choices=Unit.Kind.choices, label="类别", empty_label="全部")
    level = filters.ChoiceFilter(choices=Unit.Level.choices, label="层级", empty_label="全部")
    active = filters.ChoiceFilter(
        choices=[("yes", "启用"), ("no", "停用")], label="状态", empty_label="全部", method="by_active"
    )

    class Meta:
        model = Unit
        fields = []

    def by_text(self, queryset, name, value):
        return _contains(queryset, ("code", "name", "short_name"), value)

    def by_active(self, queryset, name, value):
        return queryset.filter(is_active=value == "yes")


class AccountEventFilter(ListFilter):
    q = filters.CharFilter(max_length=50, label="办理人或人员", method="by_text")
    kind = filters.ChoiceFilter(
        choices=[(move.name, move.label) for move in ACCOUNT_LAW.moves.values()], label="事项", empty_label="全部"
    )

    class Meta:
        model = AccountEvent
        fields = []

    def by_text(self, queryset, name, value):
        return _contains(queryset, ("actor_name", "record__full_name", "record__username"), value)


class UnitEventFilter(ListFilter):
    q = filters.CharFilter(max_length=50, label="办理人或单位", method="by_text")
    kind = filters.ChoiceFilter(
        choices=[(move.name, move.label) for move in UNIT_LAW.moves.values()], label="事项", empty_label="全部"
    )

    class Meta:
        model = UnitEvent
        fields = []

    def by_text(self, queryset, name, value):
        return _contains(queryset, ("actor_name", "record__name", "record__code"), value)


class DayFilter(filters.DateFilter):
    """Moments of one calendar day of the house."""

    field_class = DayField

    def filter(self, queryset, value):
        if value is None:
            return queryset
        begins = timezone.make_aware(datetime.combine(value, time()))
        return queryset.filter(at__gte=begins, at__lt=begins + timedelta(days=1))


class SignInFilter(ListFilter):
    q = filters.CharFilter(max_length=50, label="姓名或账号", method="by_text")
    result = filters.ChoiceFilter(choices=SignIn.Result.choices, label="结果", empty_label="全部")
    day = DayFilter(label="日期")

    class Meta:
        model = SignIn
        fields = []

    def by_text(self, queryset, name, value):
        return _contains(queryset, ("person__full_name", "person__username"), value)
