"""双归零 and 验收: what the feedback on a major hazard names, who accepts it and how."""

from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook
from rest_framework.test import APIClient

from hazards import operations
from hazards.models import Hazard, Reminder, Review
from hazards.operations.acceptance import acceptors
from journal.audit import breaks
from journal.refusal import Conflict, NotPermitted, Refused
from tests import stages
from tests.factories import HazardFactory, InspectionFactory, UnitFactory, UserFactory
from tests.hazards.majors import ZEROS, accept, officers, report
from tests.hazards.test_extension import at_once

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("missing", ["fault_cleared", "gap_closed"])
def test_feedback_names_the_fault_and_the_gap(planned, enterprise_user, clock, photo, missing):
    with pytest.raises(Refused, match="故障归零（现象已消除）和管理归零"):
        operations.submit_feedback(
            planned,
            by=enterprise_user,
            at=next(clock),
            content="好了",
            photos=[photo(enterprise_user)],
            **ZEROS | {missing: ""},
        )


def test_of_a_general_hazard_neither_is_taken(rectifying, enterprise_user, clock, photo, client):
    with pytest.raises(Refused, match="一般隐患的反馈不填"):
        operations.submit_feedback(
            rectifying, by=enterprise_user, at=next(clock), content="好了", photos=[photo(enterprise_user)], **ZEROS
        )
    client.force_login(enterprise_user)
    form = client.get(reverse("hazards:act", args=[rectifying.pk, "submit_feedback"])).context["form"]
    assert not {"fault_cleared", "gap_closed"} & set(form.fields)


def test_both_zeros_are_told_everywhere(client, answered, enterprise_user, bodies):
    client.force_login(bodies["supervising"])
    page = client.get(answered.get_absolute_url()).content.decode()
    act = client.get(reverse("hazards:act", args=[answered.pk, "accept"])).content.decode()
    for words in ZEROS.values():
        assert page.count(words) >= 2, "with the feedback and on the timeline"
        assert words in act
    api = APIClient()
    api.force_authenticate(bodies["supervising"])
    [told_] = api.get(reverse("api-hazard-detail", args=[answered.pk])).json()["feedbacks"]
    assert {name: told_[name] for name in ZEROS} == ZEROS
    book = load_workbook(BytesIO(b"".join(client.get(reverse("hazards:export")).streaming_content)))
    cells = [cell.value for row in book.active.iter_rows() for cell in row]
    assert {"故障归零", "管理归零", *ZEROS.values()} <= set(cells)


def test_what_was_not_accepted_clears_nothing(answered, bodies, clock):
    accept(answered, bodies, next(clock), passed=False)
    answered.refresh_from_db()
    assert answered.plan_due_on is None, "its plan is approved"
    assert (answered.fault_cleared, answered.gap_closed) == ("", "") and answered.feedbacks.get().gap_closed
    assert list(breaks([Hazard])) == []


def test_an_acceptance_closes_it_in_the_names_of_two_officers(answered, bodies, clock, document, client):
    at, report = next(clock), document(bodies["supervising"], "检测报告.pdf")
    event = accept(answered, bodies, at, documents=[report])
    answered.refresh_from_db()
    first, second = officers(bodies)
    assert (answered.state, answered.closed_on) == ("closed", timezone.localdate(at))
    assert answered.reviewer_name == f"{first}、{second}" == event.changes["执法人员"]
    review = Review.objects.get()
    assert (review.passed, review.expert_opinion, review.officers) == (True, "检测合格", [first, second])
    assert answered.documents.get().part == review.uid and event.changes["附件"] == "检测报告.pdf"
    assert event.label == "验收通过" and list(breaks([Hazard])) == []
    client.force_login(bodies["supervising"])
    answer = client.get(answered.get_absolute_url())
    page = answer.content.decode()
    assert "验收：通过" in page and "专家意见或第三方报告：检测合格" in page and "复查" not in page
    assert answer.context["opinions"][0]["documents"] == [report] and page.count("检测报告.pdf") == 3
    api = APIClient()
    api.force_authenticate(bodies["supervising"])
    [told_] = api.get(reverse("api-hazard-detail", args=[answered.pk])).json()["feedbacks"]
    assert [one["name"] for one in told_["documents"]] == ["检测报告.pdf"]


