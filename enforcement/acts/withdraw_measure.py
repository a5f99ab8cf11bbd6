from rest_framework import serializers

from enforcement import audience, operations
from enforcement.forms import WithdrawMeasureForm
from enforcement.models import Measure
from journal.acts import Act, Notice
from journal.api import ActSerializer


class WithdrawMeasureSerializer(ActSerializer):
    reason = serializers.CharField(max_length=500)


act = Act(
    record=Measure,
    name="withdraw_measure",
    verb=operations.withdraw_measure,
    form=WithdrawMeasureForm,
    serializer=WithdrawMeasureSerializer,
    words="撤销",
    title="撤销执法措施",
    button="撤销",
    strip="决定被撤销，或记录有误的，由记录人以外的负责人撤销；记录保留，各处不再计入。",
    done="已撤销，各处不再计入",
    icon="ban",
    looks={"withdraw_measure": "bad"},
    notices={"withdraw_measure": Notice("执法措施已撤销：{measure}", audience.the_enterprise)},
    is_danger=True,
)
