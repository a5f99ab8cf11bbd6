from rest_framework import serializers

from enforcement import audience, operations
from enforcement.forms import CorrectMeasureForm
from enforcement.models import Measure
from evidence.api import DocumentsField
from journal.acts import Act, Notice
from journal.api import ActSerializer


class CorrectMeasureSerializer(ActSerializer):
    number = serializers.CharField(required=False, max_length=60, allow_blank=True)
    amount = serializers.DecimalField(max_digits=12, decimal_places=2, min_value=0, required=False, allow_null=True)
    reason = serializers.CharField(max_length=500)
    documents = DocumentsField(required=False)


act = Act(
    record=Measure,
    name="correct_measure",
    verb=operations.correct_measure,
    form=CorrectMeasureForm,
    serializer=CorrectMeasureSerializer,
    words="更正",
    title="更正执法措施",
    button="保存更正",
    strip="文号或金额记错了、附件漏传了的，写明理由后更正；改前改后都留在办理记录里。",
    done="已更正，改前改后都留在办理记录里",
    icon="edit",
    notices={"correct_measure": Notice("执法措施有更正：{measure}", audience.the_enterprise)},
)
