from rest_framework import serializers

from bulletins import audience, operations
from bulletins.forms import ReasonForm
from bulletins.models import Bulletin
from journal.acts import Act, Notice
from journal.api import ActSerializer


class ReturnBulletinSerializer(ActSerializer):
    reason = serializers.CharField(max_length=500)


act = Act(
    record=Bulletin,
    name="return_bulletin",
    verb=operations.return_bulletin,
    form=ReasonForm,
    serializer=ReturnBulletinSerializer,
    words="退回修改",
    button="退回",
    strip="写明要改什么，退回拟稿的安委办修改。",
    done="已退回修改",
    icon="history",
    looks={"return_bulletin": "bad"},
    is_inner=True,
    notices={"return_bulletin": Notice("通报退回修改", audience.the_office)},
)
