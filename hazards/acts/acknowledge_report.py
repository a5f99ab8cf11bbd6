from django.db.models import Q

from hazards import audience, operations
from hazards.models import Hazard, Receipt
from journal.acts import Act, Notice
from journal.api import ActSerializer
from journal.forms import ActForm


class ReceiptForm(ActForm):
    """Nothing is asked: it says that the report was read."""


def waits_for(user):
    """The managers of the units that the report went to."""
    if not user.is_manager:
        return None
    return Q(pk__in=Receipt.objects.unsigned().filter(unit=user.unit_id).values("hazard"))


act = Act(
    record=Hazard,
    name="acknowledge_report",
    verb=operations.acknowledge_report,
    form=ReceiptForm,
    serializer=ActSerializer,
    words="签收重大隐患报告",
    button="签收",
    todo="签收报告",
    strip="看过报告后签收，签收人和时间记入办理记录。",
    done="签收重大隐患报告：已签收",
    icon="check",
    group="待签收重大隐患报告",
    waiting="等收到报告的单位签收",
    waits_for=waits_for,
    waits_since="receipts_since",
    notices={
        "acknowledge_report": Notice(
            "重大隐患报告已签收", audience.and_who("report_major", audience.people(audience.REGISTRAR))
        )
    },
)
