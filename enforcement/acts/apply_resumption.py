from rest_framework import serializers

from enforcement import audience, operations
from enforcement.forms import ApplyResumptionForm
from enforcement.models import Measure
from evidence.api import DocumentsField
from journal.acts import Act, Notice
from journal.api import ActSerializer


class ApplyResumptionSerializer(ActSerializer):
    text = serializers.CharField(max_length=2000)
    documents = DocumentsField(required=False)


act = Act(
    record=Measure,
    name="apply_resumption",
    verb=operations.apply_resumption,
    form=ApplyResumptionForm,
    serializer=ApplyResumptionSerializer,
    words="申请复工",
    title="申请复工（恢复使用）",
    button="提交申请",
    strip="写明整改情况，报作出决定的单位审查；同意之前不得恢复生产或使用。",
    done="申请复工已提交，等待审查；同意之前不得恢复",
    icon="send",
    notices={"apply_resumption": Notice("申请复工，请审查", audience.deciders)},
)
