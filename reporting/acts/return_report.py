from rest_framework import serializers

from journal.acts import Act, Notice
from journal.api import ActSerializer
from reporting import audience, operations
from reporting.forms import ReturnForm
from reporting.models import Report


class ReturnSerializer(ActSerializer):
    reason = serializers.CharField(max_length=500)


act = Act(
    record=Report,
    name="return_report",
    verb=operations.return_report,
    form=ReturnForm,
    serializer=ReturnSerializer,
    words="退回重报",
    button="退回",
    strip="写明理由退回。按时报送的，重报有新的期限，不因退回算作迟报；迟报的仍算迟报。",
    done="已退回重报：{record}",
    icon="refresh",
    is_danger=True,
    looks={"return_report": "bad"},
    notices={"return_report": Notice("退回重报：{name}，{due} 前", audience.filers)},
)
