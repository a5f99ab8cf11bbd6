from django import forms
from rest_framework import serializers

from evidence.api import PhotosField as PhotoIdsField
from evidence.forms import PhotosField
from hazards import operations
from hazards.models import Hazard
from hazards.rules import stands_for_the_firm
from journal.acts import NOBODY, Act
from journal.api import ActSerializer
from journal.forms import ActForm
from look.fields import TextField
from look.words import day_words, thousands_words


class ProgressForm(ActForm):
    content = TextField(label="进展情况", max_length=2000, rows=4, help_text="上次报告以后做了什么，还剩什么")
    percent = forms.IntegerField(
        label="完成比例（%）",
        min_value=0,
        max_value=100,
        error_messages={"min_value": "完成比例在 0 到 100 之间", "max_value": "完成比例在 0 到 100 之间"},
    )
    spent = forms.DecimalField(
        label="累计已用资金（元）",
        min_value=0,
        max_digits=14,
        decimal_places=2,
        error_messages={"required": "请填写累计已用资金，没有花钱的填 0", "min_value": "已用资金不能为负数"},
    )
    reason = TextField(
        label="减少的原因", required=False, max_length=500, rows=2, help_text="完成比例或已用资金低于上次报告时必填"
    )
    photos = PhotosField(label="进展照片", required=False)

    def __init__(self, *args, record, today, **options):
        super().__init__(*args, record=record, today=today, **options)
        last = record.progress.order_by("id").last()
        if last is not None:
            self.fields["percent"].help_text = f"上次（{day_words(last.at, today)}）报告 {last.percent}%"
            self.fields["spent"].help_text = f"上次报告 {thousands_words(last.spent)} 元"


class ReportProgressSerializer(ActSerializer):
    content = serializers.CharField(max_length=2000)
    percent = serializers.IntegerField(min_value=0, max_value=100)
    spent = serializers.DecimalField(max_digits=14, decimal_places=2, min_value=0)
    reason = serializers.CharField(required=False, max_length=500, allow_blank=True)
    photos = PhotoIdsField(required=False)


# When a report is due hangs on the day, which `hazards.waiting` knows: the groups of the desks stand there.
act = Act(
    record=Hazard,
    name="report_progress",
    verb=operations.report_progress,
    form=ProgressForm,
    serializer=ReportProgressSerializer,
    words="报告进展",
    stead="代企业报告进展",
    stands_in=stands_for_the_firm,
    button="提交进展",
    strip="写明做了什么、完成多少、用了多少钱；每季度至少一次。",
    done="报告进展：已提交，下次应于 {record.progress_due_on} 前报告",
    icon="progress",
    notices={"report_progress": NOBODY},
)
