"""整改进展: when it is due, who owes it, and where it is seen."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from hazards import operations
from hazards.deadlines import after_months
from hazards.models import Hazard
from hazards.waiting import groups_of
from journal.audit import breaks
from journal.refusal import Conflict, Refused
from tests.hazards.majors import accept, plan

pytestmark = pytest.mark.django_db


def progress(hazard, by, at, percent=40, spent=100, **said):
    return operations.report_progress(
        hazard, by=by, at=at, content="已拆除", percent=percent, spent=Decimal(spent), **said
    )


def test_progress_is_due_a_quarter_after_the_approval_and_after_each_report(planned, enterprise_user, clock, settings):
    assert planned.progress_due_on == after_months(planned.plan_approved_on, 3)
    at = next(clock) + timedelta(days=40)
    event = progress(planned, enterprise_user, at)
    assert planned.progress_due_on == after_months(timezone.localdate(at), 3) and planned.state == "rectifying"
    assert event.changes["下次进展应报日"] == str(planned.progress_due_on)
    settings.PROGRESS_MONTHS = 1
    progress(planned, enterprise_user, at + timedelta(days=1))
    assert planned.progress_due_on == after_months(timezone.localdate(at) + timedelta(days=1), 1)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 11, 20), 3, date(2027, 2, 20)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2027, 11, 30), 3, date(2028, 2, 29)),
        (date(2026, 12, 31), 1, date(2027, 1, 31)),
        (date(2026, 1, 31), 12, date(2027, 1, 31)),
    ],
)
def test_months_later_is_the_same_day_or_the_last_of_the_month(day, months, expected):
    assert after_months(day, months) == expected


def test_neither_share_nor_money_falls_without_a_reason(planned, enterprise_user, clock):
    progress(planned, enterprise_user, next(clock), percent=60, spent=500)
    for fallen, words in (
        ({"percent": 59, "spent": 500}, "上次报告的 60%"),
        ({"percent": 60, "spent": 499}, "上次报告的 500.00 元"),
    ):
        with pytest.raises(Refused, match=words):
            progress(planned, enterprise_user, next(clock), **fallen)
    progress(planned, enterprise_user, next(clock), percent=60, spent=500)
    progress(planned, enterprise_user, next(clock), percent=30, spent=400, reason="一段返工")
    progress(planned, enterprise_user, next(clock), percent=31, spent=400)
    assert [(one.percent, one.reason) for one in planned.progress.all()] == [
        (60, ""),
        (60, ""),
        (30, "一段返工"),
        (31, ""),
    ]
    assert list(breaks([Hazard])) == []


def test_there_is_none_before_a_plan(major, enterprise_user, clock):
    with pytest.raises(Conflict, match="只有整改方案已批准的重大隐患才报进展"):
        progress(major, enterprise_user, next(clock))


def test_another_version_does_not_put_off_what_is_owed(planned, enterprise_user, bodies, clock):
    due, later = planned.progress_due_on, next(clock) + timedelta(days=80)
    operations.revise_plan(planned, by=enterprise_user, at=next(clock), **plan(planned))
    operations.decide_plan(planned, by=bodies["competent"], at=later, approved=True, opinion="可行")
    assert planned.progress_due_on == due and planned.plan_approved_on == timezone.localdate(later)


def test_feedback_ends_what_is_owed_and_a_failed_acceptance_begins_it_anew(answered, bodies, clock):
    assert answered.progress_due_on is None
    at = next(clock)
    accept(answered, bodies, at, passed=False)
    assert answered.progress_due_on == after_months(timezone.localdate(at), 3)


def test_the_rectifier_finds_what_is_due_soon_and_the_others_what_is_missing(
    planned, enterprise_user, manager, safety_office, bodies, leader, inspector
):
    due = planned.progress_due_on
    Hazard.objects.update(deadline=due + timedelta(days=90), original_deadline=due)

    def shown(user, today):
        rows = Hazard.objects.visible_to(user)
        found = {group.name for group in groups_of(user, today) if rows.filter(group.rows).exists()}
        return found - {"report_major", "report_missing"}

    for days, mine, theirs in (
        (-16, "submit_feedback", None),
        (-15, "report_progress", None),
        (0, "report_progress", None),
        (1, "report_progress", "progress_missing"),
    ):
        day = due + timedelta(days=days)
        assert shown(enterprise_user, day) == {mine}, days
        for user in (manager, safety_office, bodies["competent"], bodies["supervising"]):
            assert shown(user, day) == ({theirs} if theirs else set()), (days, user)
        assert shown(inspector, day) == shown(leader, day) == set()


def test_a_desk_offers_the_report_and_names_the_missing_one(client, planned, enterprise_user, manager):
    today = timezone.localdate()
    Hazard.objects.update(
        progress_due_on=today - timedelta(days=2), deadline=today + timedelta(days=9), original_deadline=today
    )
    client.force_login(enterprise_user)
    [group] = client.get(reverse("hazards:desk")).context["todos"]["groups"]
    assert (group["label"], group["todos"][0]["act"]) == ("待报进展", "报告进展")
    client.force_login(manager)
    group = client.get(reverse("hazards:desk")).context["todos"]["groups"][0]
    assert (group["label"], group["todos"][0]["waits"]) == ("进展逾期未报", "等企业报告进展")
    page = client.get(planned.get_absolute_url()).content.decode()
    assert "逾期 2 天未报" in page and "请企业报告进展" in page


def test_progress_stands_on_the_page_with_its_pictures(client, planned, enterprise_user, clock, photo):
    progress(planned, enterprise_user, next(clock), photos=[photo(enterprise_user)], percent=45, spent=18600)
    [picture] = planned.photos.filter(stage="during")
    client.force_login(enterprise_user)
    page = client.get(planned.get_absolute_url()).content.decode()
    assert '<progress class="progress" max="100" value="45">' in page and "已用 18,600 元" in page
    assert reverse("evidence:photo_page", args=[picture.pk]) in page and "下次进展应报日" in page


def test_a_share_is_between_nothing_and_all(planned, enterprise_user, clock):
    with pytest.raises(IntegrityError), transaction.atomic():
        progress(planned, enterprise_user, next(clock), percent=101)
