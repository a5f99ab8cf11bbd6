"""What is owed besides the rectification: by when, who is reminded of it, and that nobody is once it is done."""

from datetime import timedelta

import hypothesis
import pytest
from django.db import connection, transaction
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from hazards import operations
from hazards.causes import late_to_judge, review_due
from hazards.models import Hazard, Reminder
from hazards.operations import send_reminders
from hazards.operations.owing import issue_due
from notifications.models import Notification
from tests.factories import NOON, TODAY, HazardFactory, UnitFactory, UserFactory
from tests.hazards.majors import plan

pytestmark = pytest.mark.django_db


def told(at, *, cause=""):
    """Sweep at ``at``; ``{(who, words), …}`` of what it wrote, only for ``cause`` where one is named."""
    before = set(Notification.objects.values_list("pk", flat=True))
    send_reminders(at=at)
    new = Notification.objects.exclude(pk__in=before).filter(key__contains=f":{cause}" if cause else "hazard:")
    return {(one.recipient, one.title.partition(" · ")[0]) for one in new.select_related("recipient")}


@pytest.fixture
def chief(safety_office, manager):
    manager.superior = safety_office
    manager.save()
    return safety_office


def test_progress_that_is_missing_is_asked_for_until_it_comes(planned, enterprise_user, manager, safety_office, noon):
    Hazard.objects.update(enterprise_holder=enterprise_user)
    due, words = planned.progress_due_on, "报告整改进展"

    def on(days):
        return told(noon + (due - noon.date()) + timedelta(days=days), cause="progress")

    assert on(-8) == set()
    assert on(-7) == {(enterprise_user, f"请{words}：剩 7 天")}
    assert on(0) == {(enterprise_user, f"请{words}：今天到期")}
    assert on(3) == {(manager, f"请督促{words}：逾期 3 天"), (enterprise_user, f"请{words}：逾期 3 天")}
    assert (safety_office, f"请督促{words}：逾期 7 天") in on(7)
    assert on(7) == set(), "once for each step and person"
    at = noon + (due - noon.date()) + timedelta(days=8)
    operations.report_progress(planned, by=enterprise_user, at=at, content="已订货", percent=10, spent=0)
    assert on(20) == set(), "what was done is not asked for"
    assert Reminder.objects.get(cause="progress").deadline == planned.progress_due_on > due


def test_without_an_account_of_the_firm_its_township_is_asked_for_progress(planned, enterprise, manager, noon):
    enterprise.members.clear()
    Hazard.objects.update(enterprise_holder=None)
    assert told(noon + (planned.progress_due_on - noon.date()), cause="progress") == {
        (manager, "请报告整改进展：今天到期")
    }


def test_a_plan_is_owed_from_the_order_and_again_from_its_return(major, bodies, enterprise_user, clock, settings):
    settings.PLAN_DAYS = 4
    assert major.plan_due_on == major.issued_on + timedelta(days=10)
    assert Reminder.objects.get(cause="plan").deadline == major.plan_due_on
    at = next(clock)
    operations.file_plan(major, by=enterprise_user, at=at, **plan(major))
    assert not Reminder.objects.filter(cause="plan").exists()
    at += timedelta(hours=1)
    operations.decide_plan(major, by=bodies["competent"], at=at, approved=False, opinion="缺预案")
    assert Reminder.objects.get(cause="plan").deadline == major.plan_due_on == at.date() + timedelta(days=4)


