"""What cannot be meant is refused in Chinese by every form and body of the matrix, and writes nothing."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from responsibilities.models import Charge, Line
from tests.laws.test_bad_input import (
    GARBAGE,
    JSON_GARBAGE,
    NO_NUMBER,
    NO_VALUE,
    WORKBOOKS,
    has_chinese,
    row_counts,
)

__all__ = ["row_counts"]
pytestmark = [pytest.mark.django_db, pytest.mark.once]  # pages, forms and words: no database decides them


@pytest.fixture
def world(manager, county, department, fireworks, noon):
    facts = {"sector": fireworks, "state": "current", "valid_from": noon.date()}
    return (
        Charge.objects.create(unit=manager.unit, holder=manager, **facts),
        Line.objects.create(place=county, competent=department, **facts),
    )


@pytest.mark.parametrize("value", GARBAGE.values(), ids=GARBAGE)
def test_garbage_in_the_forms(client, safety_office, world, row_counts, value):
    client.force_login(safety_office)
    charge, line = world
    before = row_counts()
    pages = {
        reverse("responsibilities:charge_new", args=["appoint"]): ("unit", "sector", "holder", "deputy", "version"),
        reverse("responsibilities:charge_act", args=[charge.pk, "replace"]): ("holder", "deputy", "reason", "version"),
        reverse("responsibilities:line_new", args=["appoint"]): ("place", "sector", "competent", "supervising"),
        reverse("responsibilities:line_act", args=[line.pk, "replace"]): ("competent", "supervising", "version"),
    }
    for page, names in pages.items():
        response = client.post(page, dict.fromkeys(names, value))
        assert response.status_code == 400, page
        assert has_chinese(response)
    assert row_counts() == before
    assert Charge.objects.current().get() == charge and Line.objects.current().get() == line


@pytest.mark.parametrize("slug", ["charge", "line"])
def test_garbage_over_the_api(client, safety_office, world, row_counts, slug):
    client.force_login(safety_office)
    record = world[slug == "line"]
    before, wrong = row_counts(), {}
    whole = {
        "charge": {"holder": record.pk and world[0].holder_id, "deputy": None},
        "line": {"competent": world[1].competent_id, "supervising": None},
    }[slug]
    replace, listed = reverse(f"api-{slug}-replace", args=[record.pk]), reverse(f"api-{slug}-list")
    posts = [(address, body) for address in (replace, listed) for body in JSON_GARBAGE]
    posts += [(replace, json.dumps(whole | {name: value})) for name in whole for value in NO_VALUE + NO_NUMBER]
    posts += [(listed, json.dumps({"unit": value, "place": value, "sector": value})) for value in NO_VALUE]
    for address, body in posts:
        response = client.post(address, body, content_type="application/json")
        if response.status_code != 400 or not has_chinese(response):
            wrong[address, body[:60]] = response.status_code
    assert wrong == {}
    assert row_counts() == before


@pytest.mark.parametrize("kind", WORKBOOKS)
def test_a_file_that_is_no_matrix(client, manager, row_counts, kind):
    client.force_login(manager)
    before = row_counts()
    response = client.post(reverse("responsibilities:take"), {"file": SimpleUploadedFile(*WORKBOOKS[kind])})
    assert response.status_code == 400
    assert has_chinese(response)
    assert row_counts() == before
