"""The shapes of what the matrix is told, at pages and at the API."""

from django import forms
from django.conf import settings
from rest_framework import serializers

from accounts.models import Unit, User
from accounts.scope import scope_of
from inspections.models import Sector
from journal.api import ActSerializer
from journal.forms import ActForm
from look.fields import TextField
from responsibilities.choosing import departments_for, staff_of
from responsibilities.models import EVERY_SECTOR

NO_UNIT = dict.fromkeys(("required", "invalid_choice"), "请从责任分工、责任空缺或单位的页面重新进入，选定单位")


class PersonField(forms.ModelChoiceField):
    def label_from_instance(self, person):
        return " · ".join(part for part in (str(person), person.post, person.role_label) if part)


class BodyField(forms.ModelChoiceField):
    def label_from_instance(self, unit):
        return unit.name


class ReasonForm(ActForm):
    """Taken out of force, and nothing in its place."""

    reason = TextField(label="撤销理由", max_length=500, rows=2, error_messages={"required": "请填写撤销理由"})


class ReasonSerializer(ActSerializer):
    reason = serializers.CharField(max_length=500)


class ChargeForm(ActForm):
    """Holder and deputy, of the unit that the record names."""

    holder = PersonField(User.objects.none(), label="责任人")
    deputy = PersonField(
        User.objects.none(), label="副职（AB 角）", required=False, help_text="责任人离岗时由副职接收通知和催办"
    )
    reason = TextField(label="更换理由", max_length=500, rows=2, required=False)

    def __init__(self, *args, record, **options):
        options["initial"] = {"holder": record.holder_id, "deputy": record.deputy_id} | options.get("initial", {})
        super().__init__(*args, record=record, **options)
        for name in ("holder", "deputy"):
            self.fields[name].queryset = staff_of(record.unit_id).order_by("pk")


class NewChargeForm(ChargeForm):
    """The unit is that of the page (`responsibilities.views.charges.ChargeBirth`), which the record names already."""

    fields_template = "responsibilities/_new_charge_fields.html"
    unit = forms.ModelChoiceField(
        Unit.objects.none(), to_field_name="code", widget=forms.HiddenInput, error_messages=NO_UNIT
    )
    sector = forms.ModelChoiceField(
        Sector.objects.active(),
        to_field_name="code",
        required=False,
        label="行业领域",
        empty_label=EVERY_SECTOR,
        help_text=f"选“{EVERY_SECTOR}”的，凡没有单独确定责任人的行业都由此人负责",
    )
    reason = None

    def __init__(self, *args, record, by, **options):
        options["initial"] = {"unit": record.unit.code if record.unit_id else ""}
        super().__init__(*args, record=record, by=by, **options)
        self.fields["unit"].queryset = Unit.objects.in_territory_of(by).active()
        self.order_fields(["unit", "sector", "holder", "deputy"])


class LineForm(ActForm):
    """The departments, of the place that the record names and of the city over it."""

    competent = BodyField(Unit.objects.none(), label="行业主管部门", required=False)
    supervising = BodyField(Unit.objects.none(), label="监管部门", required=False)
    reason = TextField(label="更换理由", max_length=500, rows=2, required=False)

    def __init__(self, *args, record, **options):
        now = {"competent": record.competent_id, "supervising": record.supervising_id}
        options["initial"] = now | options.get("initial", {})
        super().__init__(*args, record=record, **options)
        place = departments_for(record.place) if record.place_id else Unit.objects.none()
        for name in ("competent", "supervising"):
            held = Unit.objects.filter(pk=getattr(record, f"{name}_id"))  # one no longer in use stays with the row
            self.fields[name].queryset = (place | held).order_by("-division_code", "code")

    def clean(self):
        cleaned = super().clean()
        if not self.errors and not any(cleaned.get(name) for name in ("competent", "supervising")):
            self.add_error("competent", "请至少选择一个部门；都不确定的，请办理“撤销”")
        return cleaned


class NewLineForm(LineForm):
    fields_template = "responsibilities/_new_line_fields.html"
    place = forms.ModelChoiceField(
        Unit.objects.none(), to_field_name="code", widget=forms.HiddenInput, error_messages=NO_UNIT
    )
    sector = forms.ModelChoiceField(Sector.objects.active(), to_field_name="code", label="行业领域")
    reason = None

    def __init__(self, *args, record, by, **options):
        options["initial"] = {"place": record.place.code if record.place_id else ""}
        super().__init__(*args, record=record, by=by, **options)
        self.fields["place"].queryset = Unit.objects.in_territory_of(by).active().filter(kind=Unit.Kind.GOVERNMENT)
        self.order_fields(["place", "sector", "competent", "supervising"])


class SheetForm(forms.Form):
    file = forms.FileField(
        label="责任分工表",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.ods,.et,.csv"}),
        error_messages={
            "required": "请选择要导入的责任分工表",
            "empty": "文件是空的",
            "missing": "请选择要导入的责任分工表",
            "invalid": "文件没有传上来，请重新选择",
        },
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > settings.MAX_UPLOAD_BYTES:
            raise forms.ValidationError(f"文件超过 {settings.MAX_UPLOAD_BYTES // 2**20} MB，请拆分后分批导入")
        return file


def _row(queryset, **options):
    return serializers.PrimaryKeyRelatedField(queryset=queryset, **options)


class ChargeActSerializer(ActSerializer):
    """``holder`` and ``deputy`` by id, the deputy null for nobody; whether they serve the unit the verb asks."""

    holder = _row(User.objects.none())
    deputy = _row(User.objects.none(), allow_null=True)
    reason = serializers.CharField(max_length=500, required=False, allow_blank=True)
    querysets = {name: lambda user: people_of(user) for name in ("holder", "deputy")}


class LineActSerializer(ActSerializer):
    competent = _row(Unit.objects.none(), allow_null=True)
    supervising = _row(Unit.objects.none(), allow_null=True)
    reason = serializers.CharField(max_length=500, required=False, allow_blank=True)
    querysets = {name: lambda user: departments_named_by(user) for name in ("competent", "supervising")}


def people_of(user):
    """The people whom ``user`` can name: of the units of the territory."""
    return User.objects.filter(is_active=True, unit__in=Unit.objects.in_territory_of(user))


def departments_named_by(user):
    """The departments that ``user`` can name: of the city, for a county may be served by the city's."""
    city = scope_of(user).division[:4]
    return Unit.objects.active().departments().filter(city_code=city)