def test_nobody_but_those_who_supervise_it_accepts(
    answered, bodies, inspector, manager, colleague, safety_office, clock
):
    people = officers(bodies)
    for other in (inspector, colleague, manager):
        with pytest.raises(NotPermitted, match="重大隐患由监管部门、主管部门或安委办的人员验收"):
            operations.accept(
                answered, by=other, at=next(clock), passed=True, opinion="合格", expert_opinion="合格", officers=people
            )
        with pytest.raises(Conflict, match="请办理“验收”"):
            operations.review(answered, by=other, at=next(clock), passed=True, opinion="合格")
    operations.accept(
        answered, by=safety_office, at=next(clock), passed=True, opinion="合格", expert_opinion="合格", officers=people
    )


def test_who_filed_the_feedback_neither_accepts_nor_is_named(planned, manager, bodies, clock, photo):
    by = bodies["competent"]
    report(planned, by=manager, at=next(clock))
    operations.submit_feedback(planned, by=by, at=next(clock), content="代报", photos=[photo(by)], **ZEROS)
    with pytest.raises(NotPermitted, match="不能是提交反馈的本人"):
        operations.accept(
            planned,
            by=by,
            at=next(clock),
            passed=True,
            opinion="合格",
            expert_opinion="合格",
            officers=officers(bodies),
        )
    with pytest.raises(Refused, match="不能是提交反馈的本人"):
        accept(planned, bodies, next(clock), officers=[bodies["supervising"], by])
    assert by not in acceptors(planned)


def test_feedback_from_before_a_hazard_became_major_is_judged_and_sent_back(pending, manager, bodies, clock):
    """It knows nothing of both zeros; the two officers say so on site, and the plan comes next."""
    operations.correct(pending, by=manager, at=next(clock), reason="够标准", level="major", basis="令第10号")
    Hazard.objects.update(supervising_unit=bodies["supervising"].unit)
    pending.refresh_from_db()
    with pytest.raises(Conflict, match="报告还没有报"):
        accept(pending, bodies, next(clock))
    report(pending, by=manager, at=next(clock))
    with pytest.raises(Conflict, match="双归零"):
        accept(pending, bodies, next(clock))
    at = next(clock)
    accept(pending, bodies, at, passed=False)
    assert pending.state == "rectifying"
    assert pending.plan_due_on == Reminder.objects.get(cause="plan").deadline == at.date() + timedelta(days=10)


def test_what_was_answered_in_another_ledger_is_accepted_on_site(answered, bodies, clock):
    Hazard.objects.update(feedback_by=None, fault_cleared="", gap_closed="")
    answered.refresh_from_db()
    accept(answered, bodies, next(clock))
    assert answered.state == "closed"


def test_two_different_officers_of_those_who_supervise_and_an_expert_are_needed(
    answered, bodies, inspector, clock, enterprise_user
):
    one = bodies["supervising"]
    far = UserFactory(role="safety_office", unit=UnitFactory(code="411403-AWB"))
    gone = UserFactory(role="inspector", unit=one.unit, is_active=False)
    for people in ([one], [one, one], [*officers(bodies), bodies["competent"]]):
        with pytest.raises(Refused, match="两名不同的执法人员"):
            accept(answered, bodies, next(clock), officers=people)
    for other in (inspector, far, gone, enterprise_user):
        with pytest.raises(Refused, match="验收人员须是"):
            accept(answered, bodies, next(clock), officers=[one, other])
    with pytest.raises(Refused, match="专家意见"):
        accept(answered, bodies, next(clock), expert_opinion="")
    with pytest.raises(Refused, match="验收通过不需要新的期限"):
        accept(answered, bodies, next(clock), deadline=date(2027, 1, 1))
    again = {
        "passed": False,
        "opinion": "x",
        "expert_opinion": "x",
        "officers": officers(bodies),
        "deadline": date(2027, 1, 1),
    }
    with pytest.raises(NotPermitted, match="重定整改期限由安全负责人或安委办办理"):
        operations.accept(answered, by=bodies["supervising_inspector"], at=next(clock), **again)
    event = operations.accept(answered, by=one, at=next(clock), **again)
    assert (answered.state, answered.deadline, event.label) == ("rectifying", date(2027, 1, 1), "退回重定期限")


