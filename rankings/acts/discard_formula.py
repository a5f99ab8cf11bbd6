from rest_framework import serializers

from journal.acts import Act, Notice
from journal.api import ActSerializer
from journal.forms import ActForm
from look.fields import TextField
from rankings import audience, operations
from rankings.models import Formula


class DiscardForm(ActForm):
    reason = TextField(label="放弃的理由", max_length=500, rows=2)


class DiscardSerializer(ActSerializer):
    reason = serializers.CharField(max_length=500)


act = Act(
    record=Formula,
    name="discard_formula",
    verb=operations.discard_formula,
    form=DiscardForm,
    serializer=DiscardSerializer,
    words="放弃",
    title="放弃草拟的公式",
    strip="不再公布这份草稿。",
    done="已放弃草稿",
    icon="ban",
    looks={"discard_formula": "bad"},
    notices={"discard_formula": Notice("放弃了草拟的排名公式", audience.colleagues)},
    is_danger=True,
)
