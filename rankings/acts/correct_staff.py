from rest_framework import serializers

from journal.acts import Act, Notice
from journal.api import ActSerializer
from rankings import audience, operations
from rankings.models import Staff
from rankings.staff_forms import StaffForm


class CorrectSerializer(ActSerializer):
    inspectors = serializers.IntegerField(min_value=1, max_value=1000)
    since = serializers.DateField()
    reason = serializers.CharField(max_length=200)


act = Act(
    record=Staff,
    name="correct_staff",
    verb=operations.correct_staff,
    form=StaffForm,
    serializer=CorrectSerializer,
    words="更正",
    title="更正核定检查人员数",
    button="保存",
    strip="录入有误的，在这里更正；已冻结的时段不受影响。",
    done="已更正检查人员数：{record}",
    icon="edit",
    notices={"correct_staff": Notice("更正核定的检查人员数，{since}起", audience.the_unit)},
)
