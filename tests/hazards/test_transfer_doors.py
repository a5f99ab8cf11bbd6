"""移交 at the doors: desks, lists and figures, pages and the API; and what those may do who only read the row."""

from datetime import timedelta

import pytest
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.scope import scope_of
from hazards.filters import hazard_filter
from hazards.models import Hazard
from journal import acts
from tests import stages
from tests.factories import UnitFactory, UserFactory
from tests.hazards.passing import accept, offer, owns, sees, whole

pytestmark = [pytest.mark.django_db, pytest.mark.once]  # pages, forms and words: no database decides them


@pytest.fixture
def offered(people):
    """The same, offered to the second one."""
    return stages.hazard(people, "rectifying+offered")


@pytest.mark.parametrize("days", [1, 30])
def test_desks_show_it_to_the_receiver_and_to_the_office_once_it_is_late(client, people, days):
    row = stages.hazard(people, "registered")
    offer(row, people["department"], timezone.now() - timedelta(days=days))
    row.refresh_from_db()

    def groups(person):
        client.force_login(person)
        card = client.get(reverse("hazards:desk")).context["todos"]
        return {group["label"]: group["todos"] for group in card["groups"]}

    [todo] = groups(people["receiver"])["移交待答复"]
    assert (todo["act"], todo["deadline"]) == ("答复移交", row.transfer_due_on)
    assert f"移交{people['receiver'].unit.short_name}" in " · ".join(todo["facts"])
    assert set(groups(people["receiver"])) == {"移交待答复"}, "it is nothing else of theirs yet"
    late = groups(people["office"]).get("移交逾期未答复", [])
    assert [(todo["pk"], todo["act"]) for todo in late] == ([(row.pk, "指定负责单位")] if days == 30 else [])
    assert "移交待答复" not in groups(people["department"])
    for person, group in ((people["receiver"], "answer_transfer"), (people["receiver"], "all")):
        client.force_login(person)
        assert client.get(reverse("hazards:ledger"), {"view": "all", "waiting": group}).context["total"] == 1
    accept(row, people["receiver"])
    assert "移交待答复" not in groups(people["receiver"]) and "移交逾期未答复" not in groups(people["office"])


def test_an_overdue_row_stands_on_the_desk_of_who_is_offered_it_too(client, offered, people):
    """Overdue it is to the giver; to the receiver it is an offer."""
    Hazard.objects.update(deadline=timezone.localdate() - timedelta(days=3))

    def groups(person):
        client.force_login(person)
        card = client.get(reverse("hazards:desk")).context["todos"]
        return {group["label"]: group["todos"] for group in card["groups"]}

    assert set(groups(people["receiver"])) == {"移交待答复"}
    [todo] = groups(people["department"])["一般逾期"]
    assert "移交待答复" in " · ".join(todo["facts"])
    client.force_login(people["receiver"])
    for waiting in ("answer_transfer", "all"):
        assert client.get(reverse("hazards:ledger"), {"view": "all", "waiting": waiting}).context["total"] == 1


def test_lists_and_figures_are_of_ones_own_rows_and_a_condition_finds_the_others(offered, people):
    def found(person, **asked):
        data = QueryDict(mutable=True)
        data.update(asked)
        chosen = hazard_filter(data, user=person, today=timezone.localdate())
        assert not chosen.errors
        return set(chosen.qs.values_list("pk", flat=True))

    giver, receiver, it = people["department"], people["receiver"], {offered.pk}
    assert found(giver) == it and found(receiver) == set()
    assert Hazard.objects.ledger_of(receiver).count() == 0
    assert [found(person, transfer="open") for person in (giver, receiver, people["office"])] == [it, it, it]
    assert found(people["stranger"], transfer="open") == found(giver, transfer="out") == set()
    accept(offered, receiver)
    assert found(receiver) == it and found(giver) == set()
    assert found(giver, transfer="out") == it and found(receiver, transfer="out") == set()
    assert found(people["office"], transfer="open") == set()


@pytest.mark.parametrize("act", sorted(set(stages.with_a_page())))
def test_a_guest_does_nothing_but_comment_and_answer(offered, people, act):
    """Also the manager who handed it over; whatever their role would allow on a row of their own."""
    may = {"comment", "answer_transfer"}
    doors = acts.named(Hazard, act)
    assert (doors.refusal(people["receiver"], offered) is None) is (act in may)
    accept(offered, people["receiver"])
    offered.refresh_from_db()
    assert (doors.refusal(people["department"], offered) is None) is (act == "comment")


