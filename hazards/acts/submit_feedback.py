from django import forms
from django.db.models import Q
from rest_framework import serializers

from accounts.roles import Role
from evidence.api import PhotosField as PhotoIdsField
from evidence.forms import PhotosField
from hazards import operations
from hazards.deciders import judges
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
    fault_cleared = TextField(
        label="故障归零",
        max_length=1000,
        rows=3,
        help_text="说明隐患现象已经怎样消除",
        error_messages={"required": "请写明隐患现象已经怎样消除"},
    )
    gap_closed = TextField(
        label="管理归零",
        max_length=1000,
        rows=3,
        help_text="说明是什么管理漏洞造成的、怎样堵塞",
        error_messages={"required": "请写明管理漏洞和堵塞措施"},
    )
    spent = forms.DecimalField(
        label="投入资金（万元）",
        required=False,
        min_value=0,
        max_digits=10,
        decimal_places=2,
        error_messages={"min_value": "投入资金不能为负数"},
    )

    def __init__(self, *args, record, **options):
        super().__init__(*args, record=record, **options)
        if record.level != Hazard.Level.MAJOR:
            del self.fields["fault_cleared"], self.fields["gap_closed"]


class SubmitFeedbackSerializer(ActSerializer):
    """``fault_cleared`` and ``gap_closed`` (双归零): of a major hazard both, of a general one neither."""

    content = serializers.CharField(max_length=2000)
    fault_cleared = serializers.CharField(required=False, max_length=1000, allow_blank=True)
    gap_closed = serializers.CharField(required=False, max_length=1000, allow_blank=True)
    spent = serializers.DecimalField(required=False, allow_null=True, max_digits=10, decimal_places=2, min_value=0)
    photos = PhotoIdsField()


def waits_for(user):
    """The enterprise is urged; a manager may file on its behalf, but is not asked to."""
    ready = Q(state=State.RECTIFYING) & (Q(level=Hazard.Level.GENERAL) | Q(plan_approved_on__isnull=False))
    return ready if user.role == Role.ENTERPRISE else None


act = Act(
    record=Hazard,
    name="submit_feedback",
    verb=operations.submit_feedback,
    form=FeedbackForm,
    serializer=SubmitFeedbackSerializer,
    words="提交整改反馈",
    stead="代企业反馈",
    stead_caution="您代企业反馈后，不能再由您本人复查或验收，须由其他人员办理。",
    button="提交反馈",
    strip="写明整改情况并上传整改后照片，由检查人员复查；重大隐患由上级部门验收。",
    done="已提交整改反馈，{record.state_label}",
    icon="upload",
    group="待反馈",
    waiting="等企业提交整改反馈",
    waits_for=waits_for,
    waits_since="deadline",
    notices={"submit_feedback": Notice("已提交整改反馈，请{judging}", judges)},
)
