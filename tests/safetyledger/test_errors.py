import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from safetyledger import errors, expiry
from safetyledger.navigation import navigation
from tests.factories import UserFactory


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
    for words in [*errors.PAGES.values(), expiry.STALE, expiry.ANOTHERS]:
        assert not any(mark in "".join(words) for mark in ",;:?!")


def test_our_own_refusal_is_shown_and_a_foreign_one_is_not(rf):
    shown = errors.permission_denied(rf.get("/"), PermissionDenied("只有登记人可以修改")).content.decode()
    hidden = errors.permission_denied(rf.get("/"), PermissionDenied("internal words")).content.decode()

    assert "只有登记人可以修改" in shown
    assert "internal words" not in hidden


STATUSES = [
    (400, lambda request: errors.bad_request(request)),
    (403, lambda request: errors.permission_denied(request, PermissionDenied("只有登记人可以修改"))),
    (403, lambda request: errors.page(request, 403, expiry.STALE)),
    (404, lambda request: errors.not_found(request)),
    (500, lambda request: errors.server_error(request)),
]


@pytest.mark.django_db
@pytest.mark.parametrize("role", list(Role))
def test_signed_in_people_keep_their_menu_on_every_error_page(rf, role):
    request = rf.get("/x/")
    request.user, request.resolver_match = UserFactory(role=role), None
    menu = navigation(request)["nav"]
    for status, handler in STATUSES:
        response = handler(request)
        text = response.content.decode()
        assert response.status_code == status and menu
        assert {item["label"] for item in menu if f">{item['label']}</a>" not in text} == set()
        assert f'href="{reverse("hazards:desk")}"' in text and "退出登录" in text


def test_a_frame_that_fails_leaves_the_page_without_one(rf, caplog):
    """Whatever broke the request: the database is gone, and this test may not touch it."""
    request = rf.get("/x/")
    request.user, request.resolver_match = User(role="inspector", username="a"), None
    for status, handler in STATUSES:
        response = handler(request)
        assert response.status_code == status
        assert "主导航" not in response.content.decode() and "回到工作台" in response.content.decode()
    assert len(caplog.records) == len(STATUSES)


@pytest.mark.django_db
def test_a_mistyped_address_keeps_the_menu_and_the_messages(client):
    client.force_login(UserFactory(role="inspector"))
    response = client.get("/no/such/page/")
    assert response.status_code == 404
    assert "主导航" in response.content.decode() and "页面不存在" in response.content.decode()
