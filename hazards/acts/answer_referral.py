from django.db.models import Q
from rest_framework import serializers

from accounts.roles import Role
from evidence.api import DocumentsField as DocumentIdsField
from evidence.forms import DocumentsField
from hazards import audience, operations
from hazards.lifecycle import OPEN_STATES
from hazards.models import Hazard
from hazards.operations.referral import open_referral
from journal.acts import Act, Notice
from journal.api import ActSerializer
from journal.forms import ActForm
from look.fields import DayField, TextField

CONCERNED = audience.people(audience.TERRITORIAL, audience.COMPETENT, audience.SUPERVISING)


class AnswerReferralForm(ActForm):
    answered_on = DayField(label="答复日期", error_messages={"required": "请选择答复日期"})
    answer = TextField(label="答复内容", max_length=1000, rows=4, help_text="对方是否受理、如何处理，有文号的写明文号")
    documents = DocumentsField(label="附件", required=False)

    def __init__(self, *args, record, today, **options):
        super().__init__(*args, record=record, today=today, initial={"answered_on": today}, **options)
        found, attrs = open_referral(record), {"max": today.isoformat()}
        if found is not None:  # what is typed is shown again when the act is over
            attrs["min"] = found.referred_on.isoformat()
        self.fields["answered_on"].widget.attrs.update(attrs)


class AnswerReferralSerializer(ActSerializer):
    answered_on = serializers.DateField()
    answer = serializers.CharField(max_length=1000)
    documents = DocumentIdsField(required=False)


def waits_for(user):
    """The managers of the bodies that answer for it; the safety office may record it too, but is not asked to."""
    if user.role != Role.MANAGER or not user.is_manager:
        return None
    theirs = Q(territorial_unit=user.unit_id) | Q(competent_unit=user.unit_id) | Q(supervising_unit=user.unit_id)
    return Q(state__in=OPEN_STATES, referred_on__isnull=False) & theirs


act = Act(
    record=Hazard,
    name="answer_referral",
    verb=operations.answer_referral,
    form=AnswerReferralForm,
    serializer=AnswerReferralSerializer,
    words="登记移送答复",
    button="登记答复",
    strip="收到受移送机关的答复后登记；登记之前不能销号。",
    done="已登记移送答复，可以继续办理和销号",
    is_inner=True,
    icon="message",
    looks={"answer_referral": "ok"},
    group="移送待答复",
    waits_for=waits_for,
    waits_since="referred_on",
    notices={"answer_referral": Notice("移送已有答复", CONCERNED)},
)
