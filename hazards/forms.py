"""What people type when they register a visit, checked for shape; the forms of acts stand in hazards/acts/.

Whether it is possible is decided by hazards.operations alone. No form reads the clock: ``today`` (a date) comes from the view.
"""

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Case, When
from django.forms import BaseFormSet, formset_factory
from django.utils.functional import SimpleLazyObject

from accounts.models import Unit, User
from accounts.roles import OFFICERS
from criteria.forms import CriterionField
from hazards import deadlines, judging
from hazards.due import DuePicked, due_date_field, due_field, working_days_field
from hazards.models import Hazard
from hazards.registration_rules import AFTER_PHOTOS, BASIS, CHOSEN_DATE, PAST_DEADLINE, SECOND_INSPECTOR
from hazards.rules import NEEDS_REVIEW, needs_review
from inspections.models import Enterprise, Inspection
from inspections.operations import day_problem
from look.fields import DayField, TextField
from workdays.operations import load_calendar

MAX_CARDS = 15  # four file inputs a card without script: 60, the limit of files in one request
MAX_PEOPLE = 300
SENT = ("description", "level", "location", "basis", "criterion", "requirement", "fixed_on_spot")
SAME_ANGLE = "与整改前照片同一角度，至少一张"


def person_words(person, *, with_unit=False):
    """What a list of people to choose from says of one; ``with_unit``: select_related it."""
    unit = person.unit.short_name if with_unit and person.unit else ""
    return " · ".join(part for part in (str(person), person.post, unit) if part)


class PersonField(forms.ModelChoiceField):
    def label_from_instance(self, person):
        return person_words(person, with_unit=self.with_unit)

    def __init__(self, *args, with_unit=False, **options):
        self.with_unit = with_unit
        super().__init__(*args, **options)


class NeedsForm(forms.Form):
    """A form whose fields may need one another: ``needs`` beyond its required fields. ``photo_labels``: its photos by name."""

    needs = ()
    photo_labels = {}

    def clean(self):
        cleaned = super().clean()
        for need in self.needs:
            missing = need.field in self.fields and not cleaned.get(need.field) and need.field not in self.errors
            if missing and need.applies(cleaned):
                self.add_error(need.field, need.words)
        return cleaned


class VisitForm(NeedsForm):
    """The facts of one inspection. ``enterprise`` and ``colleague`` reach no further than the user's own scope."""

    needs = (SECOND_INSPECTOR,)
    enterprise = forms.ModelChoiceField(
        Enterprise.objects.none(),
        label="企业",
        error_messages={"required": "请先选择企业", "invalid_choice": "该企业不存在，或不在您的管辖范围内；请重新选择"},
    )
    kind = forms.ChoiceField(label="检查方式", choices=Inspection.Kind.choices)
    inspected_on = DayField(label="检查日期")
    colleague = PersonField(
        User.objects.none(), label="另一名检查人", required=False, with_unit=True, empty_label="请选择"
    )
    nothing_found = forms.BooleanField(label="本次未发现隐患", required=False)
    note = TextField(label="检查情况", required=False, max_length=2000, rows=2)
    submission_key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, user, today, as_draft=False, **options):
        super().__init__(*args, **options)
        self.user, self.today = user, today
        if as_draft:  # the second inspector may join when the draft is registered
            self.needs = ()
        self.fields["enterprise"].queryset = Enterprise.objects.visible_to(user).select_related("township", "sector")
        self.fields["colleague"].queryset = colleagues_of(user)
        self.fields["inspected_on"].widget.attrs["max"] = today.isoformat()

    def clean_inspected_on(self):
        day = self.cleaned_data["inspected_on"]
        if problem := day_problem(day, today=self.today):
            raise ValidationError(problem)
        return day

    def arguments(self):
        given = self.cleaned_data
        inspectors = [self.user] + ([given["colleague"]] if given["colleague"] else [])
        return {
            "kind": given["kind"],
            "enterprise": given["enterprise"],
            "inspected_on": given["inspected_on"],
            "inspectors": inspectors,
            "note": given["note"],
            "submission_key": str(given["submission_key"] or ""),
        }


