import re
import threading
from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import close_old_connections, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from hazards import operations
from hazards.models import Hazard, Reminder
from hazards.operations import reminders, send_reminders
from inspections.operations import part_member
from journal import acts
from notifications.models import Notification
from tests import stages
from tests.factories import NOON, TODAY, HazardFactory, UnitFactory, UserFactory

pytestmark = pytest.mark.django_db


def due_hazard(days_after=0, today=TODAY, **fields):
    """A rectifying hazard ``days_after`` its deadline on ``today``, to be looked at today."""
    deadline = today - timedelta(days=days_after)
    fields = {"deadline": deadline, "original_deadline": deadline, "next_reminder_on": today} | fields
    return HazardFactory(rectifying=True, **fields)


def inbox(person):
    return list(person.notifications.order_by("pk").values_list("title", flat=True))


@pytest.fixture
def chief(safety_office, manager):
    """Who stands above the township's manager."""
    manager.superior = safety_office
    manager.save()
    return safety_office


def test_the_firm_is_reminded_and_the_hazard_moves_to_its_next_day(enterprise, enterprise_user, manager):
    hazard = due_hazard(-3, enterprise=enterprise, enterprise_holder=enterprise_user, territorial_holder=manager)

    assert send_reminders(at=NOON) == 1

    [message] = Notification.objects.all()
    assert message.recipient == enterprise_user
    assert message.title == f"整改期限提醒：剩 3 天 · {hazard.number} · {hazard.description[:30]}"
    assert message.key == f"hazard:{hazard.pk}:2026-11-23:T-3"
    assert message.url == hazard.get_absolute_url()
    assert message.created_at == NOON
    assert Reminder.objects.get().next_on == date(2026, 11, 22)


def test_a_second_sweep_the_same_day_sends_nothing(manager):
    due_hazard(territorial_holder=manager)

    assert [send_reminders(at=NOON) for _ in range(3)] == [1, 0, 0]
    assert Hazard.objects.get().version == 0, "a reminder is no act on the hazard"


def test_a_late_sweep_sends_only_the_step_that_stands_today(manager, chief):
    due_hazard(4, territorial_holder=manager, next_reminder_on=TODAY - timedelta(days=9))

    send_reminders(at=NOON)

    assert [title.partition(" · ")[0] for title in inbox(manager)] == ["逾期 4 天"]
    assert [title.partition(" · ")[0] for title in inbox(chief)] == ["请督促整改：逾期 4 天"]


def test_the_words_tell_the_day_and_not_the_step(manager):
    due_hazard(-2, territorial_holder=manager)

    send_reminders(at=NOON)

    assert inbox(manager)[0].startswith("整改期限提醒：剩 2 天")
    assert manager.notifications.get().key.endswith(":T-3")


def test_manager_of_a_firm_is_the_township_and_of_a_township_the_one_above(enterprise, enterprise_user, manager, chief):
    due_hazard(3, enterprise=enterprise, enterprise_holder=enterprise_user, territorial_holder=manager)
    send_reminders(at=NOON)
    assert (len(inbox(enterprise_user)), len(inbox(manager)), len(inbox(chief))) == (1, 1, 0)

    due_hazard(3, territorial_holder=manager)
    send_reminders(at=NOON)
    assert (len(inbox(enterprise_user)), len(inbox(manager)), len(inbox(chief))) == (1, 2, 1)


def test_leaders_of_county_and_city_hear_of_overdue_major_hazards_only(manager, leader):
    county = UserFactory(role="leader", unit=UnitFactory(code="411402"))
    elsewhere = UserFactory(role="leader", unit=UnitFactory(code="411403"))
    gone = UserFactory(role="leader", unit=leader.unit, is_active=False)
    due_hazard(1, territorial_holder=manager)
    hazard = due_hazard(1, level="major", territorial_holder=manager)

    send_reminders(at=NOON)

    assert inbox(leader) == inbox(county) == [f"重大隐患逾期 1 天 · {hazard.number} · {hazard.description[:30]}"]
    assert inbox(elsewhere) == inbox(gone) == []