def test_it_is_due_ten_days_after_the_application(answered, settings, client, bodies):
    assert answered.review_due_on == answered.feedback_on + timedelta(days=10)
    settings.ACCEPTANCE_DAYS = 4
    assert answered.review_due_on == answered.feedback_on + timedelta(days=4)
    operations.acknowledge_report(
        answered, by=bodies["supervising"], at=timezone.now()
    )  # first, of what a row waits for
    Hazard.objects.update(feedback_on=timezone.localdate())
    client.force_login(bodies["supervising"])
    groups = client.get(reverse("hazards:desk")).context["todos"]["groups"]
    [group] = [one for one in groups if one["label"] == "待验收"]
    due = timezone.localdate() + timedelta(days=4)
    assert (group["label"], group["todos"][0]["act"], group["todos"][0]["deadline"]) == ("待验收", "去验收", due)
    page = client.get(answered.get_absolute_url()).content.decode()
    assert "待验收" in page and "等监管部门、主管部门或安委办验收" in page and "去复查" not in page


def test_a_taken_over_row_without_a_feedback_of_ours_is_accepted_too(enterprise, bodies, clock):
    row = HazardFactory(
        enterprise=enterprise, pending=True, level="major", supervising_unit=bodies["supervising"].unit, version=0
    )
    accept(row, bodies, next(clock))
    assert row.state == "closed" and not Review.objects.exists()
    assert row.events.last().changes["专家意见或第三方报告"] == "检测合格"


def test_the_page_asks_again_when_one_officer_is_named_twice(client, answered, bodies):
    client.force_login(bodies["supervising"])
    sent = stages.posted("accept", bodies["supervising"], answered.version)
    sent |= {"second_officer": sent["first_officer"]}
    answer = client.post(reverse("hazards:act", args=[answered.pk, "accept"]), sent)
    assert answer.status_code == 400 and "请选择两人" in answer.content.decode()
    assert answer.context["form"].fields["first_officer"].queryset.count() >= 2


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one writer in at a time anyway")
def test_of_two_acceptances_at_once_one_happens(answered, bodies, safety_office, clock):
    one, other = (Hazard.objects.get(pk=answered.pk) for _ in range(2))
    at = next(clock)
    said = at_once(
        lambda: accept(one, bodies, at),
        lambda: operations.accept(
            other,
            by=safety_office,
            at=at,
            passed=False,
            opinion="不行",
            expert_opinion="不行",
            officers=officers(bodies),
        ),
    )
    assert sorted(said, key=str) == sorted([Conflict, "done"], key=str)
    row = Hazard.objects.get(pk=answered.pk)
    assert Review.objects.get().passed is (row.state == "closed") is (said[0] == "done")
    assert list(breaks([Hazard])) == []


def test_a_major_one_awaits_acceptance_wherever_its_row_is_shown(client, enterprise, manager):
    """The word of the state of one row; filters go by the state, which both share."""
    visit = InspectionFactory(enterprise=enterprise)
    row = HazardFactory(enterprise=enterprise, inspection=visit, pending=True, level="major")
    client.force_login(manager)
    words = {"major": "待验收", "general": "待复查"}
    for level, word in words.items():
        Hazard.objects.update(level=level)
        for address in (
            reverse("hazards:detail", args=[row.pk]),
            reverse("inspections:enterprise", args=[enterprise.pk]),
            reverse("inspections:detail", args=[visit.pk]),
        ):
            page = client.get(address).content.decode()
            assert word in page and ({*words.values()} - {word}).pop() not in page, address
        ledger = client.get(reverse("hazards:ledger") + "?state=pending_review").content.decode()
        assert f"</svg>{word}</span>" in ledger
        api = client.get("/api/v1/hazards/?state=pending_review").json()["results"]
        assert [one["state_label"] for one in api] == [word]
        assert client.get(f"/api/v1/hazards/{row.pk}/").json()["state_label"] == word
        for name in ("hazards:export", "hazards:export_form"):
            book = load_workbook(BytesIO(b"".join(client.get(reverse(name)).streaming_content)))
            assert word in [cell.value for line in book.active.iter_rows() for cell in line], name


def test_money_a_hundred_times_the_plan_is_taken_for_a_slip_of_the_unit(planned, enterprise_user, clock, photo):
    """Plans are in yuan, the ledger's column in units of 10,000."""
    at, given = next(clock), {"content": "好了", "photos": [photo(enterprise_user)], **ZEROS}
    with pytest.raises(Refused, match="这里的单位是万元，请核对"):
        operations.submit_feedback(planned, by=enterprise_user, at=at, spent=Decimal(42000), **given)
    operations.submit_feedback(planned, by=enterprise_user, at=at, spent=Decimal("4.2"), **given)
    assert planned.feedbacks.get().spent == Decimal("4.2")
