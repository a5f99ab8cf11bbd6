from rest_framework import serializers

from accounts.models import User
from enforcement import audience, operations
from enforcement.forms import SUBJECTS, RecordMeasureForm
from enforcement.kinds import Kind
from enforcement.models import Measure
from enforcement.operations import officers_of
from evidence.api import DocumentsField
from journal.acts import Act, Notice
from journal.api import Scoped


def _officers(user):
    return officers_of(user.unit_id) if user.is_authenticated else User.objects.none()


class RecordMeasureSerializer(Scoped):
    hazard, inspection, enterprise = (
        serializers.PrimaryKeyRelatedField(queryset=model.objects.none(), required=False, allow_null=True)
        for model in SUBJECTS.values()
    )
    kind = serializers.ChoiceField(choices=Kind.choices)
    on = serializers.DateField()
    content = serializers.CharField(max_length=1000)
    basis = serializers.CharField(max_length=300)
    officer = serializers.PrimaryKeyRelatedField(queryset=User.objects.none(), required=False, allow_null=True)
    second_officer = serializers.PrimaryKeyRelatedField(queryset=User.objects.none(), required=False, allow_null=True)
    second_officer_name = serializers.CharField(required=False, max_length=40, allow_blank=True)
    number = serializers.CharField(required=False, max_length=60, allow_blank=True)
    amount = serializers.DecimalField(max_digits=12, decimal_places=2, min_value=0, required=False, allow_null=True)
    notified_at = serializers.DateTimeField(required=False, allow_null=True)
    cut_at = serializers.DateTimeField(required=False, allow_null=True)
    approver = serializers.CharField(required=False, max_length=40, allow_blank=True)
    emergency = serializers.CharField(required=False, max_length=300, allow_blank=True)
    documents = DocumentsField(required=False)
    querysets = {
        **{name: model.objects.visible_to for name, model in SUBJECTS.items()},
        "officer": _officers,
        "second_officer": _officers,
    }


act = Act(
    record=Measure,
    name="record_measure",
    verb=operations.record_measure,
    form=RecordMeasureForm,
    serializer=RecordMeasureSerializer,
    words="记录执法措施",
    button="保存",
    strip="记下本单位对这家企业作出的一项措施。",
    done="已记录执法措施：{record.kind_label}",
    icon="shield-check",
    notices={"record_measure": Notice("执法措施：{measure}", audience.the_enterprise)},
)
