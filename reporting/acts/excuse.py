from rest_framework import serializers

from journal.acts import Act, Notice
from journal.api import ActSerializer
from reporting import audience, operations
from reporting.forms import ReasonForm
from reporting.models import Report


class ExcuseSerializer(ActSerializer):
    reason = serializers.CharField(max_length=500)


act = Act(
    record=Report,
    name="excuse",
    verb=operations.excuse,
    form=ReasonForm,
    serializer=ExcuseSerializer,
    words="免报",
    strip="单位撤并、企业停产等无从报送的，写明理由免报；免报的不计应报。",
    done="已免报：{record}",
    icon="ban",
    notices={"excuse": Notice("免报：{name}", audience.filers)},
)
