"""批示: what leaders write to the bodies that answer for a hazard, and what these answer."""

from datetime import timedelta
from functools import partial

import pytest
from django.urls import reverse
from rest_framework.test import APIClient

from hazards import operations
from hazards.models import Hazard, Instruction
from journal.audit import breaks
from journal.outbox import publish
from journal.refusal import Conflict, NotPermitted, Refused
from notifications.models import Notification
from tests.at_once import at_once, races
from tests.factories import HazardFactory, UnitFactory, UserFactory

pytestmark = pytest.mark.django_db


def told():
    return {
        (one.recipient, one.title.partition(" · ")[0], one.body.splitlines()[0]) for one in Notification.objects.all()
    }


def instruct(hazard, by, at, **given):
    return operations.instruct(hazard, by=by, at=at, **({"body": "territorial", "text": "请三日内整改到位"} | given))


def answer(hazard, by, at, **given):
    return operations.answer_instruction(hazard, by=by, at=at, **({"text": "已派人驻点"} | given))


def groups(client, person, **query):
    client.force_login(person)
    return {
        group["label"]: group["todos"]
        for group in client.get(reverse("hazards:desk"), query).context["todos"]["groups"]
    }


def test_a_body_is_told_and_the_leader_reads_the_answer(rectifying, leader, manager, noon):
    publish(at=noon)
    Notification.objects.all().delete()
    before = (rectifying.state, rectifying.deadline)
    instruct(rectifying, leader, noon)
    publish(at=noon)
    row = Instruction.objects.get()
    assert (row.unit, row.leader, row.reply_by.isoformat()) == (manager.unit, leader, "2026-11-27"), "five working days"
    assert told() == {(manager, "领导批示，请于 2026-11-27 前回复", "请三日内整改到位")}
    Notification.objects.all().delete()
    answer(rectifying, manager, noon + timedelta(days=9))
    publish(at=noon)
    assert told() == {(leader, "批示已回复", "已派人驻点")}
    row.refresh_from_db()
    assert (row.answer, row.answered_by) == ("已派人驻点", manager)
    assert rectifying.events.last().changes == {"批示领导": "宁致和", "逾期（天）": "2"}
    assert (rectifying.state, rectifying.deadline, rectifying.reply_due_on) == (*before, None)
    assert list(breaks([Hazard])) == []


def test_every_manager_of_the_body_is_told_not_only_who_holds_it(rectifying, leader, manager, inspector, noon):
    Hazard.objects.update(territorial_holder=inspector)
    publish(at=noon)
    Notification.objects.all().delete()
    instruct(rectifying, leader, noon)
    publish(at=noon)
    assert {person for person, *_ in told()} == {inspector, manager}


def test_it_stands_on_both_desks_until_it_is_answered(client, registered, leader, manager, safety_office, noon):
    operations.instruct(registered, by=leader, at=noon, body="territorial", text="请抓紧", reply_by=noon.date())
    [todo] = groups(client, manager)["待回复批示"]
    assert todo["act"] == "回复批示" and "宁致和批示" in " · ".join(todo["facts"])
    client.force_login(manager)
    assert client.get("/hazards/?view=all&waiting=answer_instruction").context["total"] == 1
    client.force_login(leader)
    card = client.get(reverse("hazards:desk")).context["todos"]
    [group] = card["groups"]
    assert (card["title"], group["label"], group["todos"][0]["waits"]) == (
        "逾期和待办",
        "等回复的批示",
        "等单位回复批示",
    )
    assert client.get(card["url"]).context["total"] == 1
    assert "等回复的批示" not in groups(client, safety_office), "it was the leader who wrote it"
    answer(registered, manager, noon)
    assert "待回复批示" not in groups(client, manager) and groups(client, leader) == {}


def test_overdue_ones_come_first(client, enterprise, inspector, registered, leader, manager, noon):
    later = HazardFactory(enterprise=enterprise, registered_by=inspector)
    instruct(later, leader, noon, reply_by=noon.date() + timedelta(days=300))
    instruct(registered, leader, noon, reply_by=noon.date())
    for person, label in ((manager, "待回复批示"), (leader, "等回复的批示")):
        assert [todo["pk"] for todo in groups(client, person)[label]] == [registered.pk, later.pk]


