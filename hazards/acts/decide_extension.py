from django import forms
from rest_framework import serializers

from hazards import audience, operations
from hazards.deciders import EXTENSIONS
from hazards.models import Hazard
from journal.acts import Act, Notice
from journal.api import ActSerializer
from journal.forms import ActForm
from look.fields import TextField

CONCERNED = audience.and_who("request_extension", audience.people(audience.ENTERPRISE, audience.TERRITORIAL))


class DecideExtensionForm(ActForm):
    fields_template = "hazards/_decide_extension_fields.html"

    granted = forms.ChoiceField(
        label="批复结论",
        choices=[("grant", "批准延期"), ("refuse", "不同意延期")],
        widget=forms.RadioSelect,
        error_messages={"required": "请选择批准或不同意"},
    )
    opinion = TextField(label="批复意见", max_length=1000, rows=4, error_messages={"required": "请填写批复意见"})

    def move(self):
        return {"grant": "grant_extension", "refuse": "refuse_extension"}.get(self.data.get("granted"), "")

    def arguments(self):
        given = self.cleaned_data
        return {"granted": given["granted"] == "grant", "opinion": given["opinion"]}


class DecideExtensionSerializer(ActSerializer):
    granted = serializers.BooleanField()
    opinion = serializers.CharField(max_length=1000)


act = Act(
    record=Hazard,
    name="decide_extension",
    verb=operations.decide_extension,
    form=DecideExtensionForm,
    serializer=DecideExtensionSerializer,
    words="批复延期",
    button="提交批复",
    strip="看过延期原因和临时管控措施，批准或不同意；原定期限保留。",
    done={
        "grant_extension": "批准延期，新的整改期限 {record.deadline}",
        "refuse_extension": "不同意延期，整改期限仍为 {record.deadline}",
    },
    icon="clipboard-check",
    looks={"grant_extension": "ok", "refuse_extension": "bad"},
    group="延期待批复",
    waiting="等待批复延期",
    waits_for=EXTENSIONS.waits_for,
    waits_since="extension_due_on",
    notices={
        "grant_extension": Notice("批准延期，请于 {deadline} 前完成整改并反馈", CONCERNED),
        "refuse_extension": Notice("不同意延期，请于 {deadline} 前完成整改并反馈", CONCERNED),
    },
)
