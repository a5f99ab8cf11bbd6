from rest_framework import serializers

from journal.acts import Act, Notice
from journal.api import ActSerializer
from reporting import audience, operations
from reporting.forms import ChaseForm
from reporting.models import Report


class ChaseReportSerializer(ActSerializer):
    words = serializers.CharField(max_length=500)


act = Act(
    record=Report,
    name="chase",
    verb=operations.chase,
    form=ChaseForm,
    serializer=ChaseReportSerializer,
    words="催报",
    button="发出催报",
    strip="催报意见立即发给该报送的人；同一份报告每天只能催报一次。",
    done="已催报：{record}",
    icon="bell",
    is_push=True,
    bulk=True,
    bars=operations.chased_that_day,
    notices={"chase": Notice("催报：请报送{name}", audience.filers)},
)