def test_a_row_is_to_be_issued_within_working_days_and_a_major_one_at_once(registered, manager, chief, noon):
    entered = registered.registered_at.date()
    assert entered.isoformat() == "2026-11-17"
    assert registered.issue_due_on.isoformat() == "2026-11-20"
    assert told(noon - timedelta(hours=1)) == {(manager, "请下达整改：今天到期")}
    assert told(noon + timedelta(days=3)) == {(manager, "请下达整改：逾期 3 天"), (chief, "请督促下达整改：逾期 3 天")}
    operations.correct(registered, by=manager, at=noon, reason="够标准", level="major", basis="令第10号第十一条")
    assert registered.issue_due_on.isoformat() == "2026-11-20", "what was due already is not put off"
    operations.correct(registered, by=chief, at=noon, reason="不够", level="general")
    assert registered.issue_due_on.isoformat() == "2026-11-20"
    operations.issue(registered, by=manager, at=noon, days=7)
    assert registered.issue_due_on.isoformat() == "2026-11-20", "figures ask for it later"
    assert not Reminder.objects.filter(cause="issue").exists()


def test_the_days_to_issue_are_settings(db, noon, settings):
    settings.ISSUE_WORKING_DAYS, settings.ISSUE_WORKING_DAYS_MAJOR = 5, 2
    friday = noon.date()
    assert [issue_due(level, friday).isoformat() for level in ("general", "major")] == ["2026-11-27", "2026-11-24"]


def test_feedback_that_nobody_reviews_is_asked_for(pending, inspector, manager, chief, noon):
    due = pending.feedback_on + timedelta(days=10)
    assert pending.review_due_on == due
    at = noon + (due - noon.date())
    assert told(at) == {(one, "请复查：今天到期") for one in (inspector, manager)}
    assert (chief, "请督促复查：逾期 3 天") in told(at + timedelta(days=3))


def test_days_to_review_are_a_setting_and_the_desk_counts_a_major_one_by_its_own(
    client, safety_office, enterprise, settings
):
    settings.REVIEW_DAYS, settings.ACCEPTANCE_DAYS = 5, 20
    filed = timezone.localdate() - timedelta(days=8)
    HazardFactory(enterprise=enterprise, pending=True, feedback_on=filed)
    HazardFactory(enterprise=enterprise, pending=True, feedback_on=filed, level="major")
    client.force_login(safety_office)
    figures = {one["label"]: one["note"] for one in client.get(reverse("hazards:desk")).context["figures"]}
    assert figures["待复查"] == "逾期未复查、验收 1 条"
    settings.ACCEPTANCE_DAYS = 3
    figures = {one["label"]: one["note"] for one in client.get(reverse("hazards:desk")).context["figures"]}
    assert figures["待复查"] == "逾期未复查、验收 2 条"


def test_an_acceptance_that_does_not_come_is_asked_for_of_both_departments_then_the_office(
    answered, bodies, safety_office, noon
):
    at = noon + (answered.review_due_on - noon.date())
    assert told(at, cause="accept") == {(bodies[kind], "请验收：今天到期") for kind in ("competent", "supervising")}
    assert (safety_office, "请督促验收：逾期 1 天") in told(at + timedelta(days=1), cause="accept")


def test_an_extension_that_nobody_decides_is_asked_for_of_who_issued_the_order(
    rectifying, manager, enterprise_user, chief, noon
):
    operations.request_extension(
        rectifying,
        by=enterprise_user,
        at=noon,
        until=rectifying.deadline + timedelta(days=5),
        reason="等货",
        protection="停用",
    )
    at = noon + (rectifying.extension_due_on - noon.date())
    assert told(at, cause="extension") == {(manager, "请批复延期申请：今天到期")}
    assert (chief, "请督促批复延期申请：逾期 1 天") in told(at + timedelta(days=1), cause="extension")


def test_whoever_asked_for_time_is_not_asked_to_decide_on_it(rectifying, manager, chief, noon):
    operations.request_extension(
        rectifying, by=manager, at=noon, until=rectifying.deadline + timedelta(days=5), reason="等货", protection="停用"
    )
    at = noon + (rectifying.extension_due_on - noon.date())
    assert told(at, cause="extension") == {(chief, "请批复延期申请：今天到期")}


@pytest.fixture
def staff(township):
    """Others of the township: in the order of the accounts a leader, a second manager, and one above both."""
    over = UserFactory(role="safety_office", unit=UnitFactory(code="411402-AWB"))
    return UserFactory(role="leader", unit=township), UserFactory(role="manager", unit=township), over


