from rest_framework import serializers

from bulletins import operations
from bulletins.forms import DraftForm
from bulletins.models import Bulletin
from journal.acts import NOBODY, Act
from journal.api import Scoped
from rankings.models import Freeze


class DraftBulletinSerializer(Scoped):
    freeze = serializers.PrimaryKeyRelatedField(queryset=Freeze.objects.none())
    corrects = serializers.PrimaryKeyRelatedField(queryset=Bulletin.objects.none(), required=False, allow_null=True)
    querysets = {"freeze": Freeze.objects.visible_to, "corrects": Bulletin.objects.visible_to}


act = Act(
    record=Bulletin,
    name="draft_bulletin",
    verb=operations.draft_bulletin,
    form=DraftForm,
    serializer=DraftBulletinSerializer,
    words="拟通报",
    button="按冻结数字成文",
    strip="按一周或一月的冻结数字自动成文，再修改、选择案例、送签。",
    done="拟稿完成，已按冻结数字成文，可以修改、选择案例，然后送签",
    icon="plus",
    is_inner=True,
    notices={"draft_bulletin": NOBODY},
)
