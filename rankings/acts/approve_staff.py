from rest_framework import serializers

from accounts.models import Unit
from journal.acts import Act, Notice
from journal.api import Scoped
from rankings import audience, operations
from rankings.models import Staff
from rankings.staff_forms import ApproveForm, bodies_of


class ApproveSerializer(Scoped):
    unit = serializers.PrimaryKeyRelatedField(queryset=Unit.objects.none())
    inspectors = serializers.IntegerField(min_value=1, max_value=1000)
    since = serializers.DateField()
    reason = serializers.CharField(max_length=200)
    querysets = {"unit": bodies_of}


act = Act(
    record=Staff,
    name="approve_staff",
    verb=operations.approve_staff,
    form=ApproveForm,
    serializer=ApproveSerializer,
    words="核定检查人员数",
    button="保存",
    strip="核定后，该单位的检查目标不超过这些人员能完成的家数。",
    done="已核定检查人员数：{record}",
    icon="users",
    notices={"approve_staff": Notice("核定检查人员数，{since}起", audience.the_unit)},
)
