import pytest
from django.urls import reverse
from django.utils import timezone

from hazards import operations
from hazards.lifecycle import State
from hazards.models import Hazard
from journal.acts import acts_of, open_to
from tests.factories import HazardFactory, UserFactory

pytestmark = pytest.mark.django_db


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
    assert [side["tag"] for side in response.context["evidence"]] == [
        "整改前",
        "整改后 · 第 2 次反馈",
        "整改后 · 第 1 次反馈",
    ]


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
    with django_assert_max_num_queries(12) as few:
        client.get(reverse("hazards:detail", args=[rectifying.pk]))
    for _ in range(2):
        answer([photo(enterprise_user), photo(enterprise_user), photo(enterprise_user)])
    with django_assert_max_num_queries(12) as many:
        client.get(reverse("hazards:detail", args=[rectifying.pk]))
    assert len(few.captured_queries) == len(many.captured_queries)
