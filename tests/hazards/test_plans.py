"""整改方案: who files it, who approves it, what waits for it, and that there is no feedback before."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from hazards import operations
from hazards.models import Hazard, PlanDecision, RectificationPlan
from hazards.models.major import ASSURANCES
from journal import acts
from journal.audit import breaks
from journal.outbox import publish
from journal.refusal import Conflict, NotPermitted, Refused
from tests import stages
from tests.factories import HazardFactory, SectorFactory, UserFactory
from tests.hazards.majors import ZEROS, accept, plan
from tests.hazards.test_extension import at_once, told

pytestmark = pytest.mark.django_db


def answer(hazard, by, at, photo, **zeros):
    return operations.submit_feedback(hazard, by=by, at=at, content="已隔开", photos=[photo(by)], **zeros)


def test_without_an_approved_plan_there_is_no_feedback(major, enterprise_user, bodies, clock, photo):
    with pytest.raises(Conflict, match="请先报整改方案"):
        answer(major, enterprise_user, next(clock), photo, **ZEROS)
    operations.file_plan(major, by=enterprise_user, at=next(clock), **plan(major))
    with pytest.raises(Conflict, match="已报的请等待审批"):
        answer(major, enterprise_user, next(clock), photo, **ZEROS)
    operations.decide_plan(major, by=bodies["competent"], at=next(clock), approved=True, opinion="可行")
    answer(major, enterprise_user, next(clock), photo, **ZEROS)
    assert major.state == "pending_review" and list(breaks([Hazard])) == []


def test_a_returned_plan_is_filed_again_and_every_version_stays(major, enterprise_user, bodies, clock):
    filed = next(clock)
    operations.file_plan(major, by=enterprise_user, at=filed, **plan(major, funds_settled=False))
    assert (major.plan_filed_on, major.plan_filed_by) == (timezone.localdate(filed), enterprise_user)
    operations.decide_plan(major, by=bodies["competent"], at=next(clock), approved=False, opinion="缺应急预案")
    assert (major.plan_filed_on, major.plan_filed_by, major.plan_approved_on) == (None, None, None)
    operations.file_plan(major, by=enterprise_user, at=next(clock), **plan(major, safety="停用，专人看守，备预案"))
    approved = next(clock)
    operations.decide_plan(major, by=bodies["competent"], at=approved, approved=True, opinion="可行")
    major.refresh_from_db()
    assert (major.plan_filed_on, major.plan_approved_on) == (None, timezone.localdate(approved))
    first, second = major.plans.all()
    assert (first.number, first.decision.approved, first.decision.opinion) == (1, False, "缺应急预案")
    assert (second.number, second.decision.approved, second.safety) == (2, True, "停用，专人看守，备预案")
    kinds = [event.kind for event in major.events.all()][-4:]
    assert kinds == ["file_plan", "return_plan", "file_plan", "approve_plan"] and list(breaks([Hazard])) == []


def test_a_plan_with_an_assurance_not_settled_can_only_be_returned(client, major, enterprise_user, bodies, clock):
    lacking = plan(major, funds_settled=False, emergency_settled=False)
    operations.file_plan(major, by=enterprise_user, at=next(clock), **lacking)
    page, warning = reverse("hazards:act", args=[major.pk, "decide_plan"]), "五落实中“资金、预案”没有落实，不能批准"
    client.force_login(bodies["competent"])
    assert warning in client.get(page).content.decode()
    sent = {"approved": "approve", "opinion": "可行", "version": major.version}
    answer = client.post(page, sent)
    assert answer.status_code == 400 and answer.context["form"].errors["approved"] == [answer.context["form"].unsettled]
    assert "approve" not in dict(answer.context["form"].fields["approved"].choices), "nor is it offered"
    with pytest.raises(Refused, match="没有落实，不能批准"):
        operations.decide_plan(major, by=bodies["competent"], at=next(clock), approved=True, opinion="可行")
    assert not PlanDecision.objects.exists()
    client.post(page, sent | {"approved": "return", "opinion": "落实资金和预案后重报"})
    assert PlanDecision.objects.get().approved is False
    major.refresh_from_db()
    operations.file_plan(major, by=enterprise_user, at=timezone.now(), **plan(major, finish_by=major.deadline))
    assert "没有落实，不能批准" not in client.get(page).content.decode()


def test_another_version_leaves_the_approved_one_in_force_until_it_is_approved(planned, enterprise_user, bodies, clock):
    approved_on = planned.plan_approved_on
    operations.revise_plan(planned, by=enterprise_user, at=next(clock), **plan(planned, money="90000.00"))
    assert planned.plan_approved_on == approved_on
    operations.decide_plan(planned, by=bodies["competent"], at=next(clock), approved=False, opinion="不必追加")
    assert planned.plan_approved_on == approved_on and planned.plan_filed_on is None
    [in_force] = RectificationPlan.objects.in_force()
    assert (in_force.number, str(in_force.money)) == (1, "42000.00")


def test_a_newer_version_takes_the_place_of_the_one_that_waits(major, enterprise_user, manager, bodies, clock):
    operations.file_plan(major, by=enterprise_user, at=next(clock), **plan(major))
    operations.revise_plan(major, by=manager, at=next(clock), **plan(major, money="1.00"))
    operations.decide_plan(major, by=bodies["competent"], at=next(clock), approved=True, opinion="可行")
    first, second = major.plans.all()
    assert not hasattr(first, "decision") and second.decision.approved and major.plan_filed_by is None


def test_feedback_lets_a_version_that_waits_lapse_and_says_so(planned, enterprise_user, bodies, clock, photo):
    operations.revise_plan(planned, by=enterprise_user, at=next(clock), **plan(planned))
    event = answer(planned, enterprise_user, next(clock), photo, **ZEROS)
    assert event.changes["整改方案"] == "修订稿未审批，因提交反馈失效"
    assert (planned.plan_filed_on, planned.plan_filed_by) == (None, None)
    with pytest.raises(Conflict):
        operations.decide_plan(planned, by=bodies["competent"], at=next(clock), approved=True, opinion="可行")


def test_who_filed_it_does_not_approve_it_and_the_office_steps_in(major, bodies, safety_office, clock):
    """The department files it in the firm's stead; nobody else there may decide."""
    department, waits = bodies["competent"], acts.named(Hazard, "decide_plan").waits_for
    operations.file_plan(major, by=department, at=next(clock), **plan(major))
    with pytest.raises(NotPermitted, match="报送人不能审批自己报的方案"):
        operations.decide_plan(major, by=department, at=next(clock), approved=True, opinion="可行")
    assert (
        Hazard.objects.filter(waits(safety_office)).exists() and not Hazard.objects.filter(waits(department)).exists()
    )
    deputy = UserFactory(role="manager", unit=department.unit)
    assert not Hazard.objects.filter(waits(safety_office)).exists() and Hazard.objects.filter(waits(deputy)).exists()
    operations.decide_plan(major, by=deputy, at=next(clock), approved=True, opinion="可行")


