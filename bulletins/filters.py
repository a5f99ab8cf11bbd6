"""What can be asked of the lists of bulletins and of their receipts."""

import django_filters as filters
from django.db.models.functions import Length

from bulletins.lifecycle import State
from bulletins.models import Addressee, Bulletin
from bulletins.receipts import unread_by, with_reading
from look.filters import ListFilter, WordsFilter

LARGEST = 2**63 - 1


class BulletinFilter(ListFilter):
    """``user``: whose ``reading`` is asked for."""

    tab_parameter = "state"

    q = WordsFilter("folded", label="标题或文号")
    state = filters.ChoiceFilter(choices=State.choices, label="状态", empty_label="全部")
    span = filters.ChoiceFilter(
        choices=[("week", "周通报"), ("month", "月通报")], label="周期", empty_label="全部", method="by_span"
    )
    reading = filters.ChoiceFilter(
        choices=[("unread", "我还没读的")], label="阅读", empty_label="全部", method="by_reading"
    )

    class Meta:
        model = Bulletin
        fields = []

    def __init__(self, data=None, queryset=None, *, user=None, **options):
        super().__init__(data, queryset, **options)
        self.user = user

    def by_span(self, queryset, name, value):
        return queryset.annotate(letters=Length("period")).filter(
            letters=len("2026-W46" if value == "week" else "2026-11")
        )

    def by_reading(self, queryset, name, value):
        return queryset.none() if self.user is None else unread_by(self.user, queryset)


class ReceiptFilter(ListFilter):
    """Addressees of bulletins, read or not."""

    tab_parameter = "read"

    bulletin = filters.NumberFilter(field_name="bulletin_id", min_value=1, max_value=LARGEST, label="通报")
    read = filters.ChoiceFilter(
        choices=[("no", "未读"), ("yes", "已读")], label="阅读", empty_label="全部", method="by_read"
    )
    q = WordsFilter("unit__folded", label="单位")

    class Meta:
        model = Addressee
        fields = []

    def __init__(self, data=None, queryset=None, *, user=None, **options):
        super().__init__(data, queryset, **options)
        if user is not None:
            seen = Bulletin.objects.visible_to(user)
            self.filters["bulletin"].say = lambda pk: seen.filter(pk=pk).values_list("number", flat=True).first() or pk

    def by_read(self, queryset, name, value):
        return with_reading(queryset).filter(has_read=value == "yes")
