"""作废: who asks, who decides, what a void row is to lists and figures, and that of two duplicates one stays."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import Unit
from hazards import operations
from hazards.filters import hazard_filter
from hazards.models import Hazard, Reminder
from journal import acts
from journal.audit import breaks
from journal.outbox import publish
from journal.refusal import Conflict, NotPermitted, Refused
from notifications.models import Notification
from rankings.kinds import TOWNSHIP
from rankings.shown import shown
from tests import stages
from tests.at_once import at_once, races
from tests.factories import UnitFactory, UserFactory
from workdays.periods import week_of

pytestmark = pytest.mark.django_db


def ask(hazard, by, at, **given):
    hazard.refresh_from_db()
    given = {"ground": "error", "reason": "不在本企业"} | given
    return operations.request_void(hazard, by=by, at=at, **given)


def void(hazard, *, asker, decider, at, **given):
    ask(hazard, asker, at, **given)
    return operations.decide_void(hazard, by=decider, at=at, granted=True, opinion="情况属实")


@pytest.fixture
def two(people):
    return [stages.hazard(people, "rectifying") for _ in range(2)]


def test_a_void_row_keeps_number_and_chain_and_waits_for_nothing(rectifying, inspector, safety_office, noon):
    number, events = rectifying.number, rectifying.version
    void(rectifying, asker=inspector, decider=safety_office, at=noon)
    rectifying.refresh_from_db()
    assert (rectifying.state, rectifying.number, rectifying.version) == ("voided", number, events + 2)
    assert (rectifying.void_asked_on, rectifying.void_asked_by, rectifying.voided_on) == (None, None, noon.date())
    assert not Reminder.objects.exists()
    assert operations.send_reminders(at=noon + timedelta(days=30)) == 0
    assert list(breaks([Hazard])) == []
    with pytest.raises(Conflict):
        operations.comment(rectifying, by=inspector, at=noon, text="还能写吗")


@pytest.mark.parametrize("stage", ["registered", "rectifying", "pending_review", "closed"])
def test_it_is_possible_from_every_state_and_a_refused_one_stays_as_it_was(people, stage):
    row, at = stages.hazard(people, stage), timezone.now()
    before = Hazard.objects.filter(pk=row.pk).values().get()
    ask(row, people["author"], at)
    operations.decide_void(row, by=people["office"], at=at, granted=False, opinion="确有隐患")
    after = Hazard.objects.filter(pk=row.pk).values().get()
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"version", "last_digest"}
    void(row, asker=people["manager"], decider=people["office"], at=at)
    row.refresh_from_db()
    assert (row.state, row.closed_on) == ("voided", None)
    assert list(breaks([Hazard])) == []


def test_the_hazard_goes_on_while_a_request_waits(rectifying, enterprise_user, inspector, safety_office, noon, photo):
    ask(rectifying, inspector, noon)
    operations.submit_feedback(rectifying, by=enterprise_user, at=noon, content="好了", photos=[photo(enterprise_user)])
    assert rectifying.void_asked_on is not None
    operations.decide_void(rectifying, by=safety_office, at=noon, granted=True, opinion="情况属实")
    assert rectifying.state == "voided"


def test_who_read_the_row_before_another_decided_is_told_so(people):
    row, at = stages.hazard(people, "registered+doubted"), timezone.now()
    late = Hazard.objects.get(pk=row.pk)
    operations.decide_void(row, by=people["office"], at=at, granted=False, opinion="确有隐患")
    with pytest.raises(Conflict, match="这次作废申请刚刚已经办理"):
        operations.decide_void(late, by=people["office"], at=at, granted=True, opinion="属实")


def test_who_may_ask_and_who_decides(people, two):
    row, at = two[0], timezone.now()
    for name in ("colleague", "enterprise", "leader"):
        with pytest.raises(NotPermitted):
            ask(row, people[name], at)
    deputy = UserFactory(role="safety_office", unit=people["office"].unit)
    ask(row, deputy, at)
    with pytest.raises(Conflict, match="已有作废申请"):
        ask(row, people["author"], at)
    for name in ("manager", "department", "author"):
        with pytest.raises(NotPermitted, match="由安委办或登记单位的上级单位负责人决定"):
            operations.decide_void(row, by=people[name], at=at, granted=True, opinion="同意")
    with pytest.raises(NotPermitted, match="申请人不能决定"):
        operations.decide_void(row, by=deputy, at=at, granted=True, opinion="同意")
    operations.decide_void(row, by=people["office"], at=at, granted=True, opinion="同意")


def test_the_unit_above_decides_too_and_finds_it_on_the_desk(people, two, client):
    county = (
        Unit.objects.get(code="411402") if Unit.objects.filter(code="411402").exists() else UnitFactory(code="411402")
    )
    Unit.objects.filter(pk=people["author"].unit_id).update(parent=county)
    head, at = UserFactory(role="manager", unit=county), timezone.now()
    ask(two[0], people["manager"], at)
    client.force_login(head)
    groups = client.get(reverse("hazards:desk")).context["todos"]["groups"]
    assert [(group["label"], [todo["pk"] for todo in group["todos"]]) for group in groups] == [
        ("作废待决定", [two[0].pk])
    ]
    row = Hazard.objects.get(pk=two[0].pk)
    operations.decide_void(row, by=head, at=at, granted=True, opinion="同意")


def test_a_duplicate_names_the_row_that_stays(people, two, client):
    row, other = two
    at, by = timezone.now(), people["author"]
    with pytest.raises(Refused, match="请填写重复的是哪一条"):
        ask(row, by, at, ground="duplicate")
    with pytest.raises(Refused, match="登记有误的不填"):
        ask(row, by, at, duplicate_of=other)
    with pytest.raises(Refused, match="不能与自己重复"):
        ask(row, by, at, ground="duplicate", duplicate_of=row)
    with pytest.raises(Refused, match="还是草稿"):
        ask(row, by, at, ground="duplicate", duplicate_of=stages.hazard(people, "draft"))
    with pytest.raises(Refused, match="已作废"):
        ask(row, by, at, ground="duplicate", duplicate_of=stages.hazard(people, "voided"))
    void(row, asker=by, decider=people["office"], at=at, ground="duplicate", duplicate_of=other)
    client.force_login(people["manager"])
    page, others = (client.get(one.get_absolute_url()).content.decode() for one in two)
    assert other.get_absolute_url() in page and "已于" in page and f"<s>{row.description}</s>" in page
    assert row.get_absolute_url() in others and f"<s>{row.number}</s>" in others
    assert list(breaks([Hazard])) == []


def test_the_other_row_is_one_in_scope(people, two, client):
    elsewhere = stages.hazard(stages_next_door(people), "registered")
    with pytest.raises(NotPermitted, match="管辖范围"):
        ask(two[0], people["author"], timezone.now(), ground="duplicate", duplicate_of=elsewhere)
    client.force_login(people["author"])
    act = reverse("hazards:act", args=[two[0].pk, "request_void"])
    for number in (elsewhere.number, "YH-0000-2026-000001", ""):
        sent = {"ground": "duplicate", "reason": "重复", "duplicate_of": number}
        assert client.post(act, sent).status_code == 400, number
    api = APIClient()
    api.force_authenticate(people["author"])
    address = reverse("api-hazard-request-void", args=[two[0].pk])
    body = {"ground": "duplicate", "reason": "重复", "duplicate_of": elsewhere.number}
    assert api.post(address, body).status_code == 400
    assert api.post(address, body | {"duplicate_of": two[1].number}).status_code == 200


def stages_next_door(people):
    firm = people["foreign_firm"].enterprises.get()
    there = UserFactory(role="inspector", unit=people["stranger"].unit)
    return people | {"firm": firm, "author": there, "manager": people["stranger"]}


def test_of_two_called_duplicates_of_each_other_one_stays(people, two):
    at = timezone.now()
    ask(two[0], people["author"], at, ground="duplicate", duplicate_of=two[1])
    void(two[1], asker=people["author"], decider=people["office"], at=at, ground="duplicate", duplicate_of=two[0])
    with pytest.raises(Refused, match="两条不能都作废"):
        operations.decide_void(two[0], by=people["office"], at=at, granted=True, opinion="同意")
    operations.decide_void(two[0], by=people["office"], at=at, granted=False, opinion="保留这一条")


def test_lists_figures_and_desk_leave_it_out_and_state_voided_finds_it(people, client):
    cache.clear()
    reader, at = people["manager"], timezone.now()
    closed, _ = stages.hazard(people, "closed"), stages.hazard(people, "registered")
    client.force_login(reader)

    def counted():
        page = client.get(reverse("hazards:ledger"), {"view": "all"})
        return {tab.label: tab.count for tab in page.context["list"].tabs()}, page.content.decode()

    before, html = counted()
    assert (before["已销号"], before["全部"]) == (1, 2) and closed.number in html
    void(closed, asker=people["author"], decider=people["office"], at=at)
    after, html = counted()
    assert (after["已销号"], after["全部"]) == (0, 1) and closed.number not in html
    page = client.get(reverse("hazards:ledger"), {"view": "all", "state": "voided"}).content.decode()
    assert f"<s>{closed.number}</s>" in page and f"<s>{closed.description}</s>" in page

    def found(**asked):
        data = QueryDict(mutable=True)
        data.update(asked)
        return set(hazard_filter(data, user=reader, today=timezone.localdate()).qs.values_list("pk", flat=True))

    assert closed.pk not in found() | found(view="all") | found(q=closed.number) | found(state="closed")
    assert found(state="voided") == {closed.pk}
    api = APIClient()
    api.force_authenticate(reader)
    assert closed.pk not in {row["id"] for row in api.get(reverse("api-hazard-list")).json()["results"]}
    assert {row["id"] for row in api.get(reverse("api-hazard-list"), {"state": "voided"}).json()["results"]} == {
        closed.pk
    }
    assert api.get(reverse("api-hazard-detail", args=[closed.pk])).json()["state_label"] == "已作废"
    firm = client.get(closed.enterprise.get_absolute_url()).content.decode()
    assert closed.get_absolute_url() not in firm


def test_statistics_count_it_no_more(people):
    at = timezone.now()
    row = stages.hazard(people, "closed")

    def total():
        today = timezone.localdate()
        weeks = [shown("4114", TOWNSHIP, week_of(day), today=today, at=timezone.now()) for day in (row.found_on, today)]
        return [week.table.totals["single"][name] for week in weeks for name in ("found", "closed")]

    assert sum(total()) > 0
    void(row, asker=people["author"], decider=people["office"], at=at)
    assert total() == [0, 0, 0, 0]


def test_those_concerned_are_told(rectifying, inspector, enterprise_user, manager, safety_office, noon):
    def told():
        publish(at=noon)
        found = {}
        for one in Notification.objects.all():
            found.setdefault(one.title.partition(" · ")[0], set()).add(one.recipient)
        Notification.objects.all().delete()
        return found

    Hazard.objects.update(enterprise_holder=enterprise_user, territorial_holder=manager)
    told()
    ask(rectifying, inspector, noon)
    assert told() == {"申请作废，请决定": {safety_office}}
    operations.decide_void(rectifying, by=safety_office, at=noon, granted=False, opinion="确有隐患")
    assert told() == {"不同意作废，请照常办理": {inspector, manager}}
    void(rectifying, asker=inspector, decider=safety_office, at=noon)
    assert told()["已作废，不需要再办理"] == {enterprise_user, manager, inspector}


def test_an_undecided_extension_ends_with_the_row(people):
    row = stages.hazard(people, "rectifying+asked")
    void(row, asker=people["author"], decider=people["office"], at=timezone.now())
    row.refresh_from_db()
    assert (row.extension_due_on, row.extension_asked_by) == (None, None)
    waits = acts.named(Hazard, "decide_extension").waits_for(people["manager"])
    assert not Hazard.objects.filter(waits).exists()


@races
@pytest.mark.parametrize("rival", ["another decider", "feedback", "the other of a pair"])
def test_of_two_at_once_one_happens(people, two, rival):
    at, other = timezone.now(), two[1]
    for one, twin in (two, two[::-1]):
        ask(one, people["author"], at, ground="duplicate", duplicate_of=twin)
    deputy = UserFactory(role="safety_office", unit=people["office"].unit)
    first, second = (Hazard.objects.get(pk=two[0].pk) for _ in range(2))
    photos = [stages.waiting_photo(people["enterprise"])]

    def decide():
        operations.decide_void(first, by=people["office"], at=at, granted=True, opinion="同意")

    def interfere():
        if rival == "feedback":
            operations.submit_feedback(second, by=people["enterprise"], at=at, content="好了", photos=photos)
        elif rival == "another decider":
            operations.decide_void(second, by=deputy, at=at, granted=False, opinion="不同意")
        else:
            operations.decide_void(other, by=deputy, at=at, granted=True, opinion="同意")

    said = at_once(decide, interfere)
    assert said.count("done") == 1, said
    assert (Hazard.objects.get(pk=two[0].pk).state == "voided") is (said[0] == "done")
    assert Hazard.objects.filter(state="voided").count() <= 1
    assert list(breaks([Hazard])) == []