def test_where_no_department_is_competent_the_office_approves(
    major, enterprise_user, bodies, manager, safety_office, clock
):
    Hazard.objects.update(competent_unit=None)
    major.refresh_from_db()
    operations.file_plan(major, by=enterprise_user, at=next(clock), **plan(major))
    for other in (bodies["supervising"], manager):
        with pytest.raises(NotPermitted, match="没有主管部门的由安委办审批"):
            operations.decide_plan(major, by=other, at=next(clock), approved=True, opinion="可行")
    assert Hazard.objects.filter(acts.named(Hazard, "decide_plan").waits_for(safety_office)).exists()
    operations.decide_plan(major, by=safety_office, at=next(clock), approved=True, opinion="可行")


def test_it_is_finished_between_today_and_the_deadline(major, enterprise_user, clock):
    at = next(clock)
    today = timezone.localdate(at)
    for day, words in ((today - timedelta(days=1), "不能早于今天"), (major.deadline + timedelta(days=1), "先申请延期")):
        with pytest.raises(Refused, match=words):
            operations.file_plan(major, by=enterprise_user, at=at, **plan(major, finish_by=day))
    operations.file_plan(major, by=enterprise_user, at=at, **plan(major, finish_by=major.deadline))


def test_a_plan_says_everything(major, enterprise_user, clock):
    whole = plan(major)
    with pytest.raises(ValueError, match="goals"):
        operations.file_plan(
            major, by=enterprise_user, at=next(clock), **{name: whole[name] for name in whole if name != "goals"}
        )
    with pytest.raises(ValueError, match="colour"):
        operations.file_plan(major, by=enterprise_user, at=next(clock), **whole, colour="red")


def test_a_general_hazard_is_asked_for_none(rectifying, enterprise_user, clock, photo):
    with pytest.raises(Conflict, match="只有还没有整改方案的重大隐患"):
        operations.file_plan(rectifying, by=enterprise_user, at=next(clock), **plan(rectifying))
    with pytest.raises(Conflict, match="不用修订"):
        operations.revise_plan(rectifying, by=enterprise_user, at=next(clock), **plan(rectifying))
    answer(rectifying, enterprise_user, next(clock), photo)


