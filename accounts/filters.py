"""What can be asked of the lists of people and of account events. Bad values become errors in words, never a guess."""

import django_filters as filters
from django.db.models import Q

from accounts.models import AccountEvent, User
from accounts.roles import Role
from look.filters import ListFilter


class PeopleFilter(ListFilter):
    q = filters.CharFilter(max_length=50, label="姓名、账号或单位", method="by_text")
    role = filters.ChoiceFilter(choices=Role.choices, label="角色", empty_label="全部", method="by_role")
    active = filters.ChoiceFilter(
        choices=[("yes", "已启用"), ("no", "未启用")], label="状态", empty_label="全部", method="by_active"
    )

    class Meta:
        model = User
        fields = []

    def by_text(self, queryset, name, value):
        parts = ("full_name", "username", "unit__name", "unit__code")
        asked = Q()
        for part in parts:
            asked |= Q(**{f"{part}__contains": value})
        return queryset.filter(asked)

    def by_role(self, queryset, name, value):
        """People who hold the role; an account that is not in use holds none."""
        return queryset.filter(role=value, is_active=True)

    def by_active(self, queryset, name, value):
        return queryset.filter(is_active=value == "yes")


class AccountEventFilter(ListFilter):
    q = filters.CharFilter(max_length=50, label="办理人或人员", method="by_text")
    kind = filters.ChoiceFilter(choices=AccountEvent.Kind.choices, label="事项", empty_label="全部")

    class Meta:
        model = AccountEvent
        fields = []

    def by_text(self, queryset, name, value):
        return queryset.filter(
            Q(actor_name__contains=value) | Q(person_name__contains=value) | Q(person__username__contains=value)
        )
