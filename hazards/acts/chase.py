from rest_framework import serializers

from hazards import operations
from hazards.deciders import next_to_act
from hazards.models import Hazard
from hazards.operations.following import chased_that_day
from journal.acts import Act, Notice
from journal.api import ActSerializer
from journal.forms import ActForm
from look.fields import TextField


class ChaseForm(ActForm):
    words = TextField(
        label="催办意见",
        max_length=500,
        rows=3,
        help_text="写明要求和时间，原文发给下一步该办理的人",
        error_messages={"required": "请写明催办意见"},
    )


class ChaseSerializer(ActSerializer):
    words = serializers.CharField(max_length=500)


act = Act(
    record=Hazard,
    name="chase",
    verb=operations.chase,
    form=ChaseForm,
    serializer=ChaseSerializer,
    words="催办",
    button="发出催办",
    strip="催办意见立即发给下一步该办理的人和他们的上级；同一单位每天只能催办一次。",
    done="已催办，送达：{reached}",
    icon="bell",
    is_push=True,
    bulk=True,
    bars=chased_that_day,
    notices={"chase": Notice("催办：{wanted}", next_to_act)},
)
