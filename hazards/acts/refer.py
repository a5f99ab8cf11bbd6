from rest_framework import serializers

from evidence.api import DocumentsField as DocumentIdsField
from evidence.forms import DocumentsField
from hazards import audience, operations
from hazards.models import Hazard
from journal.acts import Act, Notice
from journal.api import ActSerializer
from journal.forms import ActForm
from look.fields import DayField, TextField

CONCERNED = audience.people(audience.TERRITORIAL, audience.COMPETENT, audience.SUPERVISING)


class ReferForm(ActForm):
    body = TextField(label="受移送机关", max_length=60, help_text="如公安机关、司法机关、其他地区的主管部门")
    case_number = TextField(label="移送文号", max_length=60, help_text="移送书或案件的文号")
    referred_on = DayField(label="移送日期", error_messages={"required": "请选择移送日期"})
    reason = TextField(label="移送事由", max_length=1000, rows=4, help_text="写明事实和移送的依据")
    documents = DocumentsField(label="附件", required=False)

    def __init__(self, *args, record, today, **options):
        super().__init__(*args, record=record, today=today, initial={"referred_on": today}, **options)
        bounds = {"min": record.found_on.isoformat(), "max": today.isoformat()}
        self.fields["referred_on"].widget.attrs.update(bounds)


class ReferSerializer(ActSerializer):
    body = serializers.CharField(max_length=60)
    case_number = serializers.CharField(max_length=60)
    referred_on = serializers.DateField()
    reason = serializers.CharField(max_length=1000)
    documents = DocumentIdsField(required=False)


act = Act(
    record=Hazard,
    name="refer",
    verb=operations.refer,
    form=ReferForm,
    serializer=ReferSerializer,
    words="移送",
    title="移送其他机关或司法机关",
    button="登记移送",
    strip="应由其他机关或司法机关处理的，登记移送；答复登记之前不能销号，整改期限不变。",
    done="已登记移送，登记答复之前不能销号",
    is_inner=True,
    icon="upload",
    notices={"refer": Notice("已移送其他机关，登记答复之前不能销号", CONCERNED)},
)
