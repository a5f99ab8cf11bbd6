from rest_framework import serializers

from evidence.api import PhotosField as PhotoIdsField
from evidence.forms import PhotosField
from hazards import audience, operations
from hazards.due import DueForm, due_date_field, due_field, working_days_field
from hazards.models import Hazard
from journal.acts import Act, Notice
from journal.api import ActSerializer
from journal.forms import ActForm
from look.fields import TextField


class ReopenForm(DueForm, ActForm):
    fields_template = "hazards/_reopen_fields.html"
    photos = PhotosField(label="现状照片", help_text="拍下没有整改到位或再次出现的情况，至少一张")
    reason = TextField(
        label="重新打开的理由", max_length=1000, rows=3, error_messages={"required": "请写明没有整改到位的情况"}
    )
    due = due_field("新的整改期限", initial="7")
    due_date = due_date_field()
    in_working_days = working_days_field()

    def arguments(self):
        return self.given_due() | {name: self.cleaned_data[name] for name in ("reason", "photos")}


class ReopenSerializer(ActSerializer):
    reason = serializers.CharField(max_length=1000)
    deadline = serializers.DateField(required=False)
    days = serializers.IntegerField(required=False, min_value=0, max_value=365)
    working_days = serializers.IntegerField(required=False, min_value=1, max_value=250)
    photos = PhotoIdsField()


act = Act(
    record=Hazard,
    name="reopen",
    verb=operations.reopen,
    form=ReopenForm,
    serializer=ReopenSerializer,
    words="重新打开",
    strip="没有真正整改到位或再次出现的，重新打开并给出新的期限，计一次返潮。",
    done="已重新打开，计返潮一次，期限 {record.deadline}",
    icon="refresh",
    looks={"reopen": "bad"},
    notices={
        "reopen": Notice(
            "已重新打开：请于 {deadline} 前重新整改并反馈",
            audience.people(audience.ENTERPRISE, audience.TERRITORIAL, audience.REGISTRAR),
        )
    },
)
