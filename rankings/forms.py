"""What can be asked of the ranking: a week or a month, who competes, the city or one of its counties, and which revision."""

from django import forms
from django.core.exceptions import ValidationError

from accounts.models import Unit
from rankings.kinds import COUNTY, KINDS, TOWNSHIP
from rankings.outlines import LARGEST as LARGEST_OUTLINE
from rankings.shown import CITY, divisions_for, shown
from workdays.periods import UnknownPeriod, parse_month, parse_week, week_of

LARGEST = 10_000


class PeriodForm(forms.Form):
    """``week`` or ``month``; neither: the last complete week."""

    week = forms.CharField(
        label="周次", max_length=8, required=False, error_messages={"max_length": "周次应写成“2026-W46”的样子"}
    )
    month = forms.CharField(
        label="月份", max_length=7, required=False, error_messages={"max_length": "月份应写成“2026-11”的样子"}
    )

    def __init__(self, data=None, *, user, today):
        super().__init__(data)
        self.user, self.today = user, today

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

    @property
    def given(self):
        return {} if self.errors else self.cleaned_data

    @property
    def period(self):
        """The period asked for; what is wrong or missing is the last complete week."""
        return self.given.get("week") or self.given.get("month") or week_of(self.today).previous()


class RankingForm(PeriodForm):
    """All optional. What a reader may ask for is told by the own place: see `rankings.shown.divisions_for`."""

    kind = forms.ChoiceField(
        label="排名对象",
        choices=[(kind.code, kind.label) for kind in KINDS.values()],
        required=False,
        error_messages={
            "invalid_choice": "排名对象应为 county（县区）、township（乡镇、街道）、department（部门）或 sector（行业领域）"
        },
    )
    county = forms.ModelChoiceField(
        label="范围",
        queryset=Unit.objects.none(),
        to_field_name="code",
        required=False,
        error_messages={"invalid_choice": "没有这个市、县（区），或不在您可查看的范围内"},
    )
    span = forms.ChoiceField(
        label="口径",
        choices=[("window", "计分时段"), ("single", "本期")],
        required=False,
        error_messages={"invalid_choice": "口径应为 window（计分时段）或 single（本期）"},
    )
    revision = forms.IntegerField(
        label="第几次冻结",
        min_value=1,
        max_value=LARGEST,
        required=False,
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), "第几次冻结应为 1 以上的整数"),
    )
    page = forms.IntegerField(
        label="页",
        min_value=1,
        max_value=LARGEST,
        required=False,
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), "页码应为 1 以上的整数"),
    )

    def __init__(self, data=None, *, user, today):
        super().__init__(data, user=user, today=today)
        self.city, own = divisions_for(user)
        places = Unit.objects.filter(kind=Unit.Kind.GOVERNMENT, city_code=self.city or "")
        places = places.exclude(level=Unit.Level.TOWNSHIP)
        if own is not None:
            places = places.filter(division_code__in=[self.city, own])
        self.own = own
        self.fields["county"].queryset = places.order_by("code")

    @property
    def asked_kind(self):
        """Who competes; whoever serves a city that has counties looks at those first, townships below."""
        if code := self.given.get("kind"):
            return KINDS[code]
        if self.own is None and self.given.get("county") is None and self.has_counties:
            return COUNTY
        return TOWNSHIP

    @property
    def has_counties(self):
        return any(len(place.division_code) > CITY for place in self.places)

    @property
    def places(self):
        """The city and the counties to choose from, in that order; read once."""
        if not hasattr(self, "_places"):
            self._places = list(self.fields["county"].queryset)
        return self._places

    @property
    def division(self):
        """The code of the city or county whose table is asked for: by itself the own county's, of counties and sectors the city's."""
        chosen = self.given.get("county")
        if self.asked_kind.code in ("county", "sector"):
            return self.city
        return chosen.division_code if chosen else self.own or self.city

    @property
    def asked_county(self):
        """The county asked for, or None for the whole city."""
        return next(
            (one for one in self.places if one.division_code == self.division and len(self.division) > CITY), None
        )

    def answer(self, *, at):
        """The `rankings.shown.Shown` asked for; None: there is no such revision."""
        return shown(
            self.city,
            self.asked_kind,
            self.period,
            division=self.division,
            today=self.today,
            at=at,
            revision=self.given.get("revision"),
        )


class LineForm(RankingForm):
    """Whose line is to be explained."""

    page = None
    unit = forms.CharField(
        label="单位",
        max_length=24,
        error_messages={"required": "请写明单位代码", "max_length": "单位代码不超过 24 个字符"},
    )


class TrendForm(RankingForm):
    """The city or one of its counties, over the periods that end with the one asked for."""

    kind = span = revision = page = None

    @property
    def division(self):
        chosen = self.given.get("county")
        return chosen.division_code if chosen else self.own or self.city

    @property
    def asked_kind(self):
        """Whose lines stand below the whole: a city's counties, a county's townships."""
        return COUNTY if self.division == self.city and self.has_counties else TOWNSHIP


class MapForm(RankingForm):
    """The table of townships, coloured by what."""

    kind = span = page = None
    by = forms.ChoiceField(
        label="着色",
        choices=[("score", "得分"), ("overdue", "逾期")],
        required=False,
        error_messages={"invalid_choice": "着色应为 score（得分）或 overdue（逾期）"},
    )
    view = forms.ChoiceField(
        label="画法",
        choices=[("shapes", "边界图"), ("squares", "方格图")],
        required=False,
        error_messages={"invalid_choice": "画法应为 shapes（边界图）或 squares（方格图）"},
    )

    @property
    def asked_kind(self):
        return TOWNSHIP


class OutlineForm(forms.Form):
    """The file with the outlines of the townships."""

    file = forms.FileField(
        label="边界文件",
        widget=forms.FileInput(attrs={"accept": ".geojson,.json"}),
        error_messages={
            "required": "请选择 GeoJSON 文件",
            "empty": "文件是空的",
            "missing": "请选择 GeoJSON 文件",
            "invalid": "文件没有传上来，请重新选择",
        },
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > LARGEST_OUTLINE:
            raise ValidationError(f"文件不能超过 {LARGEST_OUTLINE // 2**20} MB，请先简化边界（保留 100 米精度即可）")
        return file


class RowsForm(RankingForm):
    """Of which table a figure is to be opened; whose line and which figure stand in the address."""

    kind = page = None

    def __init__(self, data=None, *, user, today, kind):
        super().__init__(data, user=user, today=today)
        self._kind = kind

    @property
    def asked_kind(self):
        return self._kind


class TrialForm(forms.Form):
    """What the page of a formula can be asked: in which table it is tried, which page of it, and whether on the made-up city too."""

    kind = forms.ChoiceField(
        label="排名对象",
        choices=[(kind.code, kind.label) for kind in KINDS.values() if kind.scored],
        required=False,
        error_messages={"invalid_choice": "排名对象应为 county（县区）、township（乡镇、街道）或 department（部门）"},
    )
    page = forms.IntegerField(
        label="页",
        min_value=1,
        max_value=LARGEST,
        required=False,
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), "页码应为 1 以上的整数"),
    )
    tricks = forms.ChoiceField(
        label="模拟试算",
        choices=[("1", "是")],
        required=False,
        error_messages={"invalid_choice": "模拟试算的地址无法识别，请用页面上的按钮"},
    )

    @property
    def sentences(self):
        """What is wrong, one Chinese sentence each; empty when nothing is."""
        return [sentence for sentences in self.errors.values() for sentence in sentences]

    @property
    def given(self):
        return {} if self.errors else self.cleaned_data