def test_the_order_is_asked_for_of_managers_whoever_is_named(registered, manager, colleague, chief, staff, noon):
    _, second, _ = staff
    Hazard.objects.update(territorial_holder=colleague)
    assert told(noon, cause="issue") == {(one, "请下达整改：今天到期") for one in (manager, second)}
    registered.refresh_from_db()
    operations.chase(registered, by=chief, at=noon, words="请抓紧")
    assert set(registered.events.last().changes["送达"].split("、")) == {
        str(one) for one in (manager, second, staff[2])
    }
    User.objects.filter(pk__in=[manager.pk, second.pk]).update(is_active=False, state="stopped")
    assert told(noon + timedelta(days=1), cause="issue") == {(colleague, "请下达整改：逾期 1 天")}


def test_a_decision_on_more_time_is_asked_for_of_the_manager_who_did_not_ask(
    rectifying, manager, staff, safety_office, noon
):
    _, second, over = staff
    until = rectifying.deadline + timedelta(days=5)
    operations.request_extension(rectifying, by=manager, at=noon, until=until, reason="等货", protection="停用")
    at, words = noon + (rectifying.extension_due_on - noon.date()), "批复延期申请"
    assert told(at, cause="extension") == {(second, f"请{words}：今天到期")}
    User.objects.filter(pk=second.pk).update(role="inspector")
    assert (over, f"请{words}：逾期 1 天") in told(at + timedelta(days=1), cause="extension")


def test_whoever_is_over_the_issuer_or_the_registrar_urges_and_not_who_is_over_the_township(
    rectifying, enterprise_user, manager, chief, photo, noon
):
    department = UnitFactory(code="411402-YJ")
    head = UserFactory(role="manager", unit=department)
    deputy = UserFactory(role="inspector", unit=department, superior=head)
    bureau = UserFactory(role="manager", unit=UnitFactory(code="4114-YJ"))
    User.objects.filter(pk=head.pk).update(superior=bureau)
    bodies = {"competent_unit": department, "issued_by_unit": department, "found_by_unit": department}
    Hazard.objects.update(registered_by=deputy, **bodies)
    rectifying.refresh_from_db()
    until = rectifying.deadline + timedelta(days=5)
    operations.request_extension(rectifying, by=enterprise_user, at=noon, until=until, reason="等货", protection="停用")
    at, words = noon + (rectifying.extension_due_on - noon.date()), "批复延期申请"
    late = timedelta(days=1)
    assert told(at + late, cause="extension") == {
        (head, f"请{words}：逾期 1 天"),
        (bureau, f"请督促{words}：逾期 1 天"),
    }
    operations.submit_feedback(rectifying, by=enterprise_user, at=noon, content="好了", photos=[photo(enterprise_user)])
    at = noon + (rectifying.review_due_on - noon.date()) + timedelta(days=3)
    reviewers = {(one, "请复查：逾期 3 天") for one in (deputy, manager)}
    assert told(at, cause="review") == {*reviewers, (head, "请督促复查：逾期 3 天")}


def test_over_an_issuer_whom_nobody_is_named_over_is_the_office_above_that_body(
    rectifying, enterprise_user, staff, safety_office, noon
):
    head = UserFactory(role="manager", unit=UnitFactory(code="411402-YJ"))
    Hazard.objects.update(competent_unit=head.unit, issued_by_unit=head.unit)
    rectifying.refresh_from_db()
    until = rectifying.deadline + timedelta(days=5)
    operations.request_extension(rectifying, by=enterprise_user, at=noon, until=until, reason="等货", protection="停用")
    at = noon + (rectifying.extension_due_on - noon.date()) + timedelta(days=1)
    words = "批复延期申请：逾期 1 天"
    assert told(at, cause="extension") == {(head, f"请{words}"), (safety_office, f"请督促{words}")}, "the city's"


