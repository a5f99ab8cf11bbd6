from rest_framework import serializers

from enforcement import audience, operations
from enforcement.forms import LiftMeasureForm
from enforcement.models import Measure
from evidence.api import DocumentsField
from journal.acts import Act, Notice
from journal.api import ActSerializer


class LiftMeasureSerializer(ActSerializer):
    on = serializers.DateField()
    reason = serializers.CharField(max_length=1000)
    documents = DocumentsField(required=False)


act = Act(
    record=Measure,
    name="lift_measure",
    verb=operations.lift_measure,
    form=LiftMeasureForm,
    serializer=LiftMeasureSerializer,
    words="解除",
    title="解除执法措施",
    button="解除",
    strip="企业已经执行决定、消除隐患的，应当及时解除。",
    done="已解除，已通知企业",
    icon="circle-check",
    looks={"lift_measure": "ok"},
    notices={"lift_measure": Notice("执法措施已解除：{measure}", audience.the_enterprise)},
)
