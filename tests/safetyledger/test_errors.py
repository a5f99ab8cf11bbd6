import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from safetyledger import errors


def test_unknown_address_gets_a_chinese_page(client):
    response = client.get("/no/such/page/")

    assert response.status_code == 404
    assert "页面不存在" in response.content.decode()


def test_unknown_api_address_gets_problem_details(client):
    response = client.get("/api/v1/no-such-thing/")

    assert response.status_code == 404
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["status"] == 404


@pytest.mark.parametrize(
    ("handler", "status"),
    [(errors.bad_request, 400), (errors.permission_denied, 403), (errors.not_found, 404), (errors.server_error, 500)],
)
def test_every_error_page_renders_without_database(rf, handler, status):
    response = handler(rf.get("/"))

    assert response.status_code == status
    assert errors.PAGES[status][2] in response.content.decode()


def test_sentences_are_punctuated_as_chinese_is():
    for words in [*errors.PAGES.values(), errors.EXPIRED_FORM]:
        assert not any(mark in "".join(words) for mark in ",;:?!")


def test_our_own_refusal_is_shown_and_a_foreign_one_is_not(rf):
    shown = errors.permission_denied(rf.get("/"), PermissionDenied("只有登记人可以修改")).content.decode()
    hidden = errors.permission_denied(rf.get("/"), PermissionDenied("internal words")).content.decode()

    assert "只有登记人可以修改" in shown
    assert "internal words" not in hidden


def test_expired_form_says_what_to_do():
    response = Client(enforce_csrf_checks=True).post("/look/", {"a": "b"})

    assert response.status_code == 403
    assert "页面已过期" in response.content.decode()
