"""Who took what out: written down before it goes, whichever door it goes by, and read by the auditor alone."""

from datetime import timedelta
from types import SimpleNamespace
from urllib.parse import quote

import pytest
from django.core.cache import cache
from django.db import ProgrammingError
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from disclosures import middleware
from disclosures.models import Disclosure
from doors.files import sent_as
from look import lists
from tests.factories import HazardFactory, UserFactory
from tests.tokens import header_of

pytestmark = pytest.mark.django_db


def written():
    return list(Disclosure.objects.order_by("pk").values_list("person__username", "kind", "what", "conditions"))


@pytest.fixture
def auditor(db):
    return UserFactory(role="auditor", unit=None)


def test_a_workbook_is_written_down_with_what_was_asked_for(client, manager, registered):
    client.force_login(manager)
    answer = client.get(reverse("hazards:export"), {"level": "general", "q": "快速"}, REMOTE_ADDR="10.1.2.3")
    name = middleware.file_name(answer.headers["Content-Disposition"])
    assert name.endswith(".xlsx")
    [(who, kind, what, conditions)] = written()
    assert (who, kind, what) == (manager.username, "export", name)
    assert conditions == "全部；等级 一般；搜索 快速"
    assert Disclosure.objects.get().peer == "10.1.2.3"


def test_it_is_written_before_the_first_byte_goes_out(client, manager, registered, monkeypatch):
    """And what cannot be written down does not go."""

    def full(**facts):
        raise ProgrammingError("no space")

    client.force_login(manager)
    monkeypatch.setattr(Disclosure.objects, "create", full)
    client.raise_request_exception = False
    answer = client.get(reverse("hazards:export"))
    assert answer.status_code == 500
    assert "Content-Disposition" not in answer.headers


def test_paper_documents_and_people_looked_for_are_written_down(client, manager, registered, document, noon):
    from hazards.operations import comment

    paper = document(manager, "方案.pdf")
    comment(registered, by=manager, at=noon, text="附件", documents=[paper])
    client.force_login(manager)
    client.get(reverse("hazards:ledger"), {"print": "1"})
    b"".join(client.get(reverse("evidence:document", args=[paper.pk])).streaming_content)
    client.force_login(keeper := UserFactory(role="sysadmin", unit=None))
    client.get(reverse("accounts:people"), {"q": "袁"})
    assert [row[:3] for row in written()] == [
        (manager.username, "print", "隐患台账"),
        (manager.username, "file", "方案.pdf"),
        (keeper.username, "search", "人员名单，含电话"),
    ]
    assert written()[-1][3] == "姓名、账号或单位 袁"


def test_a_ranking_is_written_down_with_its_address(client, leader):
    client.force_login(leader)
    client.get(reverse("rankings:export"), {"week": "2026-W46", "kind": "county"})
    [(_, kind, what, conditions)] = written()
    assert (kind, what) == ("export", "县区排名-2026-W46.xlsx")
    assert "2026 年第 46 周" in conditions


def test_what_is_only_shown_refused_or_asked_about_is_not(client, manager, registered):
    client.force_login(manager)
    for address in ("hazards:ledger", "hazards:desk", "accounts:me"):
        assert client.get(reverse(address)).status_code == 200
    client.get(reverse("hazards:ledger"), {"q": "快速"})
    assert client.get(reverse("hazards:export"), {"level": "x"}).status_code == 400
    client.head(reverse("hazards:export"))
    client.get(reverse("evidence:photo", args=[registered.photos.get().pk]))
    client.logout()
    client.get(reverse("hazards:export"))
    assert written() == []


def test_a_list_of_the_api_is_written_down_once_a_day_for_each_reader(client, manager, inspector, registered):
    program = header_of(manager)
    for _ in range(2):
        assert client.get(reverse("api-hazard-list"), {"level": "general"}, headers=program).status_code == 200
    cache.clear()  # a cache forgets
    client.get(reverse("api-hazard-list"), headers=program)
    client.get(reverse("api-person-list"), headers=program)
    client.force_login(inspector)
    client.get(reverse("api-hazard-list"))
    client.get(reverse("api-hazard-detail", args=[registered.pk]))
    told = [(who, kind, what) for who, kind, what, _ in written()]
    assert told == [
        (manager.username, "api", "隐患列表"), (manager.username, "api", "人员列表"), (inspector.username, "api", "隐患列表"),
    ]  # fmt: skip
    Disclosure.objects.update(at=timezone.now() - timedelta(days=1))
    cache.clear()
    client.get(reverse("api-hazard-list"))
    assert len(written()) == 4, "another day"


def test_without_a_cache_a_list_of_the_api_is_written_down_all_the_same(client, manager, registered, monkeypatch):
    """A cache that is away keeps nothing and says so to nobody."""
    for name in ("get", "set", "add"):
        monkeypatch.setattr(middleware.cache, name, lambda *args, **options: None)
    program = header_of(manager)
    for _ in range(2):
        assert client.get(reverse("api-hazard-list"), headers=program).status_code == 200
    assert [row[1:3] for row in written()] == [("api", "隐患列表")]


def test_a_file_given_for_a_form_that_was_sent_is_a_file_too(rf):
    request = rf.post("/")
    request.resolver_match = SimpleNamespace(view_name="x:y", func=lambda: None)
    answer = sent_as(HttpResponse(b"x"), "名单.xlsx")
    assert middleware.told_of(request, answer) == ("export", "名单.xlsx")
    assert middleware.told_of(request, HttpResponse(b"x")) == (None, "")


def test_what_was_too_much_to_print_was_not_printed(client, manager, registered, monkeypatch):
    monkeypatch.setattr(lists, "PRINTED", 1)
    for row in range(2):
        HazardFactory(enterprise=registered.enterprise, number=f"YH-4114-2026-00009{row}")
    client.force_login(manager)
    assert "一次打印不完" in client.get(reverse("hazards:ledger"), {"print": "1"}).content.decode()
    assert written() == []


def test_an_address_of_one_line_of_this_machine_is_kept_without_the_line():
    """PostgreSQL takes no zone."""
    assert middleware.address_of("fe80::1%eth0") == "fe80::1"
    assert middleware.address_of("unknown") is None


@pytest.mark.parametrize(
    ("heading", "name"),
    [
        (f"attachment; filename*=UTF-8''{quote('隐患台账（公文格式）.xlsx')}", "隐患台账（公文格式）.xlsx"),
        ('attachment; filename="a b.xlsx"', "a b.xlsx"),
        ('inline; filename="a.jpg"', None),
        ("attachment", ""),
        ("", None),
    ],
)
def test_names_are_those_a_browser_would_give(heading, name):
    assert middleware.file_name(heading) == name


@pytest.mark.parametrize("query", ["kind=export", "q=manager", "day="])
def test_the_auditor_reads_and_narrows_them(client, manager, auditor, registered, query):
    client.force_login(manager)
    client.get(reverse("hazards:export"), {"level": "general"})
    client.get(reverse("hazards:ledger"), {"print": "1"})
    client.force_login(auditor)
    manager.refresh_from_db()
    query = query.replace("q=manager", f"q={manager.username}")
    page = client.get(f"{reverse('disclosures:list')}?{query}")
    assert len(page.context["rows"]) == (1 if query == "kind=export" else 2)
    assert "隐患台账" in page.content.decode() and "等级 一般" in page.content.decode()
    for row in Disclosure.objects.visible_to(manager):
        pytest.fail(f"only the auditor reads {row}")
