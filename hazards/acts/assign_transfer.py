from django import forms
from rest_framework import serializers

from accounts.models import Unit, User
from hazards import operations, sides
from hazards.forms import PersonField
from hazards.holders import OneHolder
from hazards.models import Hazard
from hazards.operations.transfer import NOT_OF_UNIT
from journal.acts import Act, Notice
from journal.forms import ActForm
from look.fields import TextField
from responsibilities.choosing import staff_of

NOT_A_SIDE = "只能在移出单位和接收单位中指定一个"


def both(hazard):
    """The two units between which the safety office decides."""
    return Unit.objects.filter(pk__in=(hazard.offered_by_unit_id, hazard.offered_unit_id))


class AssignTransferForm(ActForm):
    unit = forms.ModelChoiceField(
        Unit.objects.none(), label="由哪个单位负责", widget=forms.RadioSelect, empty_label=None,
        error_messages={"required": "请选择由哪个单位负责", "invalid_choice": NOT_A_SIDE},
    )  # fmt: skip
    holder = PersonField(
        User.objects.none(), label="责任人", with_unit=True, empty_label="请选择", help_text="须是所选单位的在职人员",
        error_messages={"required": "请选择责任人", "invalid_choice": NOT_OF_UNIT},
    )  # fmt: skip
    reason = TextField(label="指定理由", max_length=500, rows=3, error_messages={"required": "请写明指定的理由"})

    def __init__(self, *args, record, **options):
        super().__init__(*args, record=record, **options)
        self.fields["unit"].queryset = both(record).order_by("pk")
        people = staff_of(record.offered_by_unit_id, record.offered_unit_id)
        self.fields["holder"].queryset = people.select_related("unit").order_by("unit", "pk")

    def clean(self):
        cleaned = super().clean()
        unit, holder = cleaned.get("unit"), cleaned.get("holder")
        if unit and holder and holder.unit_id != unit.pk:
            self.add_error("holder", f"请选择{unit}的人员")
        return cleaned


class AssignTransferSerializer(OneHolder):
    """``unit``: the code of one of the two; ``holder``: one of its people."""

    unit = serializers.SlugRelatedField(
        slug_field="code", queryset=Unit.objects.all(), error_messages={"does_not_exist": NOT_A_SIDE}
    )
    reason = serializers.CharField(max_length=500)

    def validate(self, data):
        if "holder" not in data:
            raise serializers.ValidationError({"holder": ["请选择责任人"]})
        return data


act = Act(
    record=Hazard,
    name="assign_transfer",
    verb=operations.assign_transfer,
    form=AssignTransferForm,
    serializer=AssignTransferSerializer,
    words="指定负责单位",
    button="确认指定",
    strip="移交逾期未答复或双方有争议的，指定其中一个单位负责并确定责任人；整改期限不变。",
    done="已指定负责单位和责任人，已通知双方",
    is_inner=True,
    icon="users",
    notices={"assign_transfer": Notice("安委办已指定负责单位", sides.all_concerned)},
)
