from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from hazards import operations
from hazards.lifecycle import State
from hazards.models import Hazard
from journal.acts import acts_of, open_to
from journal.refusal import Refused
from look.words import day_words, moment_words
from notifications.models import Notification
from tests.factories import HazardFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.once]  # pages, forms and words: no database decides them


def page(client, user, hazard):
    client.force_login(user)
    return client.get(reverse("hazards:detail", args=[hazard.pk]))


def test_it_offers_the_first_act_of_the_lifecycle_as_the_one_primary_button(client, registered, manager, inspector):
    text = page(client, manager, registered).content.decode()
    assert text.count("btn btn-primary") == 1
    assert f'href="{reverse("hazards:act", args=[registered.pk, "issue"])}"' in text
    assert f'href="{reverse("hazards:act", args=[registered.pk, "close_on_spot"])}"' in text

    text = page(client, inspector, registered).content.decode()
    assert f'href="{reverse("hazards:act", args=[registered.pk, "issue"])}"' not in text
    assert "btn btn-primary" not in text
    assert "等安全负责人下达整改" in text


@pytest.mark.parametrize("state", [{}, {"drafted": True}, {"rectifying": True}, {"pending": True}, {"closed": True}])
def test_exactly_the_acts_open_to_the_user_are_linked(client, manager, enterprise, state):
    hazard = HazardFactory(enterprise=enterprise, registered_by=manager, **state)
    text = page(client, manager, hazard).content.decode()

    linked = {act.name for act in acts_of(Hazard) if reverse("hazards:act", args=[hazard.pk, act.name]) in text}
    assert linked == {act.name for act in open_to(manager, hazard)}


def test_four_responsibilities_stand_with_phones_to_call(client, registered, manager):
    text = page(client, manager, registered).content.decode()

    assert all(words in text for words in ("属地责任", "行业主管", "监管责任", "企业主体"))
    assert f'href="tel:{registered.enterprise_phone}"' in text


def test_the_whole_story_is_told(client, pending, inspector, enterprise_user, noon, photo):
    operations.review(pending, by=inspector, at=noon, passed=False, opinion="联动未接通")
    more = [photo(enterprise_user), photo(enterprise_user, "red")]
    operations.submit_feedback(pending, by=enterprise_user, at=noon, content="已接通", spent="1.20", photos=more)
    response = page(client, inspector, pending)
    text = response.content.decode()

    assert "联动未接通" in text
    assert "投入 1.20 万元" in text
    assert "整改后 · 第 2 次反馈" in text
    assert [entry["words"] for entry in response.context["entries"]][:2] == [
        "提交整改反馈 → 待复查",
        "复查不通过 → 整改中",
    ]
    rounds = [[(side["tag"], len(side["photos"])) for side in pair] for pair in response.context["evidence"]]
    assert rounds == [
        [("整改前", 1), ("整改后 · 第 2 次反馈", 2)],
        [("整改前", 1), ("整改后 · 第 1 次反馈", 1)],
    ]


def test_every_round_has_its_row_with_before_at_the_left_and_its_own_photos_at_the_right(
    client, rectifying, inspector, enterprise_user, noon, photo
):
    """However many photos each round has, none of one round stands in the row of another."""
    own = {}
    for number, photos in ((1, 3), (2, 1), (3, 2)):
        sent = [photo(enterprise_user, colour) for colour in ("red", "blue", "green")[:photos]]
        operations.submit_feedback(rectifying, by=enterprise_user, at=noon, content="已改", photos=sent)
        own[number] = [one.pk for one in sent]
        operations.review(rectifying, by=inspector, at=noon, passed=False, opinion="仍未隔开")
    pairs = page(client, inspector, rectifying).context["evidence"]
    assert [before["tag"] for before, _ in pairs] == ["整改前"] * 3
    shown = [(after["tag"], [one["pk"] for one in after["photos"]]) for _, after in pairs]
    assert shown == [(f"整改后 · 第 {number} 次反馈", own[number]) for number in (3, 2, 1)]


def test_a_reopening_has_its_own_pair_of_before_and_after(
    client, pending, manager, inspector, enterprise_user, noon, photo
):
    """What it looked like when it was back never stands beside what was accepted before."""

    def shown():
        pairs = page(client, manager, Hazard.objects.get()).context["evidence"]
        return [
            (before["tag"], [one["pk"] for one in before["photos"]], after["tag"], len(after["photos"]))
            for before, after in pairs
        ]

    [(_, registered, *first)] = shown()
    operations.review(pending, by=inspector, at=noon, passed=True, opinion="合格")
    again = [photo(manager, colour) for colour in ("red", "green")]
    operations.reopen(pending, by=manager, at=noon, reason="又堆上了", photos=again, days=7)
    back, old = "整改前 · 第 1 次重新打开", ("整改前", registered, *first)
    both = [one.pk for one in again]
    assert shown() == [(back, both, "整改后", 0), old]
    for number, before in ((2, both), (3, both)):
        operations.submit_feedback(
            pending, by=enterprise_user, at=noon, content="已改", photos=[photo(enterprise_user, "blue")]
        )
        assert shown()[0] == (back, before, f"整改后 · 第 {number} 次反馈", 1) and shown()[-1] == old
        operations.review(pending, by=inspector, at=noon, passed=False, opinion="仍未清理")
    assert [one[:2] for one in shown()] == [(back, both), (back, both[:1]), old[:2]]


