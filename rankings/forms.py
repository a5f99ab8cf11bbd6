"""What can be asked of the ranking: a week or a month, who competes, and one county of the reader's city."""

from django import forms
from django.core.exceptions import ValidationError

from accounts.models import Unit
from rankings.statistics import KINDS, ground_of
from workdays.periods import UnknownPeriod, parse_month, parse_week, week_of


class RankingForm(forms.Form):
    """All optional. ``asked()`` gives the answer, with the last complete week of ``today`` as default, and `first_kind`."""

    week = forms.CharField(
        label="周次", max_length=8, required=False, error_messages={"max_length": "周次应写成“2026-W46”的样子"}
    )
    month = forms.CharField(
        label="月份", max_length=7, required=False, error_messages={"max_length": "月份应写成“2026-11”的样子"}
    )
    kind = forms.ChoiceField(
        label="排名对象",
        choices=[(kind.code, kind.label) for kind in KINDS.values()],
        required=False,
        error_messages={"invalid_choice": "排名对象应为 township（乡镇、街道）、department（部门）或 county（县区）"},
    )
    county = forms.ModelChoiceField(
        label="县区",
        queryset=Unit.objects.none(),
        to_field_name="code",
        required=False,
        error_messages={"invalid_choice": "该县区不存在，或不在您的管辖范围内"},
    )

    def __init__(self, data=None, *, user, today):
        super().__init__(data)
        self.user, self.today = user, today
        self.fields["county"].queryset = Unit.objects.visible_to(user).counties().order_by("code")

    def clean_week(self):
        return self._period("week", parse_week)

    def clean_month(self):
        return self._period("month", parse_month)

    def _period(self, name, parse):
        text = self.cleaned_data[name]
        try:
            return parse(text) if text else None
        except UnknownPeriod as refusal:
            raise ValidationError(str(refusal)) from None

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("week") and cleaned.get("month"):
            raise ValidationError("周次和月份只能选一个")
        return cleaned

    @property
    def sentences(self):
        """What is wrong, one Chinese sentence each; empty when nothing is."""
        return [sentence for sentences in self.errors.values() for sentence in sentences]

    def asked(self):
        """``(ground, kind, period, county)``; what is wrong or missing is at its default; ``county`` a Unit or None."""
        given = {} if self.errors else self.cleaned_data
        period = given.get("week") or given.get("month") or week_of(self.today).previous()
        county = given.get("county")
        ground = ground_of(self.user)
        if county is not None:
            ground = ground.narrowed_to(county.division_code)
        return ground, KINDS[given.get("kind") or first_kind(ground, period)], period, county

    def counties_of(self, period, county):
        """The counties to choose from: those in use in ``period``, and the one chosen."""
        kept = self.fields["county"].queryset
        return list(kept.in_use_since(period.first) | kept.filter(pk=county.pk if county else None))


def first_kind(ground, period):
    """Whom a reader looks at first: the counties in a city that has any, townships below."""
    counties = len(ground.division) == 4 and ground.competing(period).filter(KINDS["county"].units).exists()
    return "county" if counties else "township"
