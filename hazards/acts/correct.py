from django import forms
from rest_framework import serializers

from criteria.forms import CriterionField
from criteria.models import Criterion
from folding.texts import fold
from hazards import audience, judging, operations, registration_rules
from hazards.models import Hazard
from inspections import uscc
from inspections.models import Enterprise, Sector
from journal.acts import Act, Notice
from journal.api import ActSerializer
from journal.forms import RecordForm
from look.fields import DayField, TextField

CONCERNED = audience.people(audience.ENTERPRISE, audience.TERRITORIAL)
WIDER = audience.people(audience.ENTERPRISE, audience.TERRITORIAL, audience.AT_ONCE)
NO_FIRM = "没有找到这家企业；请填写企业全称或统一社会信用代码"


class FirmField(forms.CharField):
    """An enterprise in scope by its full name or credit code; ``by`` and ``kept`` (the one that stands there) come from the form."""

    by = kept = None

    def prepare_value(self, value):
        return value.name if isinstance(value, Enterprise) else self.kept.name if value == self.kept.pk else value

    def clean(self, value):
        text = super().clean(value)
        if fold(text) == fold(self.kept.name):
            return self.kept
        seen = Enterprise.objects.visible_to(self.by)
        found = list(seen.filter(name_folded=fold(text))[:2] or seen.filter(uscc=uscc.canonical(text))[:2])
        if len(found) != 1:
            raise forms.ValidationError(
                "有两家同名的企业，请填写统一社会信用代码" if found else NO_FIRM, code="unknown"
            )
        return found[0]


def sectors_for(hazard):
    """Those in use; one that is no longer offered stays with whoever has it."""
    return Sector.objects.active() | Sector.objects.filter(pk=hazard.sector_id)


class CorrectForm(RecordForm):
    description = TextField(label="隐患描述", max_length=1000, rows=3)
    level = forms.ChoiceField(label="隐患等级", choices=Hazard.Level.choices, widget=forms.RadioSelect)
    location = TextField(label="隐患位置", required=False, max_length=100)
    basis = TextField(
        label="判定依据", required=False, max_length=300, rows=2, help_text="重大隐患必填：所依据的判定标准和条款"
    )
    criterion = CriterionField()
    requirement = TextField(label="整改要求", required=False, max_length=2000, rows=2)
    accident_type = TextField(label="隐患类型", required=False, max_length=60)
    found_on = DayField(label="排查日期")
    enterprise = FirmField(
        label="企业", max_length=120, help_text="企业全称或统一社会信用代码；更正后四方责任、行业领域按新企业重新确定"
    )
    reason = TextField(label="更正理由", max_length=500, rows=2)

    class Meta:
        model = Hazard
        fields = [
            "description", "level", "location", "criterion", "basis", "requirement", "accident_type", "sector", "found_on", "enterprise",
        ]  # fmt: skip

    def __init__(self, *args, record, by, **options):
        super().__init__(*args, record=record, by=by, **options)
        self.fields["enterprise"].by, self.fields["enterprise"].kept = by, record.enterprise
        self.fields["criterion"].offer(record.criterion_id, day_in="found_on", first=record.sector)
        self.fields["sector"].queryset = sectors_for(record)
        self.fields["sector"].empty_label = "不填"

    def clean(self):
        judging.as_typed(self.cleaned_data, self.record.basis)
        cleaned = super().clean()
        found = registration_rules.problems(
            level=cleaned.get("level"), basis=cleaned.get("basis"), proposed_deadline=None, today=self.today
        )
        for name, words in found.items():
            if name not in self.errors:
                self.add_error(name, words)
        return cleaned

    def arguments(self):
        """With another firm comes its sector, unless another one was picked."""
        given = super().arguments()
        if "enterprise" in self.changed_data and given["sector"] == self.record.sector:
            del given["sector"]
        return given

    def move(self):
        level = self.data.get("level")
        if level not in Hazard.Level.values or level == self.record.level:
            return "correct"
        return "upgrade" if level == Hazard.Level.MAJOR else "downgrade"


class CorrectSerializer(ActSerializer):
    """Only what is sent is corrected."""

    reason = serializers.CharField(max_length=500)
    description = serializers.CharField(required=False, max_length=1000)
    level = serializers.ChoiceField(required=False, choices=Hazard.Level.choices)
    location = serializers.CharField(required=False, max_length=100, allow_blank=True)
    basis = serializers.CharField(required=False, max_length=300, allow_blank=True)
    criterion = serializers.PrimaryKeyRelatedField(
        required=False, allow_null=True, queryset=Criterion.objects.select_related("standard")
    )
    requirement = serializers.CharField(required=False, max_length=2000, allow_blank=True)
    accident_type = serializers.CharField(required=False, max_length=60, allow_blank=True)
    found_on = serializers.DateField(required=False)
    sector = serializers.SlugRelatedField(required=False, slug_field="code", queryset=Sector.objects.active())
    enterprise = serializers.PrimaryKeyRelatedField(required=False, queryset=Enterprise.objects.none())

    def get_fields(self):
        fields = super().get_fields()
        if request := self.context.get("request"):
            fields["enterprise"].queryset = Enterprise.objects.visible_to(request.user)
        if hazard := self.acted_on():
            fields["sector"].queryset = sectors_for(hazard)
        return fields


act = Act(
    record=Hazard,
    name="correct",
    verb=operations.correct,
    form=CorrectForm,
    serializer=CorrectSerializer,
    words="更正",
    title="更正登记内容",
    button="保存更正",
    strip="更正登记有误的内容，原内容和理由记入办理记录。",
    done={
        "correct": "已更正：{record}",
        "upgrade": "已更正为重大隐患：{record}，已通知监管部门和安委办",
        "downgrade": "已更正为一般隐患：{record}",
    },
    icon="edit",
    notices={
        "correct": Notice("登记内容已更正", CONCERNED),
        "upgrade": Notice("已更正为重大隐患，请按重大隐患整治", WIDER),
        "downgrade": Notice("已更正为一般隐患", WIDER),
    },
)