def test_before_any_answer_a_small_box_says_what_is_awaited(client, registered, manager):
    [[before, after]] = page(client, manager, registered).context["evidence"]
    assert (len(before["photos"]), after["photos"], after["none"]) == (1, [], "等待整改后的照片")
    assert page(client, manager, registered).content.decode().count('<span class="none">') == 1


def test_a_deadline_that_a_failed_review_set_is_named_for_what_it_is(
    client, pending, inspector, manager, enterprise_user, photo
):
    at, before = timezone.now(), pending.deadline
    day = timezone.localdate(at) + timedelta(days=9)
    event = operations.review(pending, by=manager, at=at, passed=False, opinion="差", deadline=day)
    assert (event.kind, event.label, event.changes) == (
        "reset_review",
        "退回重定期限",
        {"整改期限": f"{before} → {day}"},
    )
    assert (pending.deadline, pending.original_deadline, pending.extensions) == (day, before, 0)
    review = pending.feedbacks.get().review
    assert (review.feedback.deadline, review.new_deadline) == (before, day)
    shown = page(client, inspector, pending)
    text = shown.content.decode()
    assert "退回重定期限，加" in text and '退回重定期限，<span class="num">原定' in text and "延期" not in text
    told = f"退回重定期限：{day_words(before, timezone.localdate())} → {day_words(day, timezone.localdate())}"
    assert shown.context["opinions"][0]["note"] == told and told in text
    assert shown.context["entries"][0]["words"] == "退回重定期限 → 整改中"
    # A second one that leaves it alone does not change what gave it.
    operations.submit_feedback(pending, by=enterprise_user, at=at, content="改", photos=[photo(enterprise_user)])
    event = operations.review(pending, by=manager, at=at, passed=False, opinion="还差")
    assert (event.kind, "整改期限" in event.changes) == ("fail_review", False)
    assert page(client, inspector, pending).context["cause"] == "退回重定期限"


def test_only_a_manager_resets_the_deadline_and_only_to_another_one(client, pending, inspector, manager, noon):
    address = reverse("hazards:act", args=[pending.pk, "review"])
    day = timezone.localdate() + timedelta(days=9)
    sent = {"passed": "fail", "opinion": "差", "deadline": day.isoformat(), "version": pending.version}
    for person, offered in ((inspector, False), (manager, True)):
        client.force_login(person)
        assert ("新的整改期限" in client.get(address).content.decode()) is offered
    client.force_login(inspector)
    answer = client.post(address, sent)
    assert answer.status_code == 403 and "退回时重定整改期限由安全负责人或安委办办理" in answer.content.decode()
    with pytest.raises(Refused, match="期限不变的请清空"):
        operations.review(pending, by=manager, at=noon, passed=False, opinion="差", deadline=pending.deadline)
    client.force_login(manager)
    assert "已退回重定期限：" in client.post(address, sent, follow=True).content.decode()
    pending.refresh_from_db()
    assert (pending.state, pending.deadline) == ("rectifying", day)


def test_an_overdue_row_says_who_was_reminded_when_and_what_comes_next(client, enterprise, manager, leader):
    today = timezone.localdate()
    hazard = HazardFactory(enterprise=enterprise, rectifying=True, level="major", deadline=today - timedelta(days=5))
    at = timezone.now() - timedelta(days=1)
    for person in (manager, leader):
        Notification.objects.create(
            recipient=person, key=f"hazard:{hazard.pk}:{hazard.deadline}:T+4", title="逾期 4 天",
            record_kind="hazard", record_id=hazard.pk, created_at=at, next_try_at=None,
        )  # fmt: skip
    text = " ".join(page(client, manager, hazard).content.decode().split())
    assert "逾期 5 天，已提醒 1 次" in text
    assert f'<span class="num">{moment_words(at, today)}</span>，送达 郑有田、宁致和' in text
    tomorrow = day_words(today + timedelta(days=1), today)
    assert f'下一步 <span class="num">{tomorrow}</span> 提醒责任人' in text


@pytest.mark.parametrize("state", [{"closed": True}, {"drafted": True}])
def test_nobody_is_reminded_of_what_is_not_open(client, manager, enterprise, state):
    hazard = HazardFactory(enterprise=enterprise, registered_by=manager, **state)
    assert page(client, manager, hazard).context["urged"] is None


@pytest.mark.parametrize(
    "state", [{"issue_due_on": date(2026, 11, 1)}, {"pending": True, "feedback_on": date(2026, 11, 1)}]
)
def test_bodies_read_what_is_done_about_an_order_or_a_review_and_the_firm_does_not(
    client, manager, enterprise, enterprise_user, state
):
    hazard = HazardFactory(enterprise=enterprise, registered_by=manager, **state)
    urged = page(client, manager, hazard).context["urged"]
    assert urged["overdue"] > 0 and urged["coming"]
    assert page(client, enterprise_user, hazard).context["urged"] is None


