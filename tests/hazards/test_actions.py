from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from evidence.models import Photo
from hazards import operations
from hazards.lifecycle import State
from hazards.models import Hazard, HazardEvent
from journal.acts import named
from look.words import day_words
from tests import stages
from tests.factories import HazardFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.once]  # pages, forms and words: no database decides them


def url(hazard, act):
    return reverse("hazards:act", args=[hazard.pk, act])


def send(client, user, hazard, act, **data):
    client.force_login(user)
    return client.post(url(hazard, act), {"version": hazard.version} | data)


def fresh(hazard):
    return Hazard.objects.get(pk=hazard.pk)


@pytest.mark.parametrize("act", stages.with_a_page())
def test_every_act_with_a_form_calls_its_own_verb(act):
    assert named(Hazard, act).verb is getattr(operations, act)


def test_a_hazard_can_be_driven_to_its_end_through_the_pages(
    client, registered, manager, enterprise_user, inspector, picture
):
    assert (
        send(client, manager, registered, "issue", due="5", in_working_days="on", requirement="隔开").status_code == 302
    )
    hazard = fresh(registered)
    assert hazard.state == State.RECTIFYING
    assert hazard.working_days == 5

    response = send(
        client, enterprise_user, hazard, "submit_feedback", content="已隔开", spent="1.5", photos=[picture()]
    )
    assert response.status_code == 302
    response = send(client, inspector, fresh(hazard), "review", passed="fail", opinion="联动未接通")
    assert response.status_code == 302
    send(
        client, enterprise_user, fresh(hazard), "submit_feedback", content="已接通", photos=[picture(), picture("red")]
    )
    response = send(client, inspector, fresh(hazard), "review", passed="pass", opinion="符合要求")
    assert response.url == hazard.get_absolute_url()

    hazard = fresh(hazard)
    assert hazard.state == State.CLOSED
    assert hazard.review_result == "符合要求"
    assert [feedback.spent for feedback in hazard.feedbacks.all()] == [pytest.approx(1.5), None]
    assert hazard.photos.filter(stage="after").count() == 3
    assert "复查通过，已销号" in client.get(response.url).content.decode()


def test_what_became_of_a_failed_review_is_said_with_its_deadline(client, pending, manager):
    day = timezone.localdate() + timedelta(days=3)
    response = send(client, manager, pending, "review", passed="fail", opinion="联动未接通", deadline=f"{day}")
    said = client.get(response.url).content.decode()
    assert f"复查不通过，已退回重定期限：{day_words(day, timezone.localdate())}" in said


def test_a_draft_is_registered_or_discarded_from_its_page(client, inspector, enterprise, noon):
    drafts = [
        operations.draft(by=inspector, at=noon, enterprise=enterprise, found_on=noon.date(), description=f"第{n}条")
        for n in range(2)
    ]
    send(client, inspector, drafts[0], "register")
    assert send(client, inspector, drafts[1], "discard").status_code == 400
    send(client, inspector, drafts[1], "discard", reason="重复")

    assert [fresh(one).state for one in drafts] == [State.REGISTERED, State.DISCARDED]
    assert fresh(drafts[0]).number


def test_closing_on_the_spot_needs_an_after_photo(client, registered, inspector, picture):
    Hazard.objects.update(found_on=timezone.localdate())  # only the day it was found counts as on the spot
    response = send(client, inspector, registered, "close_on_spot", note="已移开")
    assert response.status_code == 400
    assert "至少一张整改后照片" in response.content.decode()

    send(client, inspector, registered, "close_on_spot", note="已移开", photos=[picture()])
    assert fresh(registered).state == State.CLOSED


@pytest.mark.parametrize("method", ["get", "post"])
def test_who_may_not_is_told_why(client, registered, inspector, method):
    client.force_login(inspector)
    told = {"due": "7", "version": registered.version} if method == "post" else {}
    response = getattr(client, method)(url(registered, "issue"), told)

    assert response.status_code == 403
    assert "下达整改须由" in response.content.decode()
    assert fresh(registered).state == State.REGISTERED


@pytest.mark.parametrize("method", ["get", "post"])
def test_the_wrong_state_is_explained_with_a_way_back(client, registered, manager, method):
    client.force_login(manager)
    told = {"passed": "pass", "opinion": "好"} if method == "post" else {}
    response = getattr(client, method)(url(registered, "review"), told)

    assert response.status_code == 409
    text = response.content.decode()
    assert "现在是“已登记”" in text
    assert registered.get_absolute_url() in text


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("act", stages.with_a_page())
def test_strangers_find_nothing_at_any_act(client, registered, stranger, act, method):
    client.force_login(stranger)
    assert getattr(client, method)(url(registered, act)).status_code == 404


