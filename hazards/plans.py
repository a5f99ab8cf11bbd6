"""What is typed, or sent over the API, for 整改方案: one shape for the first version and those after it."""

from django import forms
from rest_framework import serializers

from evidence.api import DocumentsField as DocumentIdsField
from evidence.forms import DocumentsField
from hazards.models import RectificationPlan
from hazards.models.major import ASSURANCES, PARTS
from hazards.operations.plans import SAID, check_finish
from journal.api import ActSerializer
from journal.forms import ActForm
from journal.refusal import Refused
from look.fields import DayField, TextField
from look.words import day_words

HELP = {
    "goals": "要消除什么、达到什么标准",
    "methods": "分几步、各做什么",
    "resources": "钱从哪里来、要哪些设备材料",
    "organisation": "谁总负责、谁具体办、请谁施工检测",
    "schedule": "各步的起止日期和要求",
    "safety": "施工期间怎样保证安全、出事怎样处置",
}


def _part(name):
    field = RectificationPlan._meta.get_field(name)
    return TextField(
        label=field.verbose_name,
        max_length=field.max_length,
        rows=3,
        help_text=HELP[name],
        error_messages={"required": f"请填写“{field.verbose_name}”，方案的六部分缺一不可"},
    )


def _assurances():
    """The fields of 五落实: whether each is settled, and how."""
    for name, word in ASSURANCES.items():
        yield f"{name}_settled", forms.BooleanField(label=f"{word}已落实", required=False)
        sentence = f"请写明{word}怎样落实；没有落实的写原因和打算"
        how = TextField(label=f"{word}怎样落实", max_length=200, error_messages={"required": sentence})
        yield f"{name}_how", how


AssurancesForm = type("AssurancesForm", (ActForm,), dict(_assurances()))

STEAD_CAUTION = "您代企业报送后，不能再由您本人审批这个方案，须由其他人员办理。"


class PlanForm(AssurancesForm):
    """The last version stands in the fields of the next: what was returned is mended, not typed anew."""

    fields_template = "hazards/_plan_fields.html"

    goals, methods, resources, organisation, schedule, safety = map(_part, PARTS)
    money = forms.DecimalField(
        label="计划投入（元）",
        min_value=0,
        max_digits=14,
        decimal_places=2,
        error_messages={"required": "请填写计划投入，不花钱的填 0", "min_value": "计划投入不能为负数"},
    )
    responsible = TextField(label="整改责任人", max_length=100, help_text="姓名和职务，可写几人")
    finish_by = DayField(label="计划完成日期")
    protection = TextField(
        label="临时管控措施", max_length=1000, rows=3, help_text="整改完成前怎样保证安全：停用、断电、专人看守等"
    )
    documents = DocumentsField(label="方案附件", required=False, help_text="盖章的方案、合同、图纸等，可以拍照")

    def __init__(self, *args, record, today, **options):
        last = record.plans.order_by("number").last()
        initial = {name: getattr(last, name) for name in SAID} if last else {}
        super().__init__(*args, record=record, today=today, initial=initial, **options)
        if (
            record.deadline is not None and record.deadline >= today
        ):  # what is typed is shown again when the act is over
            field = self.fields["finish_by"]
            field.widget.attrs["max"] = record.deadline.isoformat()
            field.help_text = f"不晚于整改期限 {day_words(record.deadline, today)}"
        elif record.deadline is not None:
            self.fields["finish_by"].help_text = "已超过整改期限，按实际能完成的日期填写；仍按逾期计算"

    def clean_finish_by(self):
        day = self.cleaned_data["finish_by"]
        if self.record.deadline is not None:
            try:
                check_finish(self.record, day, today=self.today)
            except Refused as refusal:
                raise forms.ValidationError(str(refusal)) from None
        return day

    @property
    def assurances(self):
        """``[(word, whether, how), …]`` of bound fields."""
        return [(word, self[f"{name}_settled"], self[f"{name}_how"]) for name, word in ASSURANCES.items()]

    @property
    def parts(self):
        return [self[name] for name in PARTS]


class FilePlanSerializer(ActSerializer):
    """All of a version; ``{name}_settled`` and ``{name}_how`` of responsibility, measures, funds, time and emergency."""

    money = serializers.DecimalField(max_digits=14, decimal_places=2, min_value=0)
    responsible = serializers.CharField(max_length=100)
    finish_by = serializers.DateField()
    protection = serializers.CharField(max_length=1000)
    documents = DocumentIdsField(required=False)

    def get_fields(self):
        parts = {name: serializers.CharField(max_length=2000) for name in PARTS}
        settled = {f"{name}_settled": serializers.BooleanField() for name in ASSURANCES}
        how = {f"{name}_how": serializers.CharField(max_length=200) for name in ASSURANCES}
        return parts | settled | how | super().get_fields()
