import django_filters

from look.filters import ListFilter
from notifications.models import Notification


class InboxFilter(ListFilter):
    """A reader's messages: the unread ones, or all."""

    tab_parameter = "tab"
    tab = django_filters.ChoiceFilter(
        label="消息类别",
        choices=[("unread", "未读"), ("all", "全部")],
        error_messages={"invalid_choice": "没有这一类消息"},
    )

    class Meta:
        model = Notification
        fields = []

    def filter_queryset(self, queryset):
        return queryset if self.form.cleaned_data["tab"] == "all" else queryset.unread()