def test_one_that_becomes_major_needs_a_plan_at_once_and_none_when_it_is_general_again(
    rectifying, enterprise_user, manager, safety_office, clock, photo
):
    operations.correct(rectifying, by=manager, at=next(clock), reason="够标准", level="major", basis="令第10号")
    with pytest.raises(Conflict, match="请先报整改方案"):
        answer(rectifying, enterprise_user, next(clock), photo, **ZEROS)
    operations.file_plan(
        rectifying, by=enterprise_user, at=next(clock), **plan(rectifying, finish_by=rectifying.deadline)
    )
    operations.correct(rectifying, by=safety_office, at=next(clock), reason="不够标准", level="general")
    assert (rectifying.plan_filed_on, rectifying.plan_filed_by, rectifying.report_owed_on) == (None, None, None)
    answer(rectifying, enterprise_user, next(clock), photo)
    assert list(breaks([Hazard])) == []


def test_a_hazard_taken_up_again_needs_a_new_plan(answered, enterprise_user, bodies, safety_office, clock, photo):
    planned = answered
    accept(planned, bodies, next(clock))
    operations.reopen(
        planned, by=safety_office, at=next(clock), reason="又拆了", photos=[photo(safety_office)], days=20
    )
    assert (planned.plan_approved_on, planned.fault_cleared, planned.gap_closed) == (None, "", "")
    assert not RectificationPlan.objects.in_force().exists()
    with pytest.raises(Conflict, match="请先报整改方案"):
        answer(planned, enterprise_user, next(clock), photo, **ZEROS)


def test_an_overdue_one_is_planned_for_all_the_same(major, enterprise_user, manager, bodies, photo, client):
    """It stays late; else nothing could be done about it ever again."""
    late = timezone.now() + timedelta(days=60)
    finish = (late + timedelta(days=20)).date()
    assert major.deadline < late.date()
    operations.file_plan(major, by=enterprise_user, at=late, **plan(major, finish_by=finish))
    operations.decide_plan(major, by=bodies["competent"], at=late, approved=True, opinion="可行")
    answer(major, enterprise_user, late, photo, **ZEROS)
    assert (major.state, major.is_overdue(late.date())) == ("pending_review", False)


def test_the_right_people_are_told(major, enterprise_user, manager, bodies, clock):
    Hazard.objects.update(enterprise_holder=enterprise_user, territorial_holder=manager)
    at = next(clock)
    publish(at=at)
    told()
    operations.file_plan(major, by=manager, at=at, **plan(major))
    publish(at=at)
    assert told() == {"已报整改方案，请审批": {bodies["competent"]}}
    operations.decide_plan(major, by=bodies["competent"], at=next(clock), approved=False, opinion="缺预案")
    publish(at=at)
    assert told() == {"整改方案已退回，请修改后重报": {enterprise_user, manager}}
    operations.file_plan(major, by=enterprise_user, at=next(clock), **plan(major))
    publish(at=at)
    assert told() == {"已报整改方案，请审批": {bodies["competent"]}}
    operations.decide_plan(major, by=bodies["competent"], at=next(clock), approved=True, opinion="可行")
    publish(at=at)
    assert told() == {"整改方案已批准，请按方案整改": {enterprise_user, manager}}


def groups_of(client, user):
    client.force_login(user)
    found = client.get(reverse("hazards:desk")).context["todos"]["groups"]
    return {group["label"]: [todo["act"] for todo in group["todos"]] for group in found}


def test_it_stands_on_the_desks_of_those_whose_turn_it_is(client):
    people = stages.cast()
    for stage, who, expected in (
        ("rectifying+major", "enterprise", {"待报整改方案": ["报整改方案"]}),
        ("rectifying+filed+major", "enterprise", {}),
        ("rectifying+filed+major", "department", {"待审整改方案": ["审批整改方案"]}),
        ("rectifying+approved+major", "enterprise", {"待反馈": ["提交整改反馈"]}),
        ("rectifying+approved+major", "department", {}),
    ):
        with transaction.atomic():
            row = stages.hazard(people, stage)
            assert groups_of(client, people[who]) == expected, (stage, who)
            page = client.get(row.get_absolute_url())
            [verb] = next(iter(expected.values()), [""])
            assert not verb or page.context["next"]["act"] == verb, (stage, who)
            transaction.set_rollback(True)