def test_whoever_filed_the_feedback_is_not_asked_to_review_it(
    rectifying, manager, inspector, colleague, chief, photo, noon
):
    Hazard.objects.update(registered_by=manager, territorial_holder=manager)
    rectifying.refresh_from_db()
    operations.submit_feedback(rectifying, by=manager, at=noon, content="好了", photos=[photo(manager)])
    at = noon + (rectifying.review_due_on - noon.date())
    assert told(at, cause="review") == {(inspector, "请复查：今天到期")}, "the next of both bodies"
    operations.chase(rectifying, by=manager, at=at, words="请复查")
    assert rectifying.events.last().changes["送达"] == "、".join(
        map(str, sorted((inspector, chief), key=lambda one: one.pk))
    )
    User.objects.filter(pk__in=[inspector.pk, colleague.pk]).update(is_active=False, state="stopped")
    assert told(at + timedelta(days=1), cause="review") == {(chief, "请复查：逾期 1 天")}


@given(st.sampled_from(["general", "major"]), st.integers(0, 30), st.integers(0, 30), st.integers(-1, 1))
@hypothesis.settings(max_examples=15)
def test_a_review_is_late_in_figures_on_the_day_on_which_it_is_in_the_row(level, review, accept, days):
    with override_settings(REVIEW_DAYS=review, ACCEPTANCE_DAYS=accept), transaction.atomic():
        row = HazardFactory(pending=True, level=level, feedback_on=TODAY)
        today = TODAY + timedelta(days=(accept if level == "major" else review) + days)
        assert Hazard.objects.filter(late_to_judge(today)).exists() == (review_due(row) < today) == (days > 0)
        transaction.set_rollback(True)


def test_a_report_of_a_major_hazard_is_asked_for_every_day(major, inspector, manager, chief, noon):
    owed = noon + (major.report_owed_on - noon.date())
    assert told(owed, cause="report") == {(inspector, "请报告重大隐患：今天到期")}
    assert told(owed + timedelta(days=1), cause="report") == {
        (inspector, "请报告重大隐患：逾期 1 天"),
        (manager, "请督促报告重大隐患：逾期 1 天"),
        (chief, "请督促报告重大隐患：逾期 1 天"),
    }
    assert told(owed + timedelta(days=2), cause="report") == {(inspector, "请报告重大隐患：逾期 2 天")}
    at = owed + timedelta(days=3)
    operations.report_major(major, by=inspector, at=at, cause="一", harm="二", treatment="三")
    assert told(at, cause="report") == set()


def groups(client, user):
    client.force_login(user)
    return {one["label"]: one["count"] for one in client.get(reverse("hazards:desk")).context["todos"]["groups"]}


def test_a_report_that_is_late_stands_on_the_desks_of_those_over_the_registrar(
    client, inspector, enterprise, safety_office, bodies
):
    today, unit = timezone.localdate(), bodies["supervising"].unit
    days = {"report_owed_on": today, "issue_due_on": today}
    row = HazardFactory(enterprise=enterprise, level="major", registered_by=inspector, supervising_unit=unit, **days)
    assert "重大隐患逾期未报告" not in groups(client, safety_office)
    Hazard.objects.filter(pk=row.pk).update(report_owed_on=today - timedelta(days=1))
    assert groups(client, safety_office)["重大隐患逾期未报告"] == 1
    assert groups(client, bodies["supervising"]) == {"待下达整改": 1}, (
        "it is theirs to issue, and says that the report is late"
    )
    assert groups(client, inspector) == {"待报告重大隐患": 1}, "it is theirs to make"
    day = today - timedelta(days=5)
    Hazard.objects.filter(pk=row.pk).update(
        state="rectifying", issued_on=day, deadline=day, original_deadline=day, plan_approved_on=day
    )
    client.force_login(safety_office)
    [overdue] = client.get(reverse("hazards:desk")).context["todos"]["groups"]
    assert "重大隐患报告逾期 1 天未报" in overdue["todos"][0]["facts"], "it is said where the row is more urgent"


