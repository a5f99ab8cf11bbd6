from rest_framework import serializers

from evidence.api import PhotosField as PhotoIdsField
from evidence.forms import PhotosField
from hazards import audience, operations
from hazards.forms import SAME_ANGLE
from hazards.models import Hazard
from journal.acts import Act, Notice
from journal.api import ActSerializer
from journal.forms import ActForm
from look.fields import TextField


class CloseOnSpotForm(ActForm):
    photos = PhotosField(label="整改后照片", help_text=SAME_ANGLE)
    note = TextField(label="整改情况", required=False, max_length=2000, rows=3)


class CloseOnSpotSerializer(ActSerializer):
    note = serializers.CharField(required=False, max_length=2000, allow_blank=True)
    photos = PhotoIdsField()


act = Act(
    record=Hazard,
    name="close_on_spot",
    verb=operations.close_on_spot,
    form=CloseOnSpotForm,
    serializer=CloseOnSpotSerializer,
    words="当场整改销号",
    button="销号",
    strip="上传整改后照片，直接销号。",
    done="已当场整改销号",
    icon="circle-check",
    looks={"close_on_spot": "ok"},
    notices={"close_on_spot": Notice("已当场整改销号", audience.people(audience.ENTERPRISE, audience.TERRITORIAL))},
)
