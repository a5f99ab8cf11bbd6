from rest_framework import serializers

from journal.acts import NOBODY, Act
from journal.api import ActSerializer
from journal.forms import ActForm
from look.fields import TextField
from rankings import operations
from rankings.models import Freeze


class ReviseForm(ActForm):
    reason = TextField(
        label="更正原因",
        max_length=500,
        rows=3,
        help_text="截止之后更正、作废的隐患按更正后的情况重新统计；截止之后的整改、复查和补录不计入。原来的数字保留，随时可以查看。",
    )


class ReviseSerializer(ActSerializer):
    reason = serializers.CharField(max_length=500)


act = Act(
    record=Freeze,
    name="revise",
    verb=operations.revise,
    form=ReviseForm,
    serializer=ReviseSerializer,
    words="更正冻结数字",
    button="重新统计并冻结",
    strip="确有登记错误的，写明原因，按同一截止时间重新统计，成为新的一次；原来的数字保留。",
    done="已更正冻结数字，原来的仍可查看",
    icon="refresh",
    looks={"revise": "bad"},
    notices={"revise": NOBODY},  # the freeze that takes its place tells it, and leads to the new figures
    is_danger=True,
)
