from django import forms

from inspections.filters import townships_of
from inspections.models import Enterprise, Sector


class EnterpriseForm(forms.ModelForm):
    """One enterprise of the register. ``user`` decides which townships can be chosen."""

    class Meta:
        model = Enterprise
        fields = ["name", "uscc", "township", "sector", "address", "principal", "phone", "risk_grade", "status"]
        help_texts = {"uscc": "18 位；小微场所没有信用代码的可以不填"}
        error_messages = {"name": {"required": "请填写企业名称"}, "township": {"required": "请选择属地乡镇（街道）"}}

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["township"].queryset = townships_of(user)
        self.fields["township"].empty_label = "请选择"
        self.fields["sector"].queryset = Sector.objects.filter(is_active=True)
        self.fields["sector"].required = True
        self.fields["sector"].empty_label = "请选择"
        self.fields["principal"].required = True

    def clean_uscc(self):
        return self.cleaned_data["uscc"].strip().upper()

    def clean_name(self):
        return self.cleaned_data["name"].strip()


class MemberForm(forms.Form):
    """Which enterprise account is joined to the enterprise, or parted from it."""

    username = forms.CharField(label="企业账号", max_length=150)
    act = forms.ChoiceField(choices=[("add", "关联"), ("remove", "解除")])