def test_a_late_report_of_an_ordered_row_stands_with_managers_over_the_registrar_and_no_others(
    client, inspector, enterprise, safety_office
):
    today = timezone.localdate()
    row = {"rectifying": True, "level": "major", "plan_approved_on": today, "report_owed_on": today - timedelta(days=1)}
    HazardFactory(enterprise=enterprise, registered_by=inspector, deadline=today + timedelta(days=9), **row)
    beside, over = (UserFactory(role="manager", unit=UnitFactory(code=code)) for code in ("4114", "411402"))
    inspector.unit.parent = over.unit
    inspector.unit.save()
    for person, has in ((beside, False), (over, True), (safety_office, True)):
        assert ("重大隐患逾期未报告" in groups(client, person)) == has, person.unit


def test_an_order_that_is_late_is_red_on_desk_page_and_list(client, registered, manager, safety_office, noon):
    today = timezone.localdate()
    Hazard.objects.update(issue_due_on=today - timedelta(days=2))
    client.force_login(manager)
    desk = client.get(reverse("hazards:desk"))
    todo = desk.context["todos"]["groups"][0]["todos"][0]
    assert (todo["deadline"], todo["act"]) == (today - timedelta(days=2), "下达整改")
    assert {one["label"]: one["note"] for one in desk.context["figures"]}["待下达整改"] == "逾期未下达 1 条"
    assert groups(client, safety_office)["逾期未下达"] == 1
    page, ledger = client.get(registered.get_absolute_url()), client.get("/hazards/?view=open")
    assert all("逾期 2 天未下达" in answer.content.decode() for answer in (page, ledger))
    assert "is-overdue" in ledger.content.decode()
    Hazard.objects.update(issue_due_on=today + timedelta(days=3))
    page, ledger = client.get(registered.get_absolute_url()), client.get("/hazards/?view=open")
    assert all(f"{today + timedelta(days=3):%m-%d} 前下达" in answer.content.decode() for answer in (page, ledger))


def test_a_row_taken_over_from_another_ledger_is_to_be_issued_too(enterprise, manager, noon):
    facts = {"enterprise": enterprise, "description": "通道堵塞", "found_on": TODAY}
    rows = [facts | {"state": "registered", "import_key": "registered"}]
    days = {"issued_on": TODAY, "deadline": TODAY, "original_deadline": TODAY}
    rows.append(facts | days | {"state": "rectifying", "level": "major", "import_key": "major"})
    operations.adopt(rows, by=manager, at=NOON, source="台账.xlsx")
    assert Hazard.objects.get(state="registered").issue_due_on.isoformat() == "2026-11-25"
    assert Hazard.objects.get(state="rectifying").plan_due_on == TODAY + timedelta(days=10)


def test_every_cause_is_swept_in_a_bounded_number_of_statements(manager, enterprise):
    def queries(times):
        for _ in range(times):
            for cause in ("issue", "plan", "progress", "report"):
                row = HazardFactory(enterprise=enterprise, level="major", territorial_holder=manager)
                Reminder.objects.create(hazard=row, cause=cause, level="major", deadline=TODAY, next_on=TODAY)
        with CaptureQueriesContext(connection) as captured:
            assert send_reminders(at=NOON)
        return len(captured)

    assert queries(1) == queries(5)


def test_a_reminder_of_what_was_done_over_the_weekend_is_not_mailed(registered, manager, chief, noon):
    saturday = noon + timedelta(days=1)
    assert told(saturday) == {(manager, "请下达整改：逾期 1 天")}
    waiting = Notification.objects.filter(key__startswith="hazard:", next_try_at__isnull=False)
    assert waiting.count() == 1
    operations.comment(registered, by=manager, at=saturday, text="周一下达")
    assert waiting.count() == 1, "it is owed still"
    operations.issue(registered, by=manager, at=saturday, days=7)
    assert waiting.count() == 0
    assert Notification.objects.filter(recipient=manager, key__contains=":issue:").count() == 1
