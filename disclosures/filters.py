"""What can be asked of the list of what was taken out."""

import django_filters as filters

from accounts.filters import DayFilter
from disclosures.models import Disclosure
from look.filters import ListFilter, WordsFilter


class DisclosureFilter(ListFilter):
    q = WordsFilter("person__folded", label="姓名或账号")
    kind = filters.ChoiceFilter(choices=Disclosure.Kind.choices, label="方式", empty_label="全部")
    day = DayFilter(label="日期")

    class Meta:
        model = Disclosure
        fields = []
