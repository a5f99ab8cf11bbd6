"""The one filter of the ledger: page, export, API and the links behind every figure read the same parameters.

Parameters are English codes in the URL. A value that cannot be meant makes the whole filter invalid, with a Chinese
sentence per parameter in ``errors``; an invalid filter selects nothing.
"""

from datetime import timedelta
from functools import cache, cached_property, reduce
from operator import or_

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from accounts.models import Unit, User
from accounts.scope import in_division, scope_of
from criteria.models import Criterion, Standard
from hazards.columns import DAYS, Kind, asked_for
from hazards.lifecycle import UNLISTED_STATES, State
from hazards.models import Hazard, Transfer
from hazards.models.hazard import IS_OPEN, ON_TIME
from hazards.models.reach import is_outside
from hazards.responsibility import KINDS, left, named_as_holder, people_seen_by
from hazards.search import matching
from hazards.waiting import choices as waiting_choices
from hazards.waiting import standing
from hazards.words import SOON_DAYS
from inspections.models import Enterprise, Inspection, Sector
from look.filters import KEY, ListFilter, PickedFilter


class View(models.TextChoices):
    """The tabs above the ledger."""

    ALL = "all", "全部"
    OPEN = "open", "在办"
    OVERDUE = "overdue", "逾期未整改"
    MAJOR = "major", "重大在办"
    PENDING_REVIEW = "pending_review", "待复查"
    CLOSED = "closed", "已销号"
    DRAFTS = "drafts", "草稿"


class Due(models.TextChoices):
    OVERDUE = "overdue", "已逾期"
    TODAY = "today", "今日到期"
    SOON = "soon", f"{SOON_DAYS} 天内到期"
    NONE = "none", "未定期限"


class Handing(models.TextChoices):
    """Transfers between units; these rows one may read though another unit answers for them."""

    OPEN = "open", "移交待答复"
    OUT = "out", "本单位已移出"


YES = [("1", "是")]
YES_NO = [("1", "是"), ("0", "否")]
# The parameters that span days, with the words of their chip.
SPANS = {column.asked.name: column.label for column in asked_for(*DAYS)}


def in_view(view, *, user, today):
    """A ``Q`` for the rows of one tab."""
    return {
        View.ALL: Q(),  # the filter leaves out drafts, discarded and void ones itself, unless they are asked for
        View.OPEN: IS_OPEN,
        View.OVERDUE: IS_OPEN & Q(state=State.RECTIFYING, deadline__lt=today),  # by the index of open rows
        View.MAJOR: IS_OPEN & Q(level=Hazard.Level.MAJOR),
        View.PENDING_REVIEW: IS_OPEN & Q(state=State.PENDING_REVIEW),
        View.CLOSED: Q(state=State.CLOSED),
        View.DRAFTS: Q(state=State.DRAFT),  # only one's own are visible, and those left behind
    }[view]


def due_within(due, *, today):
    """A ``Q`` for one answer to "how near is the deadline": only rows whose clock still runs, or that have none yet."""
    running = Q(state=State.RECTIFYING)
    return {
        Due.OVERDUE: running & Q(deadline__lt=today),
        Due.TODAY: running & Q(deadline=today),
        Due.SOON: running & Q(deadline__gte=today, deadline__lte=today + timedelta(days=SOON_DAYS)),
        Due.NONE: Q(state=State.REGISTERED, deadline=None),
    }[due]


class LedgerForm(forms.Form):
    """Checks what two parameters say together."""

    def clean(self):
        cleaned = super().clean()
        for name, label in SPANS.items():
            start, end = cleaned.get(f"{name}_from"), cleaned.get(f"{name}_to")
            if start and end and start > end:
                self.add_error(f"{name}_from", f"{label}的开始日期晚于结束日期")
        return cleaned

    def clean_q(self):
        text = self.cleaned_data["q"]
        try:
            text.encode()
        except UnicodeEncodeError:
            raise ValidationError("搜索内容含有无法识别的字符") from None
        return text


def _unknown(label):
    sentence = f"{label}没有“%(value)s”这个选项"
    return {"invalid_choice": sentence, "invalid_list": sentence, "invalid_pk_value": sentence}


def any_of(conditions):
    """A ``Q`` for the rows that meet one of ``conditions``."""
    return reduce(or_, conditions)


def _choice(label, choices, method, **options):
    """One of ``choices``: of what can be asked only once, a tab or a desk."""
    return django_filters.ChoiceFilter(
        label=label,
        choices=choices,
        method=method,
        error_messages=_unknown(label),
        empty_label=None,
        null_label=None,
        **options,
    )


def _choices(label, choices, method="among", **options):
    """Any of ``choices``; ``method`` gets a list."""
    return django_filters.MultipleChoiceFilter(
        label=label, choices=choices, method=method, error_messages=_unknown(label), distinct=False, **options
    )


