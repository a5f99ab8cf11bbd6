from django import forms
from django.db.models import Q
from rest_framework import serializers

from accounts.roles import Role
from evidence.api import PhotosField as PhotoIdsField
from evidence.forms import PhotosField
from hazards import audience, operations
from hazards.forms import SAME_ANGLE
from hazards.lifecycle import State
from hazards.models import Hazard
from journal.acts import Act, Notice
from journal.api import ActSerializer
from journal.forms import ActForm
from look.fields import TextField


class FeedbackForm(ActForm):
    photos = PhotosField(label="整改后照片", help_text=SAME_ANGLE)
    content = TextField(
        label="整改情况",
        max_length=2000,
        rows=5,
        help_text="写明做了什么、是否达到整改要求",
        error_messages={"required": "请写明整改情况"},
    )
    spent = forms.DecimalField(
        label="投入资金（万元）",
        required=False,
        min_value=0,
        max_digits=10,
        decimal_places=2,
        error_messages={"min_value": "投入资金不能为负数"},
    )


class SubmitFeedbackSerializer(ActSerializer):
    content = serializers.CharField(max_length=2000)
    spent = serializers.DecimalField(required=False, allow_null=True, max_digits=10, decimal_places=2, min_value=0)
    photos = PhotoIdsField()


def waits_for(user):
    """The enterprise is urged; a manager may file on its behalf, but is not asked to."""
    return Q(state=State.RECTIFYING) if user.role == Role.ENTERPRISE else None


act = Act(
    record=Hazard,
    name="submit_feedback",
    verb=operations.submit_feedback,
    form=FeedbackForm,
    serializer=SubmitFeedbackSerializer,
    words="提交整改反馈",
    stead="代企业反馈",
    button="提交反馈",
    strip="写明整改情况并上传整改后照片，由检查人员复查。",
    done="已提交整改反馈，待复查",
    icon="upload",
    group="待反馈",
    waiting="等企业提交整改反馈",
    waits_for=waits_for,
    waits_since="deadline",
    notices={
        "submit_feedback": Notice(
            "已提交整改反馈，请复查",
            audience.people(audience.REGISTRAR, audience.TERRITORIAL, besides_actor=True),
        )
    },
)