def test_the_page_shows_the_newest_version_open_and_the_others_folded(client, major, enterprise_user, bodies, clock):
    operations.file_plan(
        major, by=enterprise_user, at=next(clock), **plan(major, goals="第一版目标", funds_settled=True)
    )
    operations.decide_plan(major, by=bodies["competent"], at=next(clock), approved=False, opinion="缺应急预案")
    operations.file_plan(
        major, by=enterprise_user, at=next(clock), **plan(major, goals="第二版目标", funds_settled=False)
    )
    client.force_login(bodies["competent"])
    page = client.get(major.get_absolute_url())
    shown = page.context["major"]["plans"]
    assert [(one["row"].number, one["state"]) for one in shown] == [(2, "等待审批"), (1, "已退回")]
    html = page.content.decode()
    assert (
        html.index("第二版目标")
        < html.index('<details class="plan">', html.index("第二版目标"))
        < html.index("第一版目标")
    )
    assert "缺应急预案" in html and "42,000 元" in html and html.count("未落实") == 1
    assert "方案批准前不能提交整改反馈" in html
    act = client.get(reverse("hazards:act", args=[major.pk, "decide_plan"])).content.decode()
    assert "第二版目标" in act and "第一版目标" not in act


def test_what_was_returned_stands_in_the_form_again(client, major, enterprise_user, bodies, clock):
    operations.file_plan(major, by=enterprise_user, at=next(clock), **plan(major, goals="第一版目标"))
    operations.decide_plan(major, by=bodies["competent"], at=next(clock), approved=False, opinion="缺应急预案")
    client.force_login(enterprise_user)
    page = client.get(reverse("hazards:act", args=[major.pk, "file_plan"])).content.decode()
    assert "第一版目标" in page and 'value="42000.00"' in page and "checked" in page


def test_a_plan_lacking_a_part_is_named_and_nothing_typed_is_lost(client):
    people = stages.cast()
    row = stages.hazard(people, "rectifying+major")
    client.force_login(people["enterprise"])
    sent = stages.posted("file_plan", people["enterprise"], row.version) | {"safety": "", "funds_how": ""}
    answer = client.post(reverse("hazards:act", args=[row.pk, "file_plan"]), sent)
    html = answer.content.decode()
    assert answer.status_code == 400 and "请填写“安全措施和应急预案”，方案的六部分缺一不可" in html
    assert "没有落实的写原因和打算" in html and sent["goals"] in html and not row.plans.exists()


def test_documents_hang_on_their_version(client, major, enterprise_user, bodies, clock, document):
    first, second = document(enterprise_user, "方案.pdf"), document(enterprise_user, "修订.pdf")
    operations.file_plan(major, by=enterprise_user, at=next(clock), documents=[first], **plan(major))
    event = operations.revise_plan(major, by=enterprise_user, at=next(clock), documents=[second], **plan(major))
    assert event.changes["附件"] == "修订.pdf" and list(breaks([Hazard])) == []
    client.force_login(bodies["competent"])
    page = client.get(major.get_absolute_url())
    assert page.context["documents"] == [second, first]
    assert [plan["documents"] for plan in page.context["major"]["plans"]] == [[second], [first]]
    deciding = client.get(reverse("hazards:act", args=[major.pk, "decide_plan"])).content.decode()
    assert reverse("evidence:document", args=[second.pk]) in deciding and "方案.pdf" not in deciding
    with pytest.raises(Refused, match="已经用在别处"):
        operations.revise_plan(major, by=enterprise_user, at=next(clock), documents=[first], **plan(major))


def test_the_page_takes_a_scan_and_a_photo_of_a_stamped_plan(client, major, enterprise_user, document, picture):
    client.force_login(enterprise_user)
    Hazard.objects.update(deadline=timezone.localdate() + timedelta(days=9))
    major.refresh_from_db()
    scan = document(enterprise_user, "方案.pdf", at=timezone.now())
    files = {"documents_id": [scan.pk], "documents": [picture("red")]}
    sent = {name: value for name, value in plan(major).items() if value is not False}
    answer = client.post(
        reverse("hazards:act", args=[major.pk, "file_plan"]), sent | files | {"version": major.version}
    )
    assert answer.status_code == 302
    assert [one.kind for one in major.documents.filter(part=major.plans.get().uid)] == ["pdf", "jpg"]


