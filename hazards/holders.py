"""Naming people for the four responsibilities of one hazard, at forms and at the API."""

from collections import Counter, defaultdict

from django.db.models import F
from rest_framework import serializers

from accounts.models import Unit, User
from accounts.roles import Role
from hazards.forms import PersonField
from hazards.responsibility import BODIES, KINDS, LABELS, not_behind, people_behind
from journal.api import ActSerializer
from responsibilities.choosing import staff_of


def holder_fields(hazard):
    """``{"holder_<kind>": field}`` for each body that answers for ``hazard``; left empty, who is named stays."""
    return {f"holder_{kind}": _holder_field(hazard, kind) for kind in KINDS if _has_body(hazard, kind)}


def people_by_body(hazards):
    """``[(kind, name of the body, how many of ``hazards`` it answers for, [User, …]), …]`` of the bodies with people who may hold one of
    their responsibilities. Three queries."""
    units = {kind: Counter(getattr(one, f"{kind}_unit_id") for one in hazards) for kind in BODIES}
    firms = Counter(one.enterprise_id for one in hazards)
    staff, members = defaultdict(list), defaultdict(list)
    here = set().union(*units.values()) - {None}
    for person in staff_of(*here).order_by("unit", "pk"):
        staff[person.unit_id].append(person)
    theirs = User.objects.filter(enterprises__in=firms.keys(), is_active=True, role=Role.ENTERPRISE)
    for person in theirs.annotate(firm=F("enterprises")).order_by("firm", "pk"):
        members[person.firm].append(person)
    names = dict(Unit.objects.filter(pk__in=here).values_list("pk", "short_name"))
    names_of_firms = {one.enterprise_id: one.enterprise.name for one in hazards}
    found = [
        (kind, names[pk], count, staff[pk]) for kind, counted in units.items() for pk, count in counted.items() if pk
    ]
    found += [("enterprise", names_of_firms[pk], count, members[pk]) for pk, count in firms.items()]
    return [group for group in found if group[3]]


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
