from django import forms
from rest_framework import serializers

from doors.names import once
from hazards import operations, sides
from hazards.forms import person_words
from hazards.holders import HolderIds, holder_fields, people_by_body
from hazards.models import Hazard
from hazards.responsibility import KINDS, LABELS
from journal.acts import Act, Notice
from journal.forms import ActForm, BulkForm
from look.fields import TextField


class ReassignForm(ActForm):
    sent_beside = once(*(f"holder_{kind}" for kind in KINDS))  # one for each body that the hazard has
    reason = TextField(label="改派理由", max_length=500, rows=2, error_messages={"required": "请填写改派理由"})

    def __init__(self, *args, record, **options):
        super().__init__(*args, record=record, **options)
        holders = holder_fields(record)
        self.fields |= holders
        self.order_fields([*holders, "reason"])

    def clean(self):
        cleaned = super().clean()
        if not self.errors and not self._holders():
            self.add_error(None, "请至少选择一名新的责任人")
        return cleaned

    def _holders(self):
        return {kind: self.cleaned_data[f"holder_{kind}"] for kind in KINDS if self.cleaned_data.get(f"holder_{kind}")}

    def arguments(self):
        return {"holders": self._holders(), "reason": self.cleaned_data["reason"]}


class BulkReassignForm(BulkForm):
    """One person in the place of whoever holds one responsibility of several hazards; those of other bodies are left out."""

    holder = forms.ChoiceField(
        label="责任和新的责任人",
        error_messages={"required": "请选择新的责任人", "invalid_choice": "该人员已不能承担这项责任，请重新选择"},
    )
    reason = TextField(label="改派理由", max_length=500, rows=2, error_messages={"required": "请填写改派理由"})

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        groups, self._people = [], {}
        for kind, body, count, people in people_by_body(self.records):
            left = len(self.records) - count
            words = f"{LABELS[kind]} · {body}（办理 {count} 条" + (f"，不办理 {left} 条）" if left else "）")
            found = {f"{kind}:{person.pk}": (kind, person) for person in people}
            self._people |= found
            groups.append((words, [(key, person_words(person)) for key, (_, person) in found.items()]))
        self.fields["holder"].choices = [("", "请选择"), *groups]
        self.fields["holder"].help_text = "每次改派一项责任；不由所选单位负责的各条不办理"

    def arguments(self):
        kind, person = self._people[self.cleaned_data["holder"]]
        return {"holders": {kind: person}, "reason": self.cleaned_data["reason"]}


class ReassignSerializer(HolderIds):
    reason = serializers.CharField(max_length=500)


act = Act(
    record=Hazard,
    name="reassign",
    verb=operations.reassign,
    form=ReassignForm,
    bulk=True,
    bulk_form=BulkReassignForm,
    serializer=ReassignSerializer,
    words="改派责任人",
    button="确认改派",
    strip="更换四方责任的责任人，新旧责任人都会收到通知。",
    done="已改派责任人，已通知新旧责任人",
    icon="users",
    notices={"reassign": Notice("责任人已改派{until}", sides.before_and_since)},
)
