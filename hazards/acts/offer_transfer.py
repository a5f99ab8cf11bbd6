from django import forms
from rest_framework import serializers

from accounts.models import Unit
from hazards import operations, sides
from hazards.models import Hazard
from hazards.operations.transfer import NO_RECEIVER, receivers
from journal.acts import Act, Notice
from journal.api import ActSerializer
from journal.forms import ActForm
from look.fields import TextField


class UnitField(forms.ModelChoiceField):
    def label_from_instance(self, unit):
        """With the county in front of a township: the names of townships repeat."""
        return f"{unit.parent.short_name} · {unit}" if unit.level == Unit.Level.TOWNSHIP and unit.parent else str(unit)


class OfferTransferForm(ActForm):
    to_unit = UnitField(
        Unit.objects.none(), label="移交给", empty_label="请选择单位",
        error_messages={"required": "请选择移交给哪个单位", "invalid_choice": NO_RECEIVER},
    )  # fmt: skip
    reason = TextField(
        label="移交理由",
        max_length=500,
        rows=4,
        help_text="写明为什么应由对方负责，如职责分工、所在地",
        error_messages={"required": "请写明移交理由"},
    )

    def __init__(self, *args, record, by, **options):
        super().__init__(*args, record=record, by=by, **options)
        self.fields["to_unit"].queryset = receivers(record, by.unit).select_related("parent").order_by("code")


class OfferTransferSerializer(ActSerializer):
    """``to_unit``: the code of the unit."""

    to_unit = serializers.SlugRelatedField(
        slug_field="code", queryset=Unit.objects.all(), error_messages={"does_not_exist": NO_RECEIVER}
    )
    reason = serializers.CharField(max_length=500)


act = Act(
    record=Hazard,
    name="offer_transfer",
    verb=operations.offer_transfer,
    form=OfferTransferForm,
    serializer=OfferTransferSerializer,
    words="移交",
    title="移交给其他单位",
    button="提交移交",
    strip="应由其他部门或其他乡镇负责的，移交对方；对方接收前仍由本单位负责，整改期限不变。",
    done="已移交{record.offered_unit}，请其于 {record.transfer_due_on} 前答复；接收前仍由本单位负责",
    is_inner=True,
    icon="send",
    notices={"offer_transfer": Notice("移交给贵单位，请于 {answer_by} 前答复", sides.offered)},
)
