"""Every address, however its end is written: no write is led astray. (That no answer is kept: test_doors.)"""

import pytest
from django.urls import reverse

from inspections.models import Enterprise
from tests.laws.test_doors import address, format_of, routes, sign_in, world

__all__ = ["world"]
pytestmark = [pytest.mark.django_db, pytest.mark.once]  # pages, forms and words: no database decides them
NAMES = [name for name, _ in routes()]
WRITING = ("post", "put", "patch", "delete")


def in_api(name):
    return name.startswith("api-")


def ask(client, method, name, path):
    return getattr(client, method)(path, **format_of(name))


@pytest.mark.parametrize("method", WRITING)
def test_a_write_without_the_final_slash_is_served_or_refused_and_never_redirected(client, world, method):
    wrong = {}
    for name in NAMES:
        path = address(name, world)
        if path == "/" or not path.endswith("/") or name == "accounts:logout":
            continue
        sign_in(client, world, "inspector")
        answer = ask(client, method, name, path[:-1])
        right = ask(client, method, name, path).status_code if in_api(name) else 404
        if answer.status_code != right or 300 <= answer.status_code < 400:
            wrong[name] = (answer.status_code, right)
    assert wrong == {}


def test_reading_without_the_final_slash_leads_to_the_page_and_serves_the_api(client, world):
    sign_in(client, world, "inspector")
    wrong = {}
    for name in NAMES:
        path = address(name, world)
        if path == "/" or not path.endswith("/"):
            continue
        answer = client.get(path[:-1])
        same = (
            answer.status_code == client.get(path).status_code
            if in_api(name)
            else answer.headers.get("Location") == path
        )
        if not same:
            wrong[name] = answer.status_code
    assert wrong == {}


def test_what_is_posted_without_the_slash_is_written(client, manager, enterprise):
    """The law above would also hold if both spellings were refused."""
    client.force_login(manager)
    firm = {
        "name": "豫东食品有限公司",
        "township": enterprise.township.code,
        "sector": enterprise.sector.code,
        "principal": "孟令山",
    }
    answer = client.post(reverse("api-enterprise-list")[:-1], firm, content_type="application/json")
    assert answer.status_code == 201
    assert Enterprise.objects.filter(name=firm["name"]).exists()
    changed = client.patch(
        reverse("api-enterprise-detail", args=[enterprise.pk])[:-1],
        {"address": "双八镇工业路 8 号"},
        content_type="application/json",
    )
    assert changed.status_code == 200
    enterprise.refresh_from_db()
    assert enterprise.address == "双八镇工业路 8 号"


def test_static_files_may_be_kept(client):
    answer = client.get("/static/css/tokens.css")
    assert b"".join(answer.streaming_content)
    assert "no-store" not in answer.headers["Cache-Control"]


def test_the_icon_is_found_where_browsers_look_for_it(client):
    answer = client.get("/favicon.ico", follow=True)
    assert b"<svg" in b"".join(answer.streaming_content)
    assert answer.headers["Content-Type"] == "image/svg+xml"