def test_an_act_nobody_knows_is_not_found(client, registered, manager):
    client.force_login(manager)
    assert client.get(f"/hazards/{registered.pk}/close/").status_code == 404


def test_an_act_somebody_else_has_done_shows_no_form_but_what_happened_and_what_was_typed(
    client, pending, inspector, colleague, noon
):
    seen = pending.version
    operations.review(pending, by=colleague, at=noon, passed=False, opinion="差")
    client.force_login(inspector)
    response = client.post(url(pending, "review"), {"version": seen, "passed": "pass", "opinion": "我写了很久的意见"})

    assert response.status_code == 409
    text = response.content.decode()
    assert 'id="act-form"' not in text
    assert '<p class="prose-lines mb-2">我写了很久的意见</p>' in text
    assert '<p class="prose-lines mb-2">通过</p>' in text
    assert str(colleague) in text
    assert "您的“复查通过”没有提交" in text  # what this person chose
    assert "复查不通过 → 整改中：差" in text  # and what the other did
    assert text.count("查看最新情况") == 1
    assert fresh(pending).state == State.RECTIFYING


def test_a_stale_page_is_refused_politely_and_loses_nothing(client, pending, inspector, enterprise_user, noon, photo):
    seen = pending.version
    operations.review(pending, by=inspector, at=noon, passed=False, opinion="差")
    operations.submit_feedback(pending, by=enterprise_user, at=noon, content="又改了", photos=[photo(enterprise_user)])
    client.force_login(inspector)
    response = client.post(url(pending, "review"), {"version": seen, "passed": "pass", "opinion": "我写了很久的意见"})

    assert response.status_code == 409
    text = response.content.decode()
    assert "您的“复查通过”没有提交。您打开页面之后，该隐患又有了新的办理记录" in text
    assert "最近一次办理" in text
    assert "我写了很久的意见</textarea>" in text
    assert f'name="version" value="{pending.version}"' in text
    assert fresh(pending).state == State.PENDING_REVIEW


def test_everything_missing_is_told_at_once(client, rectifying, enterprise_user):
    response = send(client, enterprise_user, rectifying, "submit_feedback", content="", spent="-1")
    text = response.content.decode()
    assert response.status_code == 400
    assert all(words in text for words in ("请写明整改情况", "投入资金不能为负数", "请上传至少一张整改后照片"))


def test_a_review_without_opinion_is_told_so(client, pending, inspector):
    assert "请填写复查意见" in send(client, inspector, pending, "review", passed="pass").content.decode()


def test_the_page_that_registers_a_draft_leads_to_its_correction(client, inspector, enterprise, noon):
    draft = operations.draft(by=inspector, at=noon, enterprise=enterprise, found_on=noon.date(), description="楼梯")
    client.force_login(inspector)
    assert f'href="{url(draft, "redraft")}"' in client.get(url(draft, "register")).content.decode()


def test_photos_sent_with_a_faulty_form_are_kept(client, rectifying, enterprise_user, picture):
    response = send(client, enterprise_user, rectifying, "submit_feedback", content="", photos=[picture()])
    assert response.status_code == 400
    photo = Photo.objects.get(uploaded_by=enterprise_user)
    assert f'name="photos_id" value="{photo.pk}" checked' in response.content.decode()

    send(client, enterprise_user, rectifying, "submit_feedback", content="已隔开", photos_id=[photo.pk])
    assert fresh(rectifying).photos.get(stage="after") == photo


def test_photos_sent_with_an_outdated_form_are_kept(client, rectifying, enterprise_user, picture):
    response = send(
        client,
        enterprise_user,
        rectifying,
        "submit_feedback",
        content="已隔开",
        photos=[picture()],
        version=rectifying.version - 1,
    )
    photo = Photo.objects.get(uploaded_by=enterprise_user)
    text = response.content.decode()

    assert response.status_code == 409
    assert f'name="photos_id" value="{photo.pk}" checked' in text
    assert "请上传至少一张" not in text
    assert photo.record is None


def test_another_persons_photo_is_no_photo(client, rectifying, enterprise_user, inspector, photo):
    foreign = photo(inspector)
    response = send(
        client, enterprise_user, rectifying, "submit_feedback", content="已隔开", photos_id=[foreign.pk, "x", "9" * 40]
    )

    assert response.status_code == 400
    assert fresh(rectifying).state == State.RECTIFYING
    foreign.refresh_from_db()
    assert foreign.record is None


