from django.db.models import Q
from rest_framework import serializers

from hazards import operations
from hazards.deciders import receivers
from hazards.lifecycle import OPEN_STATES
from hazards.models import Hazard
from journal.acts import Act, Notice
from journal.api import ActSerializer
from journal.forms import ActForm
from look.fields import TextField


class ReportForm(ActForm):
    cause = TextField(label="现状及产生原因", max_length=2000, rows=4)
    harm = TextField(label="危害程度和整改难易程度分析", max_length=2000, rows=4)
    treatment = TextField(
        label="治理方案", max_length=2000, rows=4, help_text="写明怎样治理；方案还没有定的，写明什么时候报"
    )


class ReportMajorSerializer(ActSerializer):
    cause = serializers.CharField(max_length=2000)
    harm = serializers.CharField(max_length=2000)
    treatment = serializers.CharField(max_length=2000)


def waits_for(user):
    """Who registered it, and the managers of that unit; the safety office may, but is not asked to."""
    if not user.is_officer:
        return None
    mine = Q(registered_by=user) | (Q(found_by_unit=user.unit_id) if user.is_manager else Q(pk__in=[]))
    return Q(state__in=OPEN_STATES, report_owed_on__isnull=False) & mine


act = Act(
    record=Hazard,
    name="report_major",
    verb=operations.report_major,
    form=ReportForm,
    serializer=ReportMajorSerializer,
    words="报告重大隐患",
    button="提交报告",
    strip="写明三部分内容，系统立即送达监管部门、主管部门和县、市安委办，由各单位签收。",
    done="报告重大隐患：已送达，等待各单位签收",
    icon="send",
    group="待报告重大隐患",
    waiting="等登记单位报告重大隐患",
    waits_for=waits_for,
    waits_since="report_owed_on",
    notices={"report_major": Notice("重大隐患报告，请签收", receivers)},
)
