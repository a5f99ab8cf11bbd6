from datetime import timedelta

import pytest
from django.urls import reverse

from look.paging import DEFAULT_SIZE
from notifications.models import Notification

pytestmark = pytest.mark.once  # pages, forms and words: no database decides them
INBOX = "/notifications/"


@pytest.fixture
def page(client, reader):
    """Fetches a page as the reader."""
    client.force_login(reader)

    def get(query=""):
        response = client.get(INBOX + query)
        assert response.status_code == 200
        return response

    return get


def titles(response):
    return [row.title for row in response.context["rows"]]


def test_the_inbox_shows_unread_first_and_only_ones_own(page, post, reader, neighbour, at):
    post("read", reader)
    Notification.objects.update(read_at=at)
    post("new", reader, at=at + timedelta(hours=1))
    post("other", neighbour)
    assert titles(page()) == ["标题new"]
    assert titles(page("?tab=all")) == ["标题new", "标题read"]
    assert "标题other" not in page("?tab=all").content.decode()
    assert 'href="?tab=all"' in page().content.decode()


@pytest.mark.parametrize("query", ["", "?tab=all"])
def test_an_empty_inbox_says_what_will_come(page, query):
    assert "提醒、督办和办理结果会出现在这里" in page(query).content.decode()


def test_text_of_a_message_is_escaped(page, post, reader):
    post("a", reader, title="<script>alert(1)</script>", body="<b>粗</b>")
    text = page().content.decode()
    assert "<script>alert" not in text
    assert "&lt;b&gt;粗" in text


def test_pages_lead_back_and_forth_and_show_every_message_once(page, post, reader, at):
    for n in range(2 * DEFAULT_SIZE + 3):
        post(f"{n:03d}", reader, at=at + timedelta(minutes=n // 7))  # equal moments across the page's edge
    expected = [one.title for one in Notification.objects.order_by("-created_at", "-pk")]
    seen, pages = [], [page()]
    while pages[-1].context["next_url"]:
        pages.append(page(pages[-1].context["next_url"].removeprefix(INBOX)))
    for one in pages:
        seen += titles(one)
    assert seen == expected
    assert [bool(one.context["previous_url"]) for one in pages] == [False, True, True]
    back = page(pages[2].context["previous_url"].removeprefix(INBOX))
    assert titles(back) == titles(pages[1])
    first = page(back.context["previous_url"].removeprefix(INBOX))
    assert titles(first) == titles(pages[0])
    assert first.context["previous_url"] == ""


def test_the_next_page_works_after_its_mark_was_read(page, post, reader, at):
    for n in range(DEFAULT_SIZE + 1):
        post(f"{n:03d}", reader, at=at + timedelta(minutes=n))
    next_url = page().context["next_url"]
    Notification.objects.exclude(key="000").update(read_at=at)
    assert titles(page(next_url.removeprefix(INBOX))) == ["标题000"]


@pytest.mark.parametrize(
    "query",
    ["?tab=x", "?cursor=x", "?cursor=" + "9" * 40, "?cursor=-", "?cursor=1", "?cursor=%C2%B2", "?cursor=%ED%A0%80"],
)
def test_a_bad_address_is_refused_with_a_sentence(client, reader, query):
    client.force_login(reader)
    response = client.get(INBOX + query)
    assert response.status_code == 400 and not response.context["rows"]
    assert ("没有这一类消息" if "tab" in query else "翻页位置无法识别") in response.content.decode()


def test_the_inbox_costs_the_same_for_one_and_many(page, post, reader, django_assert_max_num_queries):
    post("0", reader)
    with django_assert_max_num_queries(12) as one:
        page()
    for n in range(1, 5):
        post(f"{n}", reader)
    with django_assert_max_num_queries(len(one)):
        page()


@pytest.mark.parametrize("method", ["get", "post"])
def test_opening_marks_read_and_leads_on(client, post, reader, method):
    [message] = post("7", reader)
    client.force_login(reader)
    response = getattr(client, method)(reverse("notifications:open", args=[message.pk]))
    assert response.headers["Location"] == "/hazards/7/"
    message.refresh_from_db()
    assert message.read_at is not None


@pytest.mark.parametrize("url", ["", "https://evil.example/", "//evil.example/"])
def test_opening_never_leaves_this_site(client, post, reader, url):
    [message] = post("7", reader)
    Notification.objects.update(url=url)
    client.force_login(reader)
    assert client.get(reverse("notifications:open", args=[message.pk])).headers["Location"] == INBOX


def test_somebody_elses_message_does_not_exist(client, post, reader, neighbour):
    [message] = post("7", neighbour)
    client.force_login(reader)
    assert client.get(reverse("notifications:open", args=[message.pk])).status_code == 404
    assert client.get(f"{INBOX}?cursor={message.pk}").status_code == 400
    assert client.get(f"{INBOX}{10**30}/open/").status_code == 404
    message.refresh_from_db()
    assert message.read_at is None


def test_marking_all_read_is_a_post_and_touches_only_ones_own(client, post, reader, neighbour):
    [mine, theirs] = post("a", reader, neighbour)
    client.force_login(reader)
    assert client.get(reverse("notifications:read_all")).status_code == 405
    client.post(reverse("notifications:read_all"), {"up_to": theirs.pk})
    assert Notification.objects.unread().count() == 2
    response = client.post(reverse("notifications:read_all"), {"up_to": mine.pk}, follow=True)
    assert "已将 1 条消息标为已读" in response.content.decode()
    assert [one.recipient for one in Notification.objects.unread()] == [neighbour]


@pytest.mark.parametrize("path", [INBOX, INBOX + "1/open/", INBOX + "read-all/"])
def test_without_sign_in_there_is_nothing(client, db, path):
    assert client.get(path).status_code == 302