def test_what_is_reached_is_said_alike_of_one_row_and_of_many(people):
    rows = [stages.hazard(people, "rectifying") for _ in range(3)]
    for row, name in zip(rows, ("department", "manager", "other_department"), strict=True):
        offer(row, people[name])
    chief = UserFactory(role="manager", unit=UnitFactory(code="4114-YJ"))
    everybody = [*(person for name, person in people.items() if name != "firm"), chief]
    accept(Hazard.objects.get(pk=rows[0].pk), people["receiver"])
    for row in Hazard.objects.all():
        for person in everybody:
            if sees(person, row):
                assert row.is_guest(person) is not owns(person, row), (row, person, scope_of(person))


def test_pages_tell_the_offer_and_do_not_lead_where_the_reader_may_not_go(client, offered, people):
    client.force_login(people["receiver"])
    page = client.get(offered.get_absolute_url())
    text = page.content.decode()
    assert page.context["next"]["act"] == "答复移交" and "属于消防职责" in text and "移交待答复" in text
    firm = offered.enterprise.get_absolute_url()
    assert (f'href="{firm}"' in text) is (client.get(firm).status_code == 200)
    act = reverse("hazards:act", args=[offered.pk, "answer_transfer"])
    assert "属于消防职责" in client.get(act).content.decode()
    wrong = client.post(act, {"accepted": "return", "version": offered.version})
    assert wrong.status_code == 400 and "请写明退回的理由" in wrong.content.decode()
    wrong = client.post(act, {"accepted": "accept", "version": offered.version})
    assert wrong.status_code == 400 and "请选择本单位的责任人" in wrong.content.decode()
    sent = {"accepted": "accept", "holder": people["receiver"].pk, "version": offered.version}
    answer = client.post(act, sent, follow=True).content.decode()
    assert "现由本单位负责" in answer and "移交次数" not in answer
    client.force_login(people["department"])
    old = client.get(offered.get_absolute_url())
    assert old.status_code == 200 and f"{people['receiver'].unit.short_name}接收" in old.content.decode()


def test_giving_back_leads_home_for_the_row_is_seen_no_more(client, offered, people):
    client.force_login(people["receiver"])
    act = reverse("hazards:act", args=[offered.pk, "answer_transfer"])
    sent = {"accepted": "return", "opinion": "不属于消防职责", "version": offered.version}
    answer = client.post(act, sent, follow=True)
    assert answer.status_code == 200 and "仍由移出单位负责" in answer.content.decode()
    assert client.get(offered.get_absolute_url()).status_code == 404


def test_the_api_offers_answers_and_assigns(people):
    row = stages.hazard(people, "rectifying")
    api = APIClient()

    def post(person, act, **sent):
        api.force_authenticate(people[person])
        return api.post(reverse(f"api-hazard-{act}", args=[row.pk]), sent)

    offer_it = {"to_unit": people["receiver"].unit.code, "reason": "属于消防职责"}
    assert post("department", "offer-transfer", **offer_it | {"to_unit": "411402002"}).status_code == 409
    answer = post("department", "offer-transfer", **offer_it)
    assert answer.json()["transfers"][0] | {"outcome": ""} == answer.json()["transfers"][0]
    assert post("manager", "offer-transfer", **offer_it).status_code == 403
    holder = people["receiver"].pk
    assert post("receiver", "answer-transfer", accepted=True, holder=people["manager"].pk).status_code == 409
    nobody, other = (
        post("receiver", "answer-transfer", accepted=True, holder=pk) for pk in (10**9, people["manager"].pk)
    )
    assert (nobody.status_code, nobody.json()) == (other.status_code, other.json()), "who exists elsewhere is not told"
    answer = post("receiver", "answer-transfer", accepted=True, holder=holder)
    assert (answer.status_code, answer.json()["transfers"][0]["answered_by"]) == (200, str(people["receiver"]))
    post("receiver", "offer-transfer", to_unit=people["department"].unit.code, reason="还是原单位")
    settled = {"unit": people["department"].unit.code, "holder": people["department"].pk, "reason": "已协商"}
    assert post("office", "assign-transfer", **settled | {"unit": people["manager"].unit.code}).status_code == 409
    assert post("office", "assign-transfer", **settled).json()["transfers"][1]["outcome"] == "assigned"
    whole(row)
