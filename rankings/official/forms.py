"""What can be asked for: which form, of which unit and period, a row for whom."""

from django import forms
from django.core.exceptions import ValidationError

from accounts.models import Unit
from accounts.scope import Reach, scope_of
from rankings.kinds import COUNTY, DEPARTMENT, KINDS, TOWNSHIP
from rankings.official import checks, quarterly
from rankings.official.basis import CITY, basis_of, readable_units
from workdays.periods import (
    UnknownPeriod,
    month_of,
    parse_month,
    parse_quarter,
    parse_week,
    parse_year,
    quarter_of,
    week_of,
    year_of,
)

CHECKS, QUARTERLY = "checks", "quarterly"
FORMS = {CHECKS: "检查和专项整治统计表", QUARTERLY: "隐患排查治理统计分析表（季报）"}
# How a period is written, read from a day, called, and how many of them are offered.
PERIODS = {
    "week": (parse_week, week_of, "周", 60, "周次应写成“2026-W46”的样子"),
    "month": (parse_month, month_of, "月", 24, "月份应写成“2026-11”的样子"),
    "quarter": (parse_quarter, quarter_of, "季", 12, "季度应写成“2026-Q4”的样子"),
    "year": (parse_year, year_of, "年", 6, "年份应写成“2026”的样子"),
}
KINDS_OF = {
    Unit.Level.CITY: (COUNTY, TOWNSHIP, DEPARTMENT),
    Unit.Level.COUNTY: (TOWNSHIP, DEPARTMENT),
    Unit.Level.TOWNSHIP: (TOWNSHIP,),
}


def _text(name, label):
    length = {"week": 8, "month": 7, "quarter": 7, "year": 4}[name]
    return forms.CharField(
        label=label, max_length=length, required=False, error_messages={"max_length": PERIODS[name][-1]}
    )


class OfficialForm(forms.Form):
    """All optional: by itself the month, or for 季报 the quarter, that ended last, of the place or department the reader serves."""

    form = forms.ChoiceField(
        label="统计表",
        choices=list(FORMS.items()),
        required=False,
        error_messages={"invalid_choice": "统计表应为 checks（检查和专项整治统计表）或 quarterly（季报）"},
    )
    week, month = _text("week", "周次"), _text("month", "月份")
    quarter, year = _text("quarter", "季度"), _text("year", "年份")
    unit = forms.ModelChoiceField(
        label="填报单位",
        queryset=Unit.objects.none(),
        to_field_name="code",
        required=False,
        error_messages={
            "invalid_choice": "没有这个单位，或不在您可查看的范围内；请填市、县（区）、乡镇或部门的单位代码"
        },
    )
    kind = forms.ChoiceField(
        label="分行",
        choices=[(kind.code, kind.label) for kind in (COUNTY, TOWNSHIP, DEPARTMENT)],
        required=False,
        error_messages={"invalid_choice": "分行应为 county（县区）、township（乡镇、街道）或 department（部门）"},
    )

    def __init__(self, data=None, *, user, today):
        super().__init__(data)
        self.user, self.today = user, today
        self.fields["unit"].queryset = readable_units(user).order_by("division_code", "code")

    def clean(self):
        cleaned = super().clean()
        if self.errors:
            return cleaned
        for name, (parse, *_) in PERIODS.items():
            if text := cleaned[name]:
                try:
                    cleaned[name] = parse(text)
                except UnknownPeriod as refusal:
                    self.add_error(name, str(refusal))
        asked = [cleaned[name] for name in PERIODS if cleaned.get(name)]
        if len(asked) > 1:
            raise ValidationError("周次、月份、季度和年份只能选一个")
        if asked and not self.errors and asked[0].first > self.today:
            raise ValidationError(f"{asked[0].full_words}还没有开始，请选已经开始的时段")
        self._check_kind(cleaned)
        return cleaned

    def _check_kind(self, cleaned):
        code = cleaned.get("kind")
        if not code:
            return
        if cleaned.get("form") == QUARTERLY:
            raise ValidationError("季报按行业领域分行，请不要再选按县区、乡镇或部门分行")
        unit = cleaned.get("unit") or self._own_unit
        if unit is not None and KINDS[code] not in kinds_of(unit):
            offered = "、".join(kind.label for kind in kinds_of(unit))
            raise ValidationError(f"{unit.short_name}的表不能按{KINDS[code].label}分行，可以按{offered}分行")

    @property
    def sentences(self):
        """What is wrong, one Chinese sentence each; empty when nothing is."""
        return [sentence for sentences in self.errors.values() for sentence in sentences]

    @property
    def given(self):
        return {} if self.errors else self.cleaned_data

    @property
    def asked_form(self):
        return self.given.get("form") or CHECKS

    @property
    def period(self):
        """The period asked for; by itself the last one that is over."""
        asked = next((self.given[name] for name in PERIODS if self.given.get(name)), None)
        of = quarter_of if self.asked_form == QUARTERLY else month_of
        return asked or of(self.today).previous()

    @property
    def units(self):
        """The units to choose from; read once."""
        if not hasattr(self, "_units"):
            self._units = list(self.fields["unit"].queryset)
        return self._units

    @property
    def _own_unit(self):
        """The government of the place the reader serves, or the own department; None where no unit stands for it."""
        scope = scope_of(self.user)
        if scope.reach is Reach.DEPARTMENT:
            return next((unit for unit in self.units if unit.pk == scope.unit_id), None)
        own = (
            unit for unit in self.units if unit.division_code == scope.division and unit.kind == Unit.Kind.GOVERNMENT
        )
        return next(own, None)

    @property
    def asked_unit(self):
        return self.given.get("unit") or self._own_unit

    @property
    def asked_kind(self):
        """Who has a row in the form of checks; of 季报, None."""
        if self.asked_form == QUARTERLY or self.asked_unit is None:
            return None
        code = self.given.get("kind")
        return KINDS[code] if code else kinds_of(self.asked_unit)[0]

    def answer(self, *, at):
        """The `rankings.official.layout.Filled` form asked for; None where the reader serves no unit."""
        unit = self.asked_unit
        if unit is None:
            return None
        is_quarterly = self.asked_form == QUARTERLY
        basis = basis_of(unit.division_code[:CITY], self.period, today=self.today, at=at, cumulated=is_quarterly)
        if is_quarterly:
            return quarterly.filled(basis, unit)
        counties = {
            one.division_code: one.short_name
            for one in self.units
            if one.level == Unit.Level.COUNTY and one.kind == Unit.Kind.GOVERNMENT
        }
        return checks.filled(basis, unit, self.asked_kind, counties)


def kinds_of(unit):
    """By whom the form of checks of ``unit`` may be broken down, the usual first."""
    return (DEPARTMENT,) if unit.kind == Unit.Kind.DEPARTMENT else KINDS_OF[unit.level]