def test_nobody_inactive_is_told_and_the_township_takes_over(enterprise, enterprise_user, manager):
    enterprise_user.state, enterprise_user.is_active = "stopped", False
    enterprise_user.save()
    due_hazard(0, enterprise=enterprise, enterprise_holder=enterprise_user, territorial_holder=manager)

    send_reminders(at=NOON)

    assert (len(inbox(enterprise_user)), len(inbox(manager))) == (0, 1)


def test_who_left_the_firm_is_not_told_and_the_township_takes_over(enterprise, enterprise_user, manager):
    due_hazard(0, enterprise=enterprise, enterprise_holder=enterprise_user, territorial_holder=manager)
    part_member(enterprise, by=manager, at=NOON, username=enterprise_user.username)

    send_reminders(at=NOON)

    assert (len(inbox(enterprise_user)), len(inbox(manager))) == (0, 1)


@pytest.mark.parametrize(
    "change", [{"state": "stopped", "is_active": False}, {"unit": "411403001"}, {"role": "auditor"}]
)
def test_who_left_the_township_is_not_told_and_the_first_of_its_managers_takes_over(
    enterprise, inspector, manager, chief, change
):
    first = UserFactory(unit=manager.unit, superior=chief)
    second = UserFactory(unit=manager.unit)
    due_hazard(3, enterprise=enterprise, territorial_holder=manager, registered_by=inspector)
    if "unit" in change:
        change = {"unit": UnitFactory(code=change["unit"])}
    User.objects.filter(pk=manager.pk).update(**change)

    send_reminders(at=NOON)

    assert [len(inbox(person)) for person in (manager, first, second, chief)] == [0, 1, 0, 1]


def test_leaders_and_superiors_who_do_not_read_the_row_are_not_told(manager):
    elsewhere = UserFactory(role="safety_office", unit=UnitFactory(code="411403-AWB"))
    culture = UserFactory(role="leader", unit=UnitFactory(code="411402-WL"))
    manager.superior = elsewhere
    manager.save()
    hazard = due_hazard(1, level="major", territorial_holder=manager)
    assert not Hazard.objects.visible_to(culture).exists()

    send_reminders(at=NOON)
    assert inbox(elsewhere) == inbox(culture) == []

    User.objects.filter(pk=manager.pk).update(superior=culture)
    Hazard.objects.update(competent_unit=culture.unit)
    Reminder.objects.update(next_on=TODAY)
    send_reminders(at=NOON)
    assert inbox(culture) == [f"请督促整改：逾期 1 天 · {hazard.number} · {hazard.description[:30]}"]


def test_the_superior_nobody_named_is_the_office_above(manager, leader):
    """Never the county's leader, who hears of major ones alone."""
    UserFactory(role="leader", unit=UnitFactory(code="411402"))
    office = UserFactory(role="safety_office", unit=UnitFactory(code="4114-AWB"))
    hazard = due_hazard(3, territorial_holder=manager)

    send_reminders(at=NOON)

    assert inbox(office) == [f"请督促整改：逾期 3 天 · {hazard.number} · {hazard.description[:30]}"]
    assert Notification.objects.count() == 2


def test_a_look_ahead_leaves_the_real_days_their_reminders(manager):
    due_hazard(-10, territorial_holder=manager)

    assert send_reminders(at=NOON, today=TODAY + timedelta(days=30)) == 1
    assert send_reminders(at=NOON, today=TODAY + timedelta(days=30)) == 0

    assert Reminder.objects.get().next_on == TODAY + timedelta(days=7)
    assert send_reminders(at=NOON + timedelta(days=7)) == 1
    assert inbox(manager)[-1].startswith("整改期限提醒：剩 3 天")


def test_a_hazard_without_people_moves_on_too(stranger):
    due_hazard(0, registered_by=stranger)

    assert send_reminders(at=NOON) == 0

    assert Reminder.objects.get().next_on > TODAY


