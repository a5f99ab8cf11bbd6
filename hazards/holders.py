"""Naming people for the four responsibilities of one hazard, at forms and at the API."""

from rest_framework import serializers

from accounts.models import User
from hazards.forms import PersonField
from hazards.responsibility import KINDS, LABELS, not_behind, people_behind
from journal.api import ActSerializer


def holder_fields(hazard):
    """``{"holder_<kind>": field}`` for each body that answers for ``hazard``; left empty, who is named stays."""
    return {f"holder_{kind}": _holder_field(hazard, kind) for kind in KINDS if _has_body(hazard, kind)}


def _has_body(hazard, kind):
    return kind == "enterprise" or getattr(hazard, f"{kind}_unit_id") is not None


def _holder_field(hazard, kind):
    now = getattr(hazard, f"{kind}_person") or "未指定"
    return PersonField(
        people_behind(hazard, kind),
        label=LABELS[kind],
        required=False,
        empty_label=f"不变（{now}）",
        error_messages={"invalid_choice": not_behind(kind)},
    )


def _holder_id():
    return serializers.IntegerField(required=False, min_value=1, max_value=2**63 - 1)


class HolderIds(ActSerializer):
    """``<kind>_holder`` by id; gives ``holders``, ``{kind: User}``."""

    territorial_holder = _holder_id()
    competent_holder = _holder_id()
    supervising_holder = _holder_id()
    enterprise_holder = _holder_id()

    def validate(self, data):
        ids = {kind: data.pop(f"{kind}_holder") for kind in KINDS if f"{kind}_holder" in data}
        return data | {"holders": self._people(ids) if ids else {}}

    def _people(self, ids):
        hazard = self.context["view"].get_object()  # whose bodies answer is a matter of the record
        people = {kind: people_behind(hazard, kind).filter(pk=pk).first() for kind, pk in ids.items()}
        if unknown := {f"{kind}_holder": [not_behind(kind)] for kind, person in people.items() if person is None}:
            raise serializers.ValidationError(unknown)
        return people


class OneHolder(ActSerializer):
    """``holder`` by id. Whether it is one of the people of the unit the verb judges, and says the same of who is nobody at all."""

    holder = _holder_id()

    def validate_holder(self, pk):
        return User.objects.filter(pk=pk).first() or User(pk=pk)
