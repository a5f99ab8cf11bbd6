from django.db.models import Q

from hazards import audience, operations
from hazards.lifecycle import State
from hazards.models import Hazard
from journal.acts import Act, Notice
from journal.api import ActSerializer
from journal.forms import ActForm


class RegisterForm(ActForm):
    """Nothing to type: the draft was complete when it was written down."""

    fields_template = "hazards/_register_draft.html"


class RegisterSerializer(ActSerializer):
    pass


def waits_for(user):
    return Q(state=State.DRAFT, registered_by=user) if user.is_officer else None


act = Act(
    record=Hazard,
    name="register",
    verb=operations.register,
    form=RegisterForm,
    serializer=RegisterSerializer,
    words="登记",
    title="登记草稿",
    todo="继续登记",
    strip="登记后取得编号，进入台账，通知下达整改的负责人。",
    done="已登记，编号 {record.number}",
    icon="clipboard-check",
    waiting="等记录人登记",
    waits_for=waits_for,
    waits_since="found_on",
    notices={
        "register": Notice(
            "新登记{level}隐患，请下达整改", audience.people(audience.TERRITORIAL, audience.COMPETENT, audience.AT_ONCE)
        )
    },
)
