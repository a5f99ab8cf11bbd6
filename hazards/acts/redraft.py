from django import forms
from rest_framework import serializers

from criteria.forms import CriterionField
from criteria.models import Criterion
from evidence.api import PhotosField as PhotoIdsField
from evidence.forms import PhotosField
from hazards import judging, operations, registration_rules
from hazards.models import Hazard
from journal.acts import NOBODY, Act
from journal.api import ActSerializer
from journal.forms import RecordForm
from look.fields import DayField, TextField


class RedraftForm(RecordForm):
    """The draft as it is now, to be changed; ``photos`` come to those it has."""

    description = TextField(label="隐患描述", max_length=1000, rows=3)
    level = forms.ChoiceField(label="隐患等级", choices=Hazard.Level.choices, widget=forms.RadioSelect)
    location = TextField(label="隐患位置", required=False, max_length=100)
    basis = TextField(
        label="判定依据", required=False, max_length=300, rows=2, help_text="重大隐患必填：所依据的判定标准和条款"
    )
    criterion = CriterionField()
    requirement = TextField(label="整改要求", required=False, max_length=2000, rows=2)
    proposed_deadline = DayField(label="建议整改期限", required=False)
    photos = PhotosField(label="补充整改前照片", required=False)

    class Meta:
        model = Hazard
        fields = ["description", "level", "location", "criterion", "basis", "requirement", "proposed_deadline"]

    def __init__(self, *args, record, **options):
        super().__init__(*args, record=record, **options)
        self.fields["criterion"].offer(record.criterion_id, on=record.found_on, first=record.sector)

    def clean(self):
        judging.as_typed(self.cleaned_data, self.record.basis)
        cleaned = super().clean()
        facts = {name: cleaned.get(name) for name in ("level", "basis", "proposed_deadline")}
        for name, words in registration_rules.problems(**facts, today=self.today).items():
            if name not in self.errors:
                self.add_error(name, words)
        return cleaned


class RedraftSerializer(ActSerializer):
    """Only what is sent is changed; ``photos`` are uploads of the caller from before the rectification."""

    description = serializers.CharField(required=False, max_length=1000)
    level = serializers.ChoiceField(required=False, choices=Hazard.Level.choices)
    location = serializers.CharField(required=False, max_length=100, allow_blank=True)
    basis = serializers.CharField(required=False, max_length=300, allow_blank=True)
    criterion = serializers.PrimaryKeyRelatedField(
        required=False, allow_null=True, queryset=Criterion.objects.select_related("standard")
    )
    requirement = serializers.CharField(required=False, max_length=2000, allow_blank=True)
    proposed_deadline = serializers.DateField(required=False, allow_null=True)
    photos = PhotoIdsField(required=False)


act = Act(
    record=Hazard,
    name="redraft",
    verb=operations.redraft,
    form=RedraftForm,
    serializer=RedraftSerializer,
    words="修改草稿",
    button="保存草稿",
    strip="更正草稿的内容、补充照片；登记之前都可以修改。",
    done="已修改草稿：{record}",
    icon="edit",
    notices={"redraft": NOBODY},
)
