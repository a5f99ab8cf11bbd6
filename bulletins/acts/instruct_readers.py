from rest_framework import serializers

from accounts.roles import Role
from bulletins import audience, operations
from bulletins.forms import InstructForm
from bulletins.models import Bulletin
from journal.acts import Act, Notice
from journal.api import ActSerializer


class InstructReadersSerializer(ActSerializer):
    text = serializers.CharField(max_length=1000)


act = Act(
    record=Bulletin,
    name="instruct_readers",
    verb=operations.instruct_readers,
    form=InstructForm,
    serializer=InstructReadersSerializer,
    words="批示",
    title="在通报上批示",
    button="发出批示",
    strip="写明要求，主送单位都能在通报页面看到。",
    done="批示已发出",
    icon="message",
    is_push=lambda user: user.role == Role.LEADER,
    notices={"instruct_readers": Notice("领导在通报上批示：{number}", audience.heads_and_office)},
)