def test_an_overdue_row_says_that_an_answer_is_owed(client, rectifying, leader, manager, noon):
    instruct(rectifying, leader, noon)
    Hazard.objects.update(deadline=noon.date() - timedelta(days=400))
    [todo] = groups(client, manager)["一般逾期"]
    assert todo["act"] == "回复批示" and "有批示待回复" in " · ".join(todo["facts"])


def test_the_office_writes_in_a_leaders_name_chosen_or_typed(registered, leader, safety_office, noon):
    with pytest.raises(Refused, match="请选择作出批示的领导"):
        instruct(registered, safety_office, noon)
    elsewhere = UserFactory(role="leader", unit=UnitFactory(code="411403"))
    with pytest.raises(Refused, match="所在地的在职领导"):
        instruct(registered, safety_office, noon, leader=elsewhere)
    with pytest.raises(Refused, match="清空其中一项"):
        instruct(registered, safety_office, noon, leader=leader, leader_name="别人")
    instruct(registered, safety_office, noon, leader=leader)
    instruct(registered, safety_office, noon, leader_name="省督导组李组长")
    assert [(one.leader, one.leader_name) for one in Instruction.objects.all()] == [
        (leader, "宁致和"),
        (None, "省督导组李组长"),
    ]
    assert registered.events.last().changes["批示领导"] == "省督导组李组长"


def test_what_the_office_wrote_for_others_waits_on_its_own_desk(client, registered, safety_office, noon):
    instruct(registered, safety_office, noon, leader_name="省督导组李组长")
    assert [todo["pk"] for todo in groups(client, safety_office)["等回复的批示"]] == [registered.pk]


def test_a_leader_writes_in_no_other_name(registered, leader, noon):
    with pytest.raises(Refused, match="本人名义"):
        instruct(registered, leader, noon, leader_name="别人")


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"body": "competent"}, "属地、主管、监管单位中选择"),
        ({"body": "enterprise"}, "属地、主管、监管单位中选择"),
        ({"days": -1}, "不能早于今天"),
        ({"days": 367}, "一年之后"),
    ],
)
def test_what_is_refused(registered, leader, noon, given, sentence):
    if "days" in given:
        given = {"reply_by": noon.date() + timedelta(days=given["days"])}
    with pytest.raises(Refused, match=sentence):
        instruct(registered, leader, noon, **given)
    assert not Instruction.objects.exists()


def test_nobody_else_instructs_and_only_the_body_asked_or_the_office_answers(
    registered, leader, manager, inspector, safety_office, noon
):
    for person in (manager, inspector):
        with pytest.raises(NotPermitted, match="批示由领导作出"):
            instruct(registered, person, noon)
    with pytest.raises(Conflict, match="没有等待回复的批示"):
        answer(registered, manager, noon)
    department = UserFactory(unit=UnitFactory(code="411402-YJ"))
    Hazard.objects.update(competent_unit=department.unit)
    registered.refresh_from_db()
    instruct(registered, leader, noon)
    for person in (department, inspector, leader):
        with pytest.raises(NotPermitted, match="收到批示的单位"):
            answer(registered, person, noon)
    answer(registered, safety_office, noon)
    assert registered.events.last().changes["代为回复"] == str(manager.unit)


def test_of_several_the_answer_names_which(registered, leader, manager, noon):
    department = UserFactory(unit=UnitFactory(code="411402-YJ"))
    Hazard.objects.update(competent_unit=department.unit)
    registered.refresh_from_db()
    for days, body in ((3, "territorial"), (2, "territorial"), (1, "competent")):
        instruct(registered, leader, noon, body=body, reply_by=noon.date() + timedelta(days=days))
    first, second, third = Instruction.objects.all()
    assert registered.reply_due_on == third.reply_by
    with pytest.raises(Refused, match="有 2 条批示等待回复"):
        answer(registered, manager, noon)
    with pytest.raises(Refused, match="不是发给本单位的"):
        answer(registered, manager, noon, instruction=third)
    answer(registered, department, noon)  # one alone is open to it
    assert registered.reply_due_on == second.reply_by
    answer(registered, manager, noon, instruction=second)
    assert registered.reply_due_on == first.reply_by
    with pytest.raises(Refused, match="已经回复"):
        answer(registered, manager, noon, instruction=second)
    answer(registered, manager, noon)
    assert registered.reply_due_on is None