@pytest.mark.parametrize("state", [{}, {"rectifying": True}, {"closed": True}])
def test_what_nobody_wrote_takes_no_room(client, manager, enterprise, state):
    text = page(client, manager, HazardFactory(enterprise=enterprise, **state)).content.decode()
    assert "未填写" not in text
    assert ("依据与要求" in text) == ("rectifying" in state or "closed" in state)  # the deadline has its line there


def test_a_failed_review_of_another_ledger_is_told_beside_our_rounds_and_never_as_passed(
    client, rectifying, inspector, enterprise_user, noon, photo
):
    def opinions():
        return [(item["title"], item["look"]) for item in page(client, inspector, rectifying).context["opinions"]]

    Hazard.objects.filter(pk=rectifying.pk).update(review_result="复查不合格")
    assert opinions() == [("复查结果", "")]
    operations.submit_feedback(rectifying, by=enterprise_user, at=noon, content="改", photos=[photo(enterprise_user)])
    assert opinions() == [("第 1 次反馈", ""), ("复查结果", "")]
    operations.review(rectifying, by=inspector, at=noon, passed=True, opinion="合格")
    assert opinions() == [("复查：通过", "ok"), ("第 1 次反馈", "")]  # which is the result since


def test_a_closed_hazard_without_rounds_tells_its_review_as_passed(client, inspector, enterprise):
    hazard = HazardFactory(enterprise=enterprise, closed=True, review_result="合格")
    [opinion] = page(client, inspector, hazard).context["opinions"]
    assert (opinion["text"], opinion["look"]) == ("合格", "ok")


def test_changes_are_told_with_their_units(client, registered, manager, enterprise_user, noon, photo):
    operations.issue(registered, by=manager, at=noon, working_days=5)
    operations.submit_feedback(
        registered, by=enterprise_user, at=noon, content="改了", spent="2.5", photos=[photo(enterprise_user)]
    )
    told = [entry["detail"] for entry in page(client, manager, registered).context["entries"]]
    assert "投入资金 2.5 万元" in told[0]
    assert "计算方式 5 个工作日" in told[1]


def test_the_time_bar_stops_when_the_answer_is_in(client, rectifying, inspector):
    assert page(client, inspector, rectifying).context["clock_day"] == timezone.localdate()
    closed = HazardFactory(enterprise=rectifying.enterprise, closed=True)
    assert page(client, inspector, closed).context["clock_day"] == closed.deadline


@pytest.mark.parametrize(
    ("traits", "looks"),
    [
        ({"drafted": True}, ["now", "", "", "", ""]),
        ({}, ["done", "now", "", "", ""]),
        ({"rectifying": True}, ["done", "done", "now", "", ""]),
        ({"pending": True}, ["done", "done", "done", "now", ""]),
        ({"closed": True}, ["done"] * 5),
    ],
)
def test_the_steps_show_where_it_is(client, manager, enterprise, traits, looks):
    hazard = HazardFactory(enterprise=enterprise, registered_by=manager, **traits)
    steps = page(client, manager, hazard).context["steps"]
    assert [step["look"].removesuffix(" bad") for step in steps] == looks


def test_a_discarded_draft_still_has_a_page_without_acts(client, manager, enterprise):
    hazard = HazardFactory(enterprise=enterprise, registered_by=manager, drafted=True, state=State.DISCARDED)
    response = page(client, manager, hazard)
    assert response.status_code == 200
    assert response.context["next"] is None


def test_text_is_escaped(client, manager, enterprise):
    hazard = HazardFactory(enterprise=enterprise, description="<script>alert(1)</script>")
    assert "<script>alert" not in page(client, manager, hazard).content.decode()


def test_outside_the_scope_there_is_no_such_hazard(client, registered, stranger):
    assert page(client, stranger, registered).status_code == 404
    assert page(client, UserFactory(role="sysadmin", unit=None), registered).status_code == 404


def test_a_number_no_database_holds_is_just_not_found(client, manager):
    client.force_login(manager)
    assert client.get(f"/hazards/{10**30}/").status_code == 404


def test_queries_do_not_grow_with_events_and_photos(
    client, rectifying, inspector, enterprise_user, noon, photo, django_assert_max_num_queries
):
    def answer(photos):
        operations.submit_feedback(rectifying, by=enterprise_user, at=noon, content="改了", photos=photos)
        operations.review(rectifying, by=inspector, at=noon, passed=False, opinion="不行")

    answer([photo(enterprise_user)])
    page(client, inspector, rectifying)
    with django_assert_max_num_queries(20) as few:
        client.get(reverse("hazards:detail", args=[rectifying.pk]))
    for _ in range(2):
        answer([photo(enterprise_user), photo(enterprise_user), photo(enterprise_user)])
    with django_assert_max_num_queries(20) as many:
        client.get(reverse("hazards:detail", args=[rectifying.pk]))
    assert len(few.captured_queries) == len(many.captured_queries)