def test_the_api_files_decides_and_tells(major, enterprise_user, bodies, document):
    api = APIClient()
    api.force_authenticate(enterprise_user)
    Hazard.objects.update(deadline=timezone.localdate() + timedelta(days=9), original_deadline=timezone.localdate())
    paper = document(enterprise_user, "方案.pdf")
    sent = plan(major, finish_by=str(timezone.localdate()), documents=[paper.pk])
    answer = api.post(reverse("api-hazard-file-plan", args=[major.pk]), sent, format="json").json()
    assert (answer["plans"][0]["number"], answer["plans"][0]["approved"], answer["plan_approved_on"]) == (1, None, None)
    assert [one["name"] for one in answer["plans"][0]["documents"]] == ["方案.pdf"]
    assert [one["id"] for one in answer["documents"]] == [paper.pk]
    api.force_authenticate(bodies["competent"])
    said = {"approved": True, "opinion": "可行"}
    answer = api.post(reverse("api-hazard-decide-plan", args=[major.pk]), said, format="json").json()
    assert answer["plans"][0]["approved"] is True and answer["plan_approved_on"] == str(timezone.localdate())


def test_plans_are_counted_by_sector_as_by_hand(enterprise, bodies):
    """Of each hazard the newest approved version, of major ones in the ledger; 五落实 each, and the money."""
    other, by = SectorFactory(code="ZZ9"), bodies["competent"]

    def one(sector, *versions, **row):
        hazard = HazardFactory(
            enterprise=enterprise,
            rectifying=True,
            **{"level": "major", "sector": sector, "plan_approved_on": "2026-11-20"} | row,
        )
        for number, (money, settled, approved) in enumerate(versions, start=1):
            said = plan(hazard, money=money) | {f"{name}_settled": name in settled for name in ASSURANCES}
            made = RectificationPlan.objects.create(hazard=hazard, number=number, by=by, at=timezone.now(), **said)
            if approved is not None:
                PlanDecision.objects.create(plan=made, approved=approved, opinion="", by=by, at=timezone.now())

    first = enterprise.sector
    one(first, ("100.50", {"funds", "time"}, True))
    one(first, ("7.00", {"funds"}, True), ("9.00", {"responsibility", "emergency"}, True), ("1000.00", set(), False))
    one(first, ("5.00", {"funds"}, None))
    one(first, ("5.00", {"funds"}, True), level="general")
    one(first, ("5.00", {"funds"}, True), plan_approved_on=None)
    one(other, ("3.00", set(ASSURANCES), True))
    one(None, ("2.00", {"measures"}, True))
    rows = {row.pop("sector"): row for row in RectificationPlan.objects.by_sector(Hazard.objects.all())}
    nothing = dict.fromkeys(ASSURANCES, 0)
    assert rows == {
        first.code: nothing
        | {"planned": 2, "money": Decimal("109.50"), "funds": 1, "time": 1, "responsibility": 1, "emergency": 1},
        "ZZ9": dict.fromkeys(ASSURANCES, 1) | {"planned": 1, "money": Decimal("3.00")},
        None: nothing | {"planned": 1, "money": Decimal("2.00"), "measures": 1},
    }
    assert len(RectificationPlan.objects.by_sector(Hazard.objects.filter(sector=other))) == 1


def test_a_number_is_given_once(planned):
    first = planned.plans.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        RectificationPlan.objects.create(hazard=planned, number=1, by=first.by, at=first.at, **plan(planned))


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one writer in at a time anyway")
@pytest.mark.parametrize("rival", ["another approver", "another version"])
def test_of_two_at_once_one_happens(major, enterprise_user, bodies, clock, rival):
    deputy = UserFactory(role="manager", unit=bodies["competent"].unit)
    operations.file_plan(major, by=enterprise_user, at=next(clock), **plan(major))
    one, other = (Hazard.objects.get(pk=major.pk) for _ in range(2))
    at = next(clock)

    def decide():
        operations.decide_plan(one, by=bodies["competent"], at=at, approved=True, opinion="可行")

    def interfere():
        if rival == "another version":
            operations.revise_plan(other, by=enterprise_user, at=at, **plan(other, money="1.00"))
        else:
            operations.decide_plan(other, by=deputy, at=at, approved=False, opinion="缺预案")

    said = at_once(decide, interfere)
    assert sorted(said, key=str) == sorted([Conflict, "done"], key=str)
    row, approved = Hazard.objects.get(pk=major.pk), said[0] == "done"
    assert (row.plan_approved_on is not None) is approved
    assert row.plans.count() == (2 if rival == "another version" and not approved else 1)
    assert (row.plan_filed_on is not None) is (rival == "another version" and not approved)
    assert list(breaks([Hazard])) == []
