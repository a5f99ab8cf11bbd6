"""What is typed to approve how many people inspect for a unit."""

from django import forms

from accounts.models import Unit
from journal.forms import ActForm
from look.fields import DayField, TextField
from rankings.kinds import INSPECTING
from workdays.periods import month_of


def bodies_of(user):
    """The bodies of the city of ``user`` that inspect: townships and departments in use."""
    if not user.is_authenticated or user.unit is None:
        return Unit.objects.none()
    return inspecting(Unit.objects.visible_to(user)).order_by("code")


def inspecting(units):
    """Of ``units`` those in use that inspect."""
    return units.active().filter(INSPECTING)


class StaffForm(ActForm):
    """``inspectors`` people from the day ``since``; of a record there is, as it stands."""

    inspectors = forms.IntegerField(label="检查人员数", min_value=1, max_value=1000)
    since = DayField(label="自何日起", help_text="从这一天起的周统计、月排名按此计算检查目标")
    reason = TextField(label="核定依据", max_length=200, help_text="如编制文件、人员名册")

    def __init__(self, *args, record, **options):
        if record.pk:
            options["initial"] = {name: getattr(record, name) for name in ("inspectors", "since", "reason")}
        super().__init__(*args, record=record, **options)


class ApproveForm(StaffForm):
    unit = forms.ModelChoiceField(label="单位", queryset=Unit.objects.none())
    field_order = ("unit", "inspectors", "since", "reason")

    def __init__(self, *args, by, today, **options):
        options["initial"] = {"since": month_of(today).first} | (options.get("initial") or {})
        super().__init__(*args, by=by, today=today, **options)
        self.fields["unit"].queryset = bodies_of(by)
        self.fields["unit"].label_from_instance = lambda unit: f"{unit.name}（{unit.code}）"
