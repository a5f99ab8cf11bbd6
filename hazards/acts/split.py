from django import forms
from rest_framework import serializers

from doors.api import KnownFields
from doors.names import once
from hazards import audience, operations
from hazards.models import Hazard
from hazards.operations.splitting import FEWEST, MOST
from journal.acts import Act, Notice
from journal.api import ActSerializer
from journal.forms import ActForm
from look.fields import TextField

LEVELS = [("", "同本条"), *Hazard.Level.choices]
CONCERNED = audience.people(audience.ENTERPRISE, audience.TERRITORIAL, audience.COMPETENT, audience.SUPERVISING)


def _fields(place):
    """What is asked of the part at ``place``."""
    return {
        f"description_{place}": TextField(
            label=f"第 {place} 条：隐患描述", required=place <= FEWEST, max_length=1000, rows=3
        ),
        f"location_{place}": TextField(label="位置", required=False, max_length=100, help_text="不填的同本条"),
        f"level_{place}": forms.ChoiceField(label="等级", required=False, choices=LEVELS),
    }


class SplitForm(ActForm):
    fields_template = "hazards/_split_fields.html"
    sent_beside = once(*(name for place in range(1, MOST + 1) for name in _fields(place)))
    reason = TextField(label="拆分理由", max_length=500, rows=2, error_messages={"required": "请写明拆分的理由"})

    def __init__(self, *args, record, **options):
        super().__init__(*args, record=record, **options)
        for place in range(1, MOST + 1):
            self.fields |= _fields(place)
        for place in range(1, FEWEST + 1):
            self.fields[f"description_{place}"].error_messages["required"] = f"请填写第 {place} 条的隐患描述"
        self.order_fields([name for name in self.fields if name != "reason"])

    def clean(self):
        cleaned = super().clean()
        for place in range(FEWEST + 1, MOST + 1):
            others = cleaned.get(f"location_{place}") or cleaned.get(f"level_{place}")
            if others and not cleaned.get(f"description_{place}") and f"description_{place}" not in self.errors:
                self.add_error(f"description_{place}", f"请填写第 {place} 条的隐患描述，或清空这一条")
        return cleaned

    def rows(self):
        """``[(place, [field, …], whether anything was typed), …]`` for the page."""
        found = []
        for place in range(1, MOST + 1):
            bound = [self[name] for name in _fields(place)]
            found.append((place, bound, place <= FEWEST or any(one.data for one in bound)))
        return found

    def arguments(self):
        given = self.cleaned_data
        parts = [
            {name: given[f"{name}_{place}"] for name in ("description", "location", "level")}
            for place in range(1, MOST + 1)
            if given[f"description_{place}"]
        ]
        return {"parts": parts, "reason": given["reason"]}


class PartSerializer(KnownFields):
    description = serializers.CharField(max_length=1000)
    location = serializers.CharField(required=False, max_length=100, allow_blank=True)
    level = serializers.ChoiceField(choices=Hazard.Level.choices, required=False)


class SplitSerializer(ActSerializer):
    """``location`` and ``level`` of a part are the row's where they are left out."""

    parts = PartSerializer(many=True, max_length=MOST)
    reason = serializers.CharField(max_length=500)


act = Act(
    record=Hazard,
    name="split",
    verb=operations.split,
    form=SplitForm,
    serializer=SplitSerializer,
    words="拆分",
    title="拆分为多条",
    button="确认拆分",
    strip="一条里登记了几处隐患的，企业反馈之前拆分为几条，各有编号，期限和责任人不变；本条保留编号、照片和办理记录，不再计入统计。",
    done="已拆分：{record} 不再计入统计，请按新编号办理",
    icon="columns",
    is_danger=True,
    notices={"split": Notice("已拆分，请按新编号办理：{parts}", CONCERNED)},
)