def colleagues_of(user):
    """Officers of the user's own unit and of the units inside its territory, own unit first; not the user."""
    if not user.is_authenticated:
        return User.objects.none()
    units = Unit.objects.visible_to(user)
    people = User.objects.filter(is_active=True, role__in=OFFICERS, unit__in=units).exclude(pk=user.pk)
    own_first = Case(When(unit=user.unit_id, then=0), default=1)
    return people.select_related("unit").order_by(own_first, "unit__code", "id")


class HazardForm(DuePicked, NeedsForm):
    """One hazard of the visit. The view hangs ``before`` and ``after`` on it: the photos picked for it, which it judges."""

    needs = (BASIS, CHOSEN_DATE, AFTER_PHOTOS)
    photo_labels = {"before": "隐患照片", "after": "整改后照片"}
    description = TextField(label="隐患描述", max_length=1000, rows=3, error_messages={"required": "请填写隐患描述"})
    level = forms.ChoiceField(
        label="隐患等级", choices=Hazard.Level.choices, initial="general", widget=forms.RadioSelect
    )
    location = TextField(label="隐患位置", required=False, max_length=100)
    basis = TextField(
        label="判定依据", required=False, max_length=300, rows=2, help_text="重大隐患必填：所依据的判定标准和条款"
    )
    criterion = CriterionField()
    requirement = TextField(
        label="整改要求", required=False, max_length=2000, rows=2, help_text="可由下达整改的负责人补充"
    )
    due = due_field("建议整改期限", initial="7")
    due_date = due_date_field()
    in_working_days = working_days_field()
    fixed_on_spot = forms.BooleanField(label="当场已整改", required=False)

    def __init__(self, *args, today, calendar, **options):
        super().__init__(*args, **options)
        self.today, self.calendar = today, calendar
        self.fields["criterion"].offer(day_in="inspected_on")

    def clean(self):
        judging.as_typed(self.cleaned_data)
        cleaned = super().clean()
        day = cleaned.get("due_date")
        if day is not None and day < self.today and CHOSEN_DATE.applies(cleaned):
            self.add_error("due_date", PAST_DEADLINE)
        if needs_review(cleaned.get("level")) and cleaned.get("fixed_on_spot"):
            self.add_error("fixed_on_spot", f"{NEEDS_REVIEW}；请关闭此项后登记")
        return cleaned

    def facts(self):
        """One entry of ``hazards`` of :func:`hazards.operations.record_inspection`."""
        given = self.cleaned_data
        facts = {name: given[name] for name in SENT}
        return facts | {"proposed_deadline": self._proposed(), "before": self.before.photos, "after": self.after.photos}

    def _proposed(self):
        given = self.cleaned_data
        if given["fixed_on_spot"]:
            return None
        picked = self.given_due()
        if "working_days" in picked:
            return self.calendar.add_working_days(self.today, picked["working_days"]).date
        return picked["deadline"] if "deadline" in picked else deadlines.after_days(self.today, picked["days"])


class BaseHazards(BaseFormSet):
    """The hazards of one visit. A card left blank is an error unless it is marked for deletion: photos may hang on it."""

    def __init__(self, *args, today, **options):
        self.today = today
        super().__init__(*args, **options)

    def get_form_kwargs(self, index):
        return {"today": self.today, "calendar": SimpleLazyObject(load_calendar), "empty_permitted": False}

    def initial_form_count(self):
        return 0 if self.is_bound else super().initial_form_count()

    def kept_forms(self):
        """The cards that are not marked for deletion, in order; judges every card."""
        self.is_valid()
        return [form for form in self.forms if not self._should_delete_form(form)]

    def total_error(self):
        """Errors of the whole set as one sentence, "" when there are none."""
        return "；".join(self.non_form_errors())


HazardFormSet = formset_factory(
    HazardForm,
    formset=BaseHazards,
    extra=0,
    min_num=1,
    max_num=MAX_CARDS,
    absolute_max=MAX_CARDS * 2,
    validate_max=True,
    can_delete=True,
)


def typed(form):
    """What stands in a bound form's fields, as ``initial`` of a fresh one: to show it again without judging it."""
    return {
        name: field.widget.value_from_datadict(form.data, form.files, form.add_prefix(name))
        for name, field in form.fields.items()
    }
