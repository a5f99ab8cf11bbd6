from rest_framework import serializers

from hazards import operations
from hazards.deciders import EXTENSIONS
from hazards.models import Hazard
from hazards.operations.extension import farthest, last_day_to_ask
from hazards.rules import stands_for_the_firm
from journal.acts import Act, Notice
from journal.api import ActSerializer
from journal.forms import ActForm
from look.fields import DayField, TextField
from look.words import day_words
from workdays.operations import load_calendar


class RequestExtensionForm(ActForm):
    until = DayField(label="申请延期至", error_messages={"required": "请选择新的整改期限"})
    reason = TextField(
        label="延期原因",
        max_length=1000,
        rows=4,
        help_text="写明为什么不能按期完成、已做了什么",
        error_messages={"required": "请写明延期原因"},
    )
    protection = TextField(
        label="临时管控措施",
        max_length=1000,
        rows=4,
        help_text="写明整改完成前怎样保证安全",
        error_messages={"required": "请写明临时管控措施"},
    )

    def __init__(self, *args, record, today, **options):
        super().__init__(*args, record=record, today=today, **options)
        if record.deadline is not None:  # what is typed is shown again when the act is over, or not yet
            self._say_limits(record, today)

    def _say_limits(self, record, today):
        field, limit, latest = self.fields["until"], farthest(record), last_day_to_ask(record, load_calendar())
        field.widget.attrs["max"] = limit.isoformat()
        words = [day_words(day, today) for day in (record.deadline, limit, latest)]
        field.help_text = "现期限 {}，最迟可延至 {}；应在 {} 前（含当日）申请".format(*words)
        if latest < today:
            field.help_text += "，现在已过"


class RequestExtensionSerializer(ActSerializer):
    until = serializers.DateField()
    reason = serializers.CharField(max_length=1000)
    protection = serializers.CharField(max_length=1000)


act = Act(
    record=Hazard,
    name="request_extension",
    verb=operations.request_extension,
    form=RequestExtensionForm,
    serializer=RequestExtensionSerializer,
    words="申请延期",
    stead="代企业申请延期",
    stead_caution="您代企业申请后，不能再由您本人批复这次延期，须由其他人员办理。",
    stands_in=stands_for_the_firm,
    button="提交申请",
    strip="说明原因和临时管控措施，报下达单位批复；批复前仍按现期限整改。",
    done="申请延期已提交，等待批复；批复前仍按现期限 {record.deadline} 整改",
    icon="calendar",
    notices={"request_extension": Notice("申请延期，请批复", EXTENSIONS.told)},
)