@pytest.mark.parametrize(("days", "said"), [(0, "今天到期"), (1, "剩 1 天"), (2, "剩 2 天"), (3, "剩 3 天"), (4, None)])
def test_an_order_with_a_near_deadline_is_reminded_of_on_its_own_day(registered, manager, noon, days, said):
    Hazard.objects.update(territorial_holder=manager)
    registered.refresh_from_db()
    operations.issue(registered, by=manager, at=noon, days=days)
    assert Reminder.objects.get().next_on == TODAY + timedelta(days=days > 3)

    assert send_reminders(at=noon) == (said is not None)
    assert [said in title for title in inbox(manager)] == [True] * (said is not None)
    assert Reminder.objects.get().next_on > TODAY


def test_a_new_deadline_starts_a_new_ladder(rectifying, manager, enterprise_user, inspector, noon, photo):
    due = rectifying.deadline
    Hazard.objects.update(enterprise_holder=enterprise_user)
    assert send_reminders(at=noon, today=due) == 1
    rectifying.refresh_from_db()
    operations.submit_feedback(
        rectifying, by=enterprise_user, at=noon, content="已隔开", photos=[photo(enterprise_user)]
    )
    assert send_reminders(at=noon, today=due) == 0, "what is under review is nobody's reminder"
    later = due + timedelta(days=10)
    operations.review(rectifying, by=manager, at=noon, passed=False, opinion="未通", deadline=later)

    assert send_reminders(at=noon, today=later) == 1

    keys = Notification.objects.order_by("pk").values_list("key", flat=True)
    assert list(keys) == [f"hazard:{rectifying.pk}:{day}:T0" for day in (due, later)]


def test_every_step_comes_once_over_a_month_with_the_clock_going_back_and_forth(manager):
    due_hazard(-10, territorial_holder=manager, next_reminder_on=TODAY)
    for days in [*range(12), *range(5, 20), 3, *range(18, 30)]:
        send_reminders(at=NOON + timedelta(days=days))

    offsets = [key.rpartition(":")[2] for key in manager.notifications.order_by("pk").values_list("key", flat=True)]
    assert offsets == ["T-3", "T-1", "T0", "T+1", "T+3", "T+6", "T+9", "T+12", "T+15", "T+18"]


def test_a_sweep_killed_midway_is_made_good_by_the_next(manager, monkeypatch):
    monkeypatch.setattr(reminders, "PLAN_ROWS", 2)
    for days_after in range(5):
        due_hazard(days_after, territorial_holder=manager)
    send, calls = reminders._send, []

    def killed(cause, pairs, **rest):
        calls.append(pairs)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return send(cause, pairs, **rest)

    monkeypatch.setattr(reminders, "_send", killed)
    with pytest.raises(KeyboardInterrupt):
        send_reminders(at=NOON)
    assert Notification.objects.count() == 2

    assert send_reminders(at=NOON) == 3
    assert Notification.objects.count() == 5


def test_line_breaks_in_a_description_do_not_reach_the_title(manager):
    due_hazard(0, territorial_holder=manager, description="第一行\n第二行")

    send_reminders(at=NOON)

    assert inbox(manager)[0].endswith("第一行 第二行")


def test_the_number_of_queries_does_not_grow_with_the_hazards(manager):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            send_reminders(at=NOON)
        return len(captured)

    due_hazard(2, territorial_holder=manager)
    few = queries()
    for days_after in range(-3, 12):
        due_hazard(days_after, territorial_holder=manager)
        due_hazard(days_after, level="major", territorial_holder=manager)
    assert queries() == few
    with CaptureQueriesContext(connection) as idle:
        assert send_reminders(at=NOON) == 0
    assert len(idle) == 1