def _whether(rows, name, value):
    return rows.filter(**{f"{name}__in": [one == "1" for one in value]})


def _whether_any(rows, name, value):
    wanted = {"1": Q(**{f"{name}__gt": 0}), "0": Q(**{name: 0})}
    return rows.filter(any_of(wanted[one] for one in value))


def _day(label, **options):
    messages = {"invalid": f"{label}应为有效日期，写作 2026-11-20"}
    return django_filters.DateFilter(label=label, input_formats=["%Y-%m-%d"], error_messages=messages, **options)


class RowsField(django_filters.fields.ModelMultipleChoiceField):
    """A list of rows. A key that no database could hold is one that no row has."""

    def clean(self, value):
        can_be = (
            str.isprintable if self.to_field_name else KEY.fullmatch
        )  # PostgreSQL takes no NUL, not even to compare
        if not all(can_be(one) for one in value or ()):
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return list(super().clean(value))


class RowChoicesFilter(django_filters.ModelMultipleChoiceFilter):
    field_class = RowsField


def _rows(label, queryset, method="among", **options):
    """Any rows of ``queryset``; ``method`` gets a list of them."""
    gone = f"{label}不存在，或不在您的管辖范围内"
    messages = {"invalid_choice": gone, "invalid_pk_value": gone, "invalid_list": gone}
    return RowChoicesFilter(
        label=label, queryset=queryset, method=method, error_messages=messages, null_label=None, **options
    )


def _of_columns():
    """The conditions that columns of the ledger bring: ``{parameter: filter}``."""
    found = {}
    for column in asked_for(Kind.CHOICE):
        found[column.asked.name] = _choices(column.label, column.choices, field_name=column.stored)
    for column in asked_for(Kind.FLAG):
        found[column.asked.name] = _choices(column.label, YES_NO, _whether, field_name=column.stored)
    for column in asked_for(Kind.NUMBER):
        found[column.asked.name] = _choices(column.label, YES_NO, _whether_any, field_name=column.stored)
    for column in asked_for(*DAYS):
        for end, words, lookup in (("from", "起", "gte"), ("to", "止", "lte")):
            found[f"{column.asked.name}_{end}"] = _day(
                f"{column.label}（{words}）", field_name=column.stored, lookup_expr=lookup
            )
    return found


