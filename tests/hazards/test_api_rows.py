"""The API's list says what the serializer says, without making hazards of rows."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from accounts.models import User
from hazards.api import rows
from hazards.api.serializers import HazardListSerializer
from hazards.models import Hazard
from tests import stages
from tests.factories import HazardFactory, UnitFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    people = stages.cast()
    for stage in stages.STAGES:
        stages.hazard(people, stage)
    supervised = {"supervising_unit": UnitFactory(code="411402-SW"), "supervising_holder": people["other_department"]}
    bare = {"sector": None, "territorial_unit": None, "territorial_holder": None, "competent_unit": None}
    HazardFactory(enterprise=people["firm"], supervising_phone="13900001111", description="“\u2028”\\ 😀", **supervised)
    HazardFactory(enterprise=people["firm"], enterprise_holder=people["enterprise"], **bare)
    return people


def listed(user, query="page_size=200"):
    client = APIClient()
    client.force_authenticate(user)
    return client.get(f"/api/v1/hazards/?{query}")


def test_every_row_is_what_the_serializer_makes_of_it(people):
    for reader in (one for one in people.values() if isinstance(one, User)):
        answer = json.loads(listed(reader).content)["results"]
        expected = HazardListSerializer(Hazard.objects.in_bulk([row["id"] for row in answer]).values(), many=True).data
        assert sorted(json.loads(json.dumps(expected, default=str)), key=lambda row: -row["id"]) == answer
    listed_ones = [stage for stage in stages.STAGES if stage not in ("draft", "discarded", "voided")]
    assert len(json.loads(listed(people["office"]).content)["results"]) == len(listed_ones) + 2


def test_the_serializer_and_the_rows_name_the_same_fields_in_the_same_order(people):
    row = json.loads(listed(people["office"]).content)["results"][0]
    assert list(row) == list(HazardListSerializer().fields)


def test_a_page_of_any_size_costs_the_same_queries(people):
    def queries(size):
        with CaptureQueriesContext(connection) as captured:
            assert len(json.loads(listed(people["office"], f"page_size={size}").content)["results"]) == size
        return len(captured)

    queries(1)  # the first of a day is written down
    assert queries(1) == queries(6) <= 4


def test_a_field_that_no_column_answers_is_refused_before_it_is_served(monkeypatch):
    class More(HazardListSerializer):
        class Meta(HazardListSerializer.Meta):
            fields = [*HazardListSerializer.Meta.fields, "registered_at"]

    monkeypatch.setattr(rows, "HazardListSerializer", More)
    rows.plan.cache_clear()
    try:
        with pytest.raises(TypeError, match="registered_at"):
            rows.plan()
    finally:
        rows.plan.cache_clear()
