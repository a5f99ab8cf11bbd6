from rest_framework import serializers

from accounts.models import User
from doors.names import once
from hazards import operations, sides
from hazards.forms import PersonField
from hazards.holders import HolderIds, holder_fields
from hazards.models import Hazard
from hazards.responsibility import BODIES, KINDS
from journal.acts import Act, Notice
from journal.forms import ActForm, BulkForm
from journal.refusal import Refused
from look.fields import TextField
from responsibilities.choosing import staff_of


class ReassignForm(ActForm):
    sent_beside = once(*(f"holder_{kind}" for kind in KINDS))  # one for each body that the hazard has
    reason = TextField(label="改派理由", max_length=500, rows=2, error_messages={"required": "请填写改派理由"})

    def __init__(self, *args, record, **options):
        super().__init__(*args, record=record, **options)
        holders = holder_fields(record)
        self.fields |= holders
        self.order_fields([*holders, "reason"])

    def clean(self):
        cleaned = super().clean()
        if not self.errors and not self._holders():
            self.add_error(None, "请至少选择一名新的责任人")
        return cleaned

    def _holders(self):
        return {kind: self.cleaned_data[f"holder_{kind}"] for kind in KINDS if self.cleaned_data.get(f"holder_{kind}")}

    def arguments(self):
        return {"holders": self._holders(), "reason": self.cleaned_data["reason"]}


class BulkReassignForm(BulkForm):
    """One person for several hazards, wherever the body behind one of the three is theirs."""

    to = PersonField(
        User.objects.none(), label="新的责任人", with_unit=True, empty_label="请选择",
        help_text="所选隐患中由其单位负责的一方，改由此人负责", error_messages={"required": "请选择新的责任人"},
    )  # fmt: skip
    reason = TextField(label="改派理由", max_length=500, rows=2, error_messages={"required": "请填写改派理由"})

    def __init__(self, *args, records, **options):
        super().__init__(*args, records=records, **options)
        bodies = {getattr(row, f"{kind}_unit_id") for row in records for kind in BODIES} - {None}
        self.fields["to"].queryset = staff_of(*bodies).select_related("unit").order_by("unit__code", "pk")

    def arguments_for(self, record):
        to = self.cleaned_data["to"]
        kinds = [kind for kind in BODIES if getattr(record, f"{kind}_unit_id") == to.unit_id]
        if not kinds:
            raise Refused(f"{to.unit}不是这条隐患的责任单位，不能改派给{to}")
        return {"holders": dict.fromkeys(kinds, to), "reason": self.cleaned_data["reason"]}


class ReassignSerializer(HolderIds):
    reason = serializers.CharField(max_length=500)


act = Act(
    record=Hazard,
    name="reassign",
    verb=operations.reassign,
    form=ReassignForm,
    bulk=True,
    bulk_form=BulkReassignForm,
    serializer=ReassignSerializer,
    words="改派责任人",
    button="确认改派",
    strip="更换四方责任的责任人，新旧责任人都会收到通知。",
    done="已改派责任人，已通知新旧责任人",
    icon="users",
    notices={"reassign": Notice("责任人已改派，期限 {deadline}", sides.before_and_since)},
)