class HazardFilter(ListFilter):
    """Conditions on hazards, those of hazards.columns and some of its own, over rows ``visible_to`` the user; drafts, discarded and void ones come only when asked for."""

    tab_parameter = "view"
    spans, lumped, built_as_asked = SPANS, ("only",), True

    q = django_filters.CharFilter(
        label="搜索", method="by_words", max_length=60, error_messages={"max_length": "搜索内容不超过 60 个字"}
    )
    view = _choice("视图", View.choices, "by_view")
    deadline = _choices("期限", Due.choices, "by_dues")
    overdue = _choices("逾期", YES, "by_overdue")
    on_time = _choices("按期完成", YES_NO, "by_punctuality")
    waiting = _choice("工作台", (), "by_waiting")  # what the desk of this person shows; the choices are the person's
    left = _choices("责任人", [("1", "已离岗")], "by_left")
    origin = _choices("来源", Hazard.Origin.choices)
    sector = _choices("行业领域", (), "by_sectors")  # read from the table, when it is asked for
    territory = _rows("属地", Unit.objects.filter(kind=Unit.Kind.GOVERNMENT), "by_territories", to_field_name="code")
    unit = _rows("主管或监管部门", Unit.objects.departments(), "by_units", to_field_name="code")
    competent = _rows("主管部门", Unit.objects.departments(), to_field_name="code", field_name="competent_unit")
    holder = _rows("责任人员", User.objects.none(), "by_holders")
    enterprise = _rows("企业", Enterprise.objects.none())
    inspection = _rows("检查", Inspection.objects.none())
    standard = _rows("判定标准", Standard.objects.all(), "by_standards")
    only = PickedFilter()
    transfer = _choices("移交", Handing.choices, "by_transfers")
    overdue_as_of = _day("截至逾期日", method="by_overdue_as_of")
    closed_by = _day("截至销号日", method="by_closed_by")

    class Meta:
        model = Hazard
        fields = []
        form = LedgerForm

    @classmethod
    def get_filters(cls):
        return _of_columns() | super().get_filters()

    def __init__(self, data=None, queryset=None, *, user, today, **options):
        super().__init__(data, queryset, **options)
        self.user, self.today = user, today
        self.matching = cache(matching)  # the rows are filtered twice: for the page and for the counts on its tabs
        # Existence of an enterprise or a visit outside the user's scope must not be told by a different sentence.
        self.choose_among(Enterprise.objects.visible_to, Inspection.objects.visible_to)

    def choose_among(self, enterprises, inspections):
        """Give the conditions that are asked for what their values may be: rows as functions of the user."""
        given = {
            "sector": ("choices", lambda user: self.sectors),
            "transfer": ("choices", lambda user: [] if is_outside(user) else Handing.choices),
            "waiting": ("choices", lambda user: waiting_choices(user, self.today)),
            "holder": ("queryset", people_seen_by),
            "enterprise": ("queryset", enterprises),
            "inspection": ("queryset", lambda user: inspections(user).select_related("enterprise")),
        }
        for name, (what, of) in given.items():
            if name in self.filters:
                setattr(self.form.fields[name], what, of(self.user))

    @cached_property
    def sectors(self):
        """``[(code, name), …]``; retired ones stay, for old rows carry them."""
        return list(Sector.objects.values_list("code", "name"))

    def filter_queryset(self, queryset, *, any_view=False):
        if self.errors:
            return queryset.none()
        given = self.form.cleaned_data
        if self.user.is_authenticated and (given.get("waiting") or given.get("transfer")):  # also what is not one's own
            queryset = Hazard.objects.visible_to(self.user)
        own_drafts = given.get("view") == View.DRAFTS and not any_view
        if not own_drafts and not given.get("waiting") and not set(given.get("state", ())) & set(UNLISTED_STATES):
            queryset = queryset.in_ledger()
        for name, value in given.items():
            if not (any_view and name == "view"):
                queryset = self.filters[name].filter(queryset, value)
        return queryset

    def among(self, rows, name, value):
        return rows.filter(**{f"{name}__in": value})

    def by_words(self, rows, name, value):
        return rows.filter(self.matching(value))

    def by_view(self, rows, name, value):
        return rows.filter(in_view(View(value), user=self.user, today=self.today))

    def by_dues(self, rows, name, value):
        return rows.filter(any_of(due_within(Due(due), today=self.today) for due in value))

    def by_overdue(self, rows, name, value):
        return rows.overdue(self.today)

    def by_waiting(self, rows, name, value):
        return rows.filter(standing(value, self.user, self.today))

    def by_punctuality(self, rows, name, value):
        kept = {"1": ON_TIME, "0": Q(rectified_on__gt=F("deadline"))}
        return rows.filter(any_of(kept[one] for one in value), state=State.CLOSED)

    def by_left(self, rows, name, value):
        return rows.filter(any_of(left(kind) for kind in KINDS))

    def by_sectors(self, rows, name, value):
        return rows.filter(sector__in=Sector.objects.filter(code__in=value).order_by().values("pk"))

    def by_territories(self, rows, name, value):
        return rows.filter(any_of(in_division(one.division_code) for one in value))

    def by_units(self, rows, name, value):
        return rows.filter(Q(competent_unit__in=value) | Q(supervising_unit__in=value))

    def by_holders(self, rows, name, value):
        return rows.filter(any_of(named_as_holder(one) for one in value))

    def by_standards(self, rows, name, value):
        return rows.filter(criterion__in=Criterion.objects.filter(standard__in=value).order_by().values("pk"))

    def by_transfers(self, rows, name, value):
        transfers = {
            Handing.OPEN: Transfer.objects.open(),
            Handing.OUT: Transfer.objects.handed_over_by(scope_of(self.user).unit_id),
        }
        return rows.filter(any_of(Q(pk__in=transfers[Handing(one)].values("hazard")) for one in value))

    def by_overdue_as_of(self, rows, name, value):
        return rows.overdue_as_of(value)

    def by_closed_by(self, rows, name, value):
        return rows.filter(state=State.CLOSED, closed_on__lte=value)

    @property
    def places(self):
        """The governments asked for."""
        return [] if self.errors else self.form.cleaned_data.get("territory", [])

    @property
    def current_view(self):
        """The tab in force; an unknown one counts as 全部."""
        value = "" if self.errors else self.form.cleaned_data.get("view")
        return View(value or View.ALL)

    def across_views(self):
        """The rows under the same conditions whatever the tab: what the figures on the tabs are counted in."""
        return self.filter_queryset(self.queryset.all(), any_view=True)


def hazard_filter(params, *, user, today):
    """The filter ``params`` (a QueryDict, or a dict of strings and lists) describe, over ``user``'s own rows; what asks for
    a desk or for transfers finds those too that one reads though another unit answers for them.

    Read ``.qs`` for the rows, but first ``.errors`` (``{parameter: [sentence, …]}``) or ``.sentences``: with errors
    ``.qs`` is empty.
    """
    return HazardFilter(params, Hazard.objects.visible_to(user, guests=False), user=user, today=today)