def test_the_page_offers_a_leader_this_act_alone_and_shows_what_was_said(client, registered, leader, manager, noon):
    client.force_login(leader)
    page = client.get(registered.get_absolute_url())
    assert (page.context["next"]["act"], page.context["next"]["more"]) == ("批示", [])
    address = page.context["next"]["act_url"]
    form = client.get(address).context["form"]
    assert set(form.fields) == {"version", "body", "text", "reply_by"}
    sent = {
        "body": "territorial",
        "text": "请抓紧",
        "reply_by": form["reply_by"].value(),
        "version": registered.version,
    }
    assert "批示已发出" in client.post(address, sent, follow=True).content.decode()
    client.force_login(manager)
    page = client.get(registered.get_absolute_url())
    assert "回复批示" in [item["label"] for item in page.context["next"]["more"]]
    [item] = page.context["instructions"]
    assert (item["title"], item["text"]) == ("宁致和批示", "请抓紧")
    address = reverse("hazards:act", args=[registered.pk, "answer_instruction"])
    form = client.get(address).context["form"]
    assert form["instruction"].value() == Instruction.objects.get().pk
    sent = {"instruction": form["instruction"].value(), "text": "已办", "version": registered.version + 1}
    page = client.post(address, sent, follow=True)
    assert [item["title"] for item in page.context["instructions"]] == [f"{manager.unit.short_name}回复", "宁致和批示"]


def test_the_api_takes_the_id_and_reads_them_back(registered, leader, manager, safety_office, noon):
    api = APIClient()
    api.force_authenticate(safety_office)
    address = reverse("api-hazard-instruct", args=[registered.pk])
    body = {"body": "territorial", "text": "请抓紧", "leader": leader.pk, "reply_by": "2099-01-01"}
    assert api.post(address, body).status_code == 409
    said = api.post(address, body | {"reply_by": None})
    assert said.status_code == 200
    [row] = said.json()["instructions"]
    assert (row["leader_name"], row["unit"], row["answered_at"]) == ("宁致和", manager.unit.code, None)
    api.force_authenticate(manager)
    address = reverse("api-hazard-answer-instruction", args=[registered.pk])
    assert api.post(address, {"text": "已办", "instruction": row["id"] + 1}).status_code == 400
    said = api.post(address, {"text": "已办", "instruction": row["id"]})
    assert said.status_code == 200 and said.json()["instructions"][0]["answer"] == "已办"
    assert api.post(address, {"text": "再答", "instruction": row["id"]}).status_code in (400, 409)


def test_who_answers_for_the_row_no_more_still_finds_it_on_the_desk_until_it_is_answered(
    client, registered, leader, noon
):
    department = UserFactory(unit=UnitFactory(code="411402-YJ"))
    Hazard.objects.update(competent_unit=department.unit)
    registered.refresh_from_db()
    instruct(registered, leader, noon, body="competent")
    assert "待回复批示" in groups(client, department)
    Hazard.objects.update(competent_unit=None)
    assert "待回复批示" in groups(client, department)
    registered.refresh_from_db()
    answer(registered, department, noon)
    assert "待回复批示" not in groups(client, department)
    assert not Hazard.objects.visible_to(department).exists()


@races
def test_two_who_answer_at_once_give_one_answer(registered, leader, manager, safety_office, noon):
    """Who comes second is told so, or that nothing waits for an answer any more."""
    instruct(registered, leader, noon)
    doings = [
        partial(answer, Hazard.objects.get(pk=registered.pk), person, noon, text=str(person))
        for person in (manager, safety_office)
    ]
    said = at_once(*doings)
    assert said.count("done") == 1 and set(said) <= {"done", Conflict, NotPermitted}
    assert registered.events.filter(kind="answer_instruction").count() == 1 and list(breaks([Hazard])) == []
