"""What is said about a hazard on its way: 催办 and 备注."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.models import User
from hazards import operations
from hazards.deciders import asked_to_accept
from hazards.models import Hazard, HazardEvent
from hazards.operations.following import NOBODY_REACHED, SELF_REACHED
from journal.acts import named
from journal.outbox import publish
from journal.refusal import NotPermitted, Refused
from notifications.models import Notification
from tests import stages
from tests.factories import UnitFactory, UserFactory
from tests.hazards.majors import ZEROS

pytestmark = pytest.mark.django_db


def told():
    return {
        (one.recipient, one.title.partition(" · ")[0], one.body.splitlines()[0]) for one in Notification.objects.all()
    }


def test_who_is_chased_reads_the_words_at_once(rectifying, manager, safety_office, enterprise_user, noon):
    Hazard.objects.update(enterprise_holder=enterprise_user)
    publish(at=noon)
    Notification.objects.all().delete()
    operations.chase(rectifying, by=safety_office, at=noon, words="今天下班前报整改进度")
    publish(at=noon)
    title = f"催办：请抓紧整改，期限 {rectifying.deadline}"
    assert told() == {(one, title, "今天下班前报整改进度") for one in (enterprise_user, manager)}
    assert (rectifying.state, rectifying.events.last().note) == ("rectifying", "今天下班前报整改进度")


def test_a_unit_chases_once_a_day_and_another_unit_may_too(rectifying, manager, safety_office, noon):
    operations.chase(rectifying, by=manager, at=noon, words="请抓紧")
    deputy = UserFactory(role="manager", unit=manager.unit)
    with pytest.raises(Refused, match="今天已经催办过"):
        operations.chase(rectifying, by=deputy, at=noon + timedelta(hours=3), words="再催")
    operations.chase(rectifying, by=safety_office, at=noon + timedelta(hours=3), words="请抓紧")
    operations.chase(rectifying, by=deputy, at=noon + timedelta(hours=12), words="过了零点就是第二天")
    assert rectifying.events.filter(kind="chase").count() == 3


def people_told(hazard, by, at, nobody=""):
    """Who hears of a chase of ``hazard`` by ``by``, and the words they read; ``nobody``: what is written where nobody hears."""
    publish(at=at)
    Notification.objects.all().delete()
    operations.chase(hazard, by=by, at=at, words="请抓紧")
    publish(at=at)
    people = {one.recipient for one in Notification.objects.select_related("recipient")}
    names = "、".join(map(str, sorted(people, key=lambda one: one.pk)))
    assert hazard.events.last().changes == {"送达": names or nobody}
    return people, {one.title.partition(" · ")[0] for one in Notification.objects.all()}


def test_the_manager_of_the_holder_and_the_supervising_department_are_told_too(
    major, bodies, manager, safety_office, enterprise_user, noon
):
    people, words = people_told(major, safety_office, noon)
    assert people == {enterprise_user, manager, bodies["competent"], bodies["supervising"]}
    assert words == {f"催办：请抓紧整改，期限 {major.deadline}"}


def test_a_township_that_chases_a_firm_without_account_reaches_the_office_above(
    rectifying, enterprise, manager, safety_office, noon
):
    enterprise.members.clear()
    assert people_told(rectifying, manager, noon)[0] == {safety_office}


def test_where_nobody_but_who_chases_can_act_the_chain_says_so(rectifying, enterprise, manager, noon):
    enterprise.members.clear()
    User.objects.exclude(pk=manager.pk).update(is_active=False, state="stopped")
    assert people_told(rectifying, manager, noon, SELF_REACHED) == (set(), set())


def test_where_nobody_has_an_account_the_answer_says_so_and_what_to_do(client, registered, noon):
    watcher = UserFactory(unit=UnitFactory(code="411402-SW"))
    Hazard.objects.update(supervising_unit=watcher.unit)
    registered.refresh_from_db()
    User.objects.exclude(pk=watcher.pk).update(is_active=False, state="stopped")
    assert people_told(registered, watcher, noon, NOBODY_REACHED) == (set(), set())
    client.force_login(watcher)
    page = client.get(registered.get_absolute_url()).content.decode()
    assert NOBODY_REACHED in page and "电话" in NOBODY_REACHED


def test_whoever_is_to_issue_is_chased_on_a_registered_row(registered, manager, safety_office, noon):
    superior = UserFactory(role="safety_office", unit=UnitFactory(code="411402-AWB"))
    User.objects.filter(pk=manager.pk).update(superior=superior)
    people, words = people_told(registered, safety_office, noon)
    assert (people, words) == ({manager, superior}, {"催办：请下达整改"})


def test_whoever_is_to_review_is_chased_on_an_answered_row(pending, inspector, manager, safety_office, noon):
    people, words = people_told(pending, safety_office, noon)
    assert (people, words) == ({inspector, manager}, {"催办：请复查"})


def test_whoever_is_to_accept_is_chased_on_a_major_one(answered, bodies, manager, noon):
    people, words = people_told(answered, manager, noon + timedelta(days=8))
    assert (people, words) == ({bodies["competent"], bodies["supervising"]}, {"催办：请验收"})


def test_feedback_on_a_major_hazard_is_told_to_those_who_may_accept(
    client, planned, bodies, enterprise_user, manager, safety_office, clock, photo, noon
):
    publish(at=noon)
    Notification.objects.all().delete()
    client.force_login(enterprise_user)
    given = {"content": "已隔开", "photos_id": [photo(enterprise_user).pk], "version": planned.version, **ZEROS}
    answer = client.post(reverse("hazards:act", args=[planned.pk, "submit_feedback"]), given, follow=True)
    assert "已提交整改反馈，待验收" in answer.content.decode()
    publish(at=noon)
    asked = {one.recipient: one.title for one in Notification.objects.select_related("recipient")}
    assert set(asked) == {bodies["competent"], bodies["supervising"]}
    assert all(title.startswith("已提交整改反馈，请验收") for title in asked.values())
    planned.refresh_from_db()
    for person in asked:
        assert named(Hazard, "accept").refusal(person, planned) is None
        assert Hazard.objects.filter(named(Hazard, "accept").waits_for(person), pk=planned.pk).exists()


def test_where_the_departments_have_nobody_the_safety_office_is_asked_to_accept(
    planned, bodies, safety_office, enterprise_user
):
    User.objects.filter(pk__in=[one.pk for one in bodies.values()]).update(is_active=False, state="stopped")
    event = HazardEvent(record=planned, sequence=99, actor=enterprise_user, to_state="pending_review")
    assert asked_to_accept([event])[None] == {safety_office.pk}
    User.objects.filter(pk=bodies["supervising_inspector"].pk).update(is_active=True, state="active")
    assert asked_to_accept([event])[None] == {bodies["supervising_inspector"].pk}


def test_a_manager_of_a_body_that_answers_for_nothing_cannot_chase(rectifying, noon):
    culture = UserFactory(role="manager", unit=rectifying.found_by_unit)
    Hazard.objects.update(territorial_unit=None, competent_unit=None, supervising_unit=None)
    rectifying.refresh_from_db()
    with pytest.raises(NotPermitted, match="由负责该隐患的"):
        operations.chase(rectifying, by=culture, at=noon, words="请抓紧")


def test_the_page_offers_the_township_to_chase_and_to_file_in_the_firms_stead(
    client, rectifying, manager, enterprise_user, noon
):
    client.force_login(manager)
    page = client.get(rectifying.get_absolute_url())
    assert (page.context["next"]["act"], page.context["next"]["act_url"]) == (
        "催办",
        reverse("hazards:act", args=[rectifying.pk, "chase"]),
    )
    assert "代企业反馈" in [item["label"] for item in page.context["next"]["more"]]
    answer = client.post(
        page.context["next"]["act_url"], {"words": "请今天反馈", "version": rectifying.version}, follow=True
    )
    assert "已催办，送达：孟令山" in answer.content.decode()
    assert answer.context["urged"]["chased"].times == 1 and "已催办 1 次" in answer.content.decode()
    assert rectifying.events.last().changes == {"送达": "孟令山"} == {"送达": answer.context["urged"]["chased"].reached}
    client.force_login(enterprise_user)
    assert client.get(rectifying.get_absolute_url()).context["next"]["act"] == "提交整改反馈"


@pytest.mark.parametrize(
    ("act", "stage", "word", "caution"),
    [
        ("submit_feedback", "rectifying", "代企业反馈", "不能再由您本人复查"),
        ("request_extension", "rectifying", "代企业申请延期", "不能再由您本人批复"),
        ("file_plan", "rectifying+major", "代企业报整改方案", "不能再由您本人审批"),
        ("revise_plan", "rectifying+approved+major", "代企业修订整改方案", "不能再由您本人审批"),
        ("report_progress", "rectifying+approved+major", "代企业报告进展", ""),
    ],
)
def test_who_acts_for_the_firm_reads_so_on_the_page_and_what_follows(client, people, act, stage, word, caution):
    row = stages.hazard(people, stage)
    address = reverse("hazards:act", args=[row.pk, act])
    client.force_login(people["manager"])
    page = client.get(address).content.decode()
    assert f"<h2>{word}</h2>" in page and "alert-warning" in page if caution else f"<h2>{word}</h2>" in page
    assert caution in page
    client.force_login(people["enterprise"])
    page = client.get(address).content.decode()
    assert "代企业" not in page and "alert-warning" not in page
    assert word not in client.get(row.get_absolute_url()).content.decode()


def test_rows_are_chased_several_at_once(client, rectifying, safety_office, noon):
    client.force_login(safety_office)
    page = client.get("/hazards/?view=open")
    assert (
        page.context["list"].bulks
        and rectifying.pk in {bulk.name: bulk.keys for bulk in page.context["list"].bulks}["chase"]
    )
    sent = {"row": [f"{rectifying.pk}:{rectifying.version}"], "words": "月底前完成"}
    assert client.post("/hazards/bulk/chase/", sent).status_code == 302
    assert rectifying.events.last().kind == "chase"


def test_a_comment_stands_on_the_timeline_and_changes_nothing(rectifying, enterprise_user, leader, noon):
    before = (rectifying.state, rectifying.deadline)
    operations.comment(rectifying, by=enterprise_user, at=noon, text="配件已订购，周五到货")
    rectifying.refresh_from_db()
    assert (rectifying.state, rectifying.deadline) == before
    assert rectifying.events.last().note == "配件已订购，周五到货"
    with pytest.raises(NotPermitted):
        operations.comment(rectifying, by=leader, at=noon, text="请抓紧")
