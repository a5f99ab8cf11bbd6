from rest_framework import serializers

from bulletins import operations
from bulletins.forms import ReasonForm
from bulletins.models import Bulletin
from journal.acts import NOBODY, Act
from journal.api import ActSerializer


class DiscardBulletinSerializer(ActSerializer):
    reason = serializers.CharField(max_length=500)


act = Act(
    record=Bulletin,
    name="discard_bulletin",
    verb=operations.discard_bulletin,
    form=ReasonForm,
    serializer=DiscardBulletinSerializer,
    words="放弃",
    title="放弃草稿",
    button="放弃",
    strip="不再印发这份草稿；这一时段可以另拟。",
    done="已放弃草稿",
    icon="trash",
    looks={"discard_bulletin": "bad"},
    is_inner=True,
    notices={"discard_bulletin": NOBODY},
    is_danger=True,
)
