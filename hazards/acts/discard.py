from rest_framework import serializers

from hazards import operations
from hazards.models import Hazard
from journal.acts import NOBODY, Act
from journal.api import ActSerializer
from journal.forms import ActForm
from look.fields import TextField


class DiscardForm(ActForm):
    reason = TextField(label="放弃理由", max_length=500, rows=3)


class DiscardSerializer(ActSerializer):
    reason = serializers.CharField(max_length=500)


act = Act(
    record=Hazard,
    name="discard",
    verb=operations.discard,
    form=DiscardForm,
    serializer=DiscardSerializer,
    words="放弃草稿",
    strip="草稿没有编号，放弃后不进入台账。",
    done="已放弃草稿，不进入台账",
    icon="trash",
    looks={"discard": "bad"},
    is_danger=True,
    bulk=True,
    notices={"discard": NOBODY},
)