def test_whoever_may_not_act_stores_no_photos_by_trying(client, rectifying, leader, picture):
    assert send(client, leader, rectifying, "submit_feedback", content="x", photos=[picture()]).status_code == 403
    assert not Photo.objects.filter(uploaded_by=leader).exists()


def test_what_was_typed_too_late_is_shown_without_its_photos(client, pending, enterprise_user, photo):
    sent = {"content": "我写了很久", "photos_id": [photo(enterprise_user).pk]}
    response = send(client, enterprise_user, pending, "submit_feedback", **sent)
    text = response.content.decode()

    assert response.status_code == 409
    assert "我写了很久" in text
    assert "整改后照片" not in text


def test_the_two_person_rule_holds_on_the_page(client, rectifying, manager, photo, noon):
    operations.submit_feedback(rectifying, by=manager, at=noon, content="代企业反馈", photos=[photo(manager)])
    response = send(client, manager, rectifying, "review", passed="pass", opinion="好")

    assert response.status_code == 403
    assert "不能是提交反馈的本人" in response.content.decode()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({}, "请选择整改期限"),
        ({"due": "7"}, "请填写整改措施与要求"),
        ({"due": "7", "requirement": " \n"}, "请填写整改措施与要求"),
        ({"due": "date"}, "请选择截止日期"),
        ({"due": "date", "due_date": "2026-13-99"}, "日期"),
        ({"due": "soon"}, "soon"),
        ({"due": "7", "requirement": "长" * 2001}, "2000"),
        ({"due": "7", "version": "x"}, "整数"),
    ],
)
def test_issue_says_what_is_wrong_with_the_form(client, registered, manager, data, words):
    response = send(client, manager, registered, "issue", **data)
    assert response.status_code == 400
    assert words in response.content.decode()
    assert fresh(registered).state == State.REGISTERED


def test_a_deadline_in_the_past_is_refused_by_the_verb(client, registered, manager):
    yesterday = timezone.localdate() - timedelta(days=1)
    response = send(
        client, manager, registered, "issue", due="date", due_date=yesterday.isoformat(), requirement="隔开"
    )
    assert response.status_code == 409
    assert "整改期限不能早于今天" in response.content.decode()


def test_holders_are_chosen_among_the_people_of_the_body_and_need_a_reason(
    client, registered, manager, colleague, stranger
):
    form = {"due": "7", "requirement": "隔开", "holder_territorial": colleague.pk}
    assert "更换责任人须填写理由" in send(client, manager, registered, "issue", **form).content.decode()
    assert (
        send(
            client, manager, registered, "issue", **form | {"holder_territorial": stranger.pk, "reason": "x"}
        ).status_code
        == 400
    )
    assert (
        send(client, manager, registered, "issue", **form | {"holder_territorial": 10**30, "reason": "x"}).status_code
        == 400
    )

    send(client, manager, registered, "issue", **form, reason="郑有田出差")
    assert fresh(registered).territorial_person == "贺春生"


def test_issue_begins_with_what_the_inspector_proposed(client, manager, enterprise):
    proposed = timezone.localdate() + timedelta(days=9)
    hazard = HazardFactory(enterprise=enterprise, proposed_deadline=proposed, requirement="隔开")
    client.force_login(manager)
    form = client.get(url(hazard, "issue")).context["form"]
    assert (form["due"].value(), form["due_date"].value(), form["requirement"].value()) == ("date", proposed, "隔开")


def test_unprintable_characters_are_dropped_on_the_way_in(client, registered, manager):
    send(client, manager, registered, "issue", due="7", requirement="隔\x00开\x0b，\r\n限八人")
    assert fresh(registered).requirement == "隔开，\n限八人"


def test_one_sending_is_one_event(client, registered, manager):
    before = HazardEvent.objects.count()
    data = {"due": "7", "requirement": "隔开", "version": registered.version}
    client.force_login(manager)
    statuses = [client.post(url(registered, "issue"), data).status_code for _ in range(2)]
    assert statuses == [302, 409]
    assert HazardEvent.objects.count() == before + 1


def test_leaders_look_but_do_not_act(client, registered, leader):
    client.force_login(leader)
    assert client.get(registered.get_absolute_url()).status_code == 200
    assert client.get(url(registered, "issue")).status_code == 403


def test_queries_of_an_act_page_are_bounded(client, registered, manager, django_assert_max_num_queries):
    UserFactory.create_batch(5, unit=manager.unit)
    client.force_login(manager)
    with django_assert_max_num_queries(16):
        client.get(url(registered, "issue"))
