from django import forms
from rest_framework import serializers

from hazards import operations
from hazards.deciders import void_deciders
from hazards.models import Hazard, VoidRequest
from journal.acts import Act, Notice
from journal.api import ActSerializer
from journal.forms import ActForm
from look.fields import TextField

NO_SUCH = "台账里没有这个编号，或不在您的管辖范围内；请核对编号"


class RequestVoidForm(ActForm):
    fields_template = "hazards/_request_void_fields.html"

    ground = forms.ChoiceField(
        label="作废原因",
        choices=VoidRequest.Ground.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择作废原因"},
    )
    duplicate_of = TextField(
        label="重复的隐患编号", required=False, max_length=24, help_text="与哪一条重复就填哪一条的编号；登记有误的不填"
    )
    reason = TextField(label="情况说明", max_length=500, rows=3, error_messages={"required": "请写明情况"})

    def clean(self):
        cleaned = super().clean()
        typed, ground = cleaned.get("duplicate_of", ""), cleaned.get("ground")
        cleaned["duplicate_of"] = None
        if ground == VoidRequest.Ground.DUPLICATE and "duplicate_of" not in self.errors:
            if not typed:
                self.add_error("duplicate_of", "请填写与哪一条重复")
            else:
                found = Hazard.objects.visible_to(self.by).filter(number=typed.strip()).first()
                if found is None:
                    self.add_error("duplicate_of", NO_SUCH)
                cleaned["duplicate_of"] = found
        return cleaned


class RequestVoidSerializer(ActSerializer):
    """``duplicate_of``: the number of the row that stays."""

    ground = serializers.ChoiceField(choices=VoidRequest.Ground.choices)
    duplicate_of = serializers.SlugRelatedField(
        required=False,
        allow_null=True,
        slug_field="number",
        queryset=Hazard.objects.none(),
        error_messages={"does_not_exist": NO_SUCH},
    )
    reason = serializers.CharField(max_length=500)
    querysets = {"duplicate_of": Hazard.objects.visible_to}


act = Act(
    record=Hazard,
    name="request_void",
    verb=operations.request_void,
    form=RequestVoidForm,
    serializer=RequestVoidSerializer,
    words="申请作废",
    button="提交申请",
    strip="登记有误或重复登记的，报安委办或上级单位决定；决定前照常办理。",
    done="申请作废已提交，等待安委办或上级单位决定；决定前照常办理",
    icon="ban",
    is_danger=True,
    notices={"request_void": Notice("申请作废，请决定", void_deciders)},
)
