from rest_framework import serializers

from evidence.api import DocumentsField as DocumentIdsField
from evidence.forms import DocumentsField
from hazards import operations
from hazards.models import Hazard
from journal.acts import NOBODY, Act
from journal.api import ActSerializer
from journal.forms import ActForm
from look.fields import TextField


class CommentForm(ActForm):
    text = TextField(label="备注", max_length=1000, rows=3, help_text="记入办理记录，不能修改或删除")
    documents = DocumentsField(label="附件", required=False)


class CommentSerializer(ActSerializer):
    """``documents``: uploads of the caller, shown on the row from then on."""

    text = serializers.CharField(max_length=1000)
    documents = DocumentIdsField(required=False)


act = Act(
    record=Hazard,
    name="comment",
    verb=operations.comment,
    form=CommentForm,
    serializer=CommentSerializer,
    words="备注",
    button="保存备注",
    strip="补充情况、上传附件，记入办理记录；不改变状态和期限。",
    done="已添加备注",
    icon="message",
    notices={"comment": NOBODY},
)
