from django.db.models import Q
from rest_framework import serializers

from accounts.roles import Role
from journal.acts import NOBODY, Act
from journal.api import ActSerializer
from reporting import operations
from reporting.forms import FileForm
from reporting.lifecycle import OPEN
from reporting.models import Report


class FileSerializer(ActSerializer):
    words = serializers.CharField(max_length=2000, required=False, allow_blank=True)
    explanation = serializers.CharField(max_length=1000, required=False, allow_blank=True)
    zero = serializers.BooleanField(required=False)


def waits_for(user):
    """The managers of the unit that owes it, the people of the enterprise."""
    owed = Q(state__in=OPEN)
    if user.role == Role.ENTERPRISE:
        return owed & Q(enterprise__members=user)
    return owed & Q(unit=user.unit_id) if user.is_manager else None


act = Act(
    record=Report,
    name="file",
    verb=operations.file_report,
    form=FileForm,
    serializer=FileSerializer,
    words="报送",
    title="报送",
    button="确认上报",
    group="待报送",
    waiting="等单位报送",
    waits_for=waits_for,
    waits_since="due_at",
    strip="核对台账生成的数据，确认上报；没有检查、没有隐患的报零报告。",
    done={"file": "已上报：{record}", "file_zero": "已报零报告：{record}"},
    icon="send",
    looks={"file": "ok", "file_zero": "ok"},
    notices={"file": NOBODY, "file_zero": NOBODY},
)
