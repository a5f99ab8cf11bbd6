from django.db.models import Q
from rest_framework import serializers

from accounts.models import User
from hazards import audience, operations
from hazards.forms import PersonField, colleagues_of
from hazards.lifecycle import State
from hazards.models import Hazard
from inspections.operations import is_short_of_people
from journal.acts import Act, Notice
from journal.api import ActSerializer
from journal.forms import ActForm


class RegisterForm(ActForm):
    """The draft was complete when it was written down, but for the second inspector where its visit had only one."""

    fields_template = "hazards/_register_draft.html"
    colleague = PersonField(User.objects.none(), label="另一名检查人", with_unit=True, help_text="检查人不得少于两人")

    def __init__(self, *args, record, by, **options):
        super().__init__(*args, record=record, by=by, **options)
        if _lacks_colleague(record):
            self.fields["colleague"].queryset = colleagues_of(by)
        else:
            del self.fields["colleague"]


def _lacks_colleague(hazard):
    visit = hazard.inspection
    return visit is not None and visit.is_draft and is_short_of_people(visit.kind, visit.inspectors.all())


class RegisterSerializer(ActSerializer):
    """``colleague``: the second inspector, for a draft whose visit had only one."""

    colleague = serializers.PrimaryKeyRelatedField(queryset=User.objects.none(), required=False)
    querysets = {"colleague": colleagues_of}


def waits_for(user):
    """One's own drafts, and those left behind that fall to a manager: `Hazard.objects.visible_to` shows no others."""
    return Q(state=State.DRAFT) if user.is_officer else None


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
    group="我的草稿",
    waiting="等记录人登记",
    waits_for=waits_for,
    waits_since="found_on",
    notices={
        "register": Notice(
            "新登记{level}隐患，待下达整改", audience.people(audience.TERRITORIAL, audience.COMPETENT, audience.AT_ONCE)
        )
    },
)
