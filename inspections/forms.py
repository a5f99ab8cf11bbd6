from django import forms

from accounts.models import Unit
from inspections import uscc
from inspections.filters import townships_of
from inspections.models import Enterprise, Sector
from journal.forms import ActForm, RecordForm


class CreditCodeField(forms.CharField):
    """A credit code in any case and width, with or without blanks; the box takes more than its 18 characters."""

    def to_python(self, value):
        return uscc.canonical(super().to_python(value))

    def widget_attrs(self, widget):
        return super().widget_attrs(widget) | {"maxlength": 40}


class EnterpriseForm(RecordForm):
    """One enterprise of the register. ``by`` decides which townships can be chosen."""

    class Meta:
        model = Enterprise
        fields = [
            "name", "uscc", "township", "sector", "address", "principal", "phone", "safety_manager", "safety_manager_phone",
            "risk_grade", "status",
        ]  # fmt: skip
        field_classes = {"uscc": CreditCodeField}
        help_texts = {"uscc": "18 位；小微场所没有信用代码的可以不填"}
        error_messages = {"name": {"required": "请填写企业名称"}, "township": {"required": "请选择属地乡镇（街道）"}}

    def __init__(self, *args, by, **options):
        super().__init__(*args, by=by, **options)
        record = self.record
        self.fields["township"].queryset = townships_of(by) | Unit.objects.filter(pk=record.township_id)
        self.fields["township"].empty_label = "请选择"
        # One that is no longer offered stays with whoever has it.
        self.fields["sector"].queryset = Sector.objects.active() | Sector.objects.filter(pk=record.sector_id)
        self.fields["sector"].required = True
        self.fields["sector"].empty_label = "请选择"
        self.fields["principal"].required = True
        if record.status != Enterprise.Status.SUSPENDED:  # a measure gives it, nobody's hand
            offered = self.fields["status"].choices
            self.fields["status"].choices = [one for one in offered if one[0] != Enterprise.Status.SUSPENDED]

    def clean_name(self):
        return self.cleaned_data["name"].strip()


class JoinForm(ActForm):
    username = forms.CharField(
        label="企业账号", max_length=150, help_text="填写系统管理员已开户、角色为“企业人员”的账号"
    )


class PartForm(ActForm):
    username = forms.CharField(label="企业账号", max_length=150, widget=forms.Select)

    def __init__(self, *args, record, **options):
        super().__init__(*args, record=record, **options)
        members = record.members.order_by("pk")
        self.fields["username"].widget.choices = [(one.username, f"{one}（{one.username}）") for one in members]


class SectorForm(RecordForm):
    class Meta:
        model = Sector
        fields = ["name", "competent_function", "supervising_function", "order"]
        help_texts = {"order": "在各处列出时的先后"}
