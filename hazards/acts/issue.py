from django.db.models import Q
from rest_framework import serializers

from accounts.roles import Role
from doors.names import once
from hazards import audience, operations
from hazards.due import DueForm, due_date_field, due_field, working_days_field
from hazards.holders import HolderIds, holder_fields
from hazards.lifecycle import State
from hazards.models import Hazard
from hazards.registration_rules import NO_REQUIREMENT
from hazards.responsibility import KINDS
from journal.acts import Act, Notice
from journal.forms import ActForm, BulkForm
from look.fields import TextField


class IssueForm(DueForm, ActForm):
    fields_template = "hazards/_issue_fields.html"
    due = due_field("整改期限")
    due_date = due_date_field()
    in_working_days = working_days_field()
    sent_beside = once(*(f"holder_{kind}" for kind in KINDS))  # one for each body that the hazard has

    requirement = TextField(
        label="整改措施与要求", max_length=2000, rows=4, error_messages={"required": NO_REQUIREMENT}
    )
    reason = TextField(
        label="更换理由", required=False, max_length=500, rows=2, help_text="更换责任人时必填，记入办理记录"
    )

    def __init__(self, *args, record, today, **options):
        proposed = record.proposed_deadline
        known = proposed is not None and proposed >= today
        initial = {"due": "date", "due_date": proposed} if known else {"due": "7"}
        super().__init__(
            *args, record=record, today=today, initial=initial | {"requirement": record.requirement}, **options
        )
        self.fields |= holder_fields(record)

    def holder_fields(self):
        return [self[f"holder_{kind}"] for kind in KINDS if f"holder_{kind}" in self.fields]

    def arguments(self):
        given = self.cleaned_data
        holders = {kind: given[f"holder_{kind}"] for kind in KINDS if given.get(f"holder_{kind}")}
        return self.given_due() | {"requirement": given["requirement"], "holders": holders, "reason": given["reason"]}


NAMED = 3  # rows named in a help text


class BulkIssueForm(DueForm, BulkForm):
    """One deadline for several hazards; each keeps its people, and its own requirement where none is given for all."""

    fields_template = "hazards/_issue_fields.html"
    due = due_field("整改期限", initial="7")
    due_date = due_date_field()
    in_working_days = working_days_field()
    requirement = TextField(
        label="整改措施与要求", required=False, max_length=2000, rows=4, help_text="不填则各条用登记时写的整改要求"
    )

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        silent = [str(row) for row in self.records if not row.requirement]
        if silent:
            named = "、".join(silent[:NAMED]) + (" 等" if len(silent) > NAMED else "")
            field = self.fields["requirement"]
            field.help_text += f"；其中 {len(silent)} 条（{named}）登记时没有写，不填则不下达这几条"

    def arguments(self):
        return self.given_due() | {"requirement": self.cleaned_data["requirement"]}


class IssueSerializer(HolderIds):
    deadline = serializers.DateField(required=False)
    days = serializers.IntegerField(required=False, min_value=0, max_value=365)
    working_days = serializers.IntegerField(required=False, min_value=1, max_value=250)
    requirement = serializers.CharField(required=False, max_length=2000, allow_blank=True)
    reason = serializers.CharField(required=False, max_length=500, allow_blank=True)


def waits_for(user):
    """A body's manager is urged; the safety office may, but has the whole territory before it."""
    asked = user.role == Role.MANAGER and user.is_manager
    return Q(state=State.REGISTERED) if asked else None


act = Act(
    record=Hazard,
    name="issue",
    verb=operations.issue,
    form=IssueForm,
    bulk=True,
    bulk_form=BulkIssueForm,
    serializer=IssueSerializer,
    words="下达整改",
    strip="确定整改期限和责任人后，系统通知企业和各责任人。",
    done="已下达整改，期限 {record.deadline}",
    icon="send",
    group="待下达整改",
    waiting="等安全负责人下达整改",
    waits_for=waits_for,
    waits_since="issue_due_on",
    notices={
        "issue": Notice(
            "整改通知：请于 {deadline} 前完成整改并反馈", audience.people(audience.ENTERPRISE, audience.TERRITORIAL)
        )
    },
)