def test_a_sweep_reads_the_ledger_and_writes_nothing_of_it(manager):
    due_hazard(2, territorial_holder=manager)
    with CaptureQueriesContext(connection) as captured:
        assert send_reminders(at=NOON) == 1
    assert [query["sql"] for query in captured if re.search(r"UPDATE\s+\W?hazards_hazard", query["sql"])] == []
    with CaptureQueriesContext(connection) as idle:
        send_reminders(at=NOON)
    assert set(re.findall(r"hazards_\w+", " ".join(query["sql"] for query in idle))) == {"hazards_reminder"}


def waiting():
    """What the side table says: ``{(hazard id, cause, level, day)}``."""
    rows = Reminder.objects.exclude(next_on=None)
    return set(rows.values_list("hazard_id", "cause", "level", "deadline"))


def owed_rows():
    """The same from the ledger, written down independently of `hazards.causes`."""
    found = set()
    for row in Hazard.objects.all():
        days = {}
        if row.state in ("registered", "rectifying", "pending_review"):
            days["report"] = row.report_owed_on
        if row.state == "registered":
            days["issue"] = row.issue_due_on
        if row.state == "rectifying":
            days |= {"rectify": row.deadline, "extension": row.extension_due_on}
            days |= {"plan": row.plan_due_on, "progress": row.progress_due_on}
        if row.state == "pending_review":
            name = "accept" if row.level == "major" else "review"
            days[name] = row.feedback_on and row.feedback_on + timedelta(days=10)
        found |= {(row.pk, cause, row.level, day) for cause, day in days.items() if day}
    return found


@pytest.mark.parametrize("stage", stages.STAGES)
def test_what_is_owed_and_nothing_else_waits_for_a_reminder(stage):
    people = stages.cast()
    row = stages.hazard(people, stage)
    assert waiting() == owed_rows()
    assert bool(waiting()) == stage.startswith(("registered", "rectifying", "pending"))

    for name in filter(lambda name: stage in stages.stages_of(name), stages.with_a_page()):
        act = acts.named(Hazard, name)
        actors = (one for one in people.values() if isinstance(one, User) and act.refusal(one, row) is None)
        if (by := next(actors, None)) is None:
            continue  # nobody closes a major one on the spot
        with transaction.atomic():
            act.do(Hazard.objects.get(), stages.told(name, by), by=by, at=timezone.now())
            assert waiting() == owed_rows(), name
            transaction.set_rollback(True)


def test_who_holds_a_hazard_since_is_looked_for_again(rectifying, manager, noon):
    """A row derived twice is one row, at the step that stands."""
    send_reminders(at=noon + timedelta(days=7))
    assert Reminder.objects.get().next_on > rectifying.deadline
    event = rectifying.events.last()
    event.at = noon + timedelta(days=30)
    Hazard.derive([(rectifying, event)] * 2)
    assert Reminder.objects.get().next_on == event.at.date()


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one writer in at a time anyway")
def test_two_sweeps_at_once_send_each_reminder_once(manager):
    for days_after in range(12):
        due_hazard(days_after, territorial_holder=manager)
    written, start = [], threading.Barrier(4)

    def sweep():
        start.wait()
        try:
            written.append(send_reminders(at=NOON))
        finally:
            connection.close()

    sweeps = [threading.Thread(target=sweep) for _ in range(4)]
    for thread in sweeps:
        thread.start()
    for thread in sweeps:
        thread.join()
    close_old_connections()
    assert sum(written) == Notification.objects.count() == 12
    assert len(written) == 4


def test_the_command_sweeps_for_the_day_it_is_given(manager, capsys):
    due_hazard(0, territorial_holder=manager)

    call_command("remind", today="2026-11-20")

    assert capsys.readouterr().out == "写入提醒 1 条\n"


@pytest.mark.parametrize("text", ["2026-13-01", "明天", "", "1800-01-01", "9999-12-31", "\ud800"])
def test_the_command_says_what_is_wrong_with_a_date(text, db):
    with pytest.raises(CommandError, match="日期"):
        call_command("remind", today=text)
