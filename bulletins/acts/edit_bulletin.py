from rest_framework import serializers

from bulletins import operations
from bulletins.forms import EditForm
from bulletins.models import SECTIONS, Bulletin
from journal.acts import NOBODY, Act
from journal.api import ActSerializer


def _text(name):
    column = Bulletin._meta.get_field(name)
    return serializers.CharField(max_length=column.max_length, required=False, allow_blank=column.blank)


class EditBulletinSerializer(ActSerializer):
    locals().update({name: _text(name) for name in ("word", *(name for name, _ in SECTIONS))})


act = Act(
    record=Bulletin,
    name="edit_bulletin",
    verb=operations.edit_bulletin,
    form=EditForm,
    serializer=EditBulletinSerializer,
    words="修改正文",
    button="保存",
    strip="改文字；表中的数字不能改。",
    done="修改已保存",
    icon="edit",
    is_inner=True,
    notices={"edit_bulletin": NOBODY},
)
