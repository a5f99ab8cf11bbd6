"""延期: who asks, up to when and how often, who decides, and what becomes of a request that feedback overtakes."""

from datetime import date, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from hazards import operations
from hazards.models import Hazard
from hazards.views.detail import cause_of
from journal import acts
from journal.audit import breaks
from journal.outbox import publish
from journal.refusal import Conflict, NotPermitted, Refused
from notifications.models import Notification
from tests import stages
from tests.at_once import at_once, races
from tests.factories import UnitFactory, UserFactory

pytestmark = pytest.mark.django_db
WORDS = {"reason": "配件下周到货", "protection": "停用该设备，专人看守"}


def ask(hazard, by, at, days=10):
    hazard.refresh_from_db()
    until = hazard.deadline + timedelta(days=days)
    return operations.request_extension(hazard, by=by, at=at, until=until, **WORDS)


def told():
    found = {}
    for one in Notification.objects.all():
        found.setdefault(one.title.partition(" · ")[0], set()).add(one.recipient)
    Notification.objects.all().delete()
    return found


def at_day(day, hour=10):
    return timezone.make_aware(datetime(day.year, day.month, day.day, hour))


def test_a_request_is_granted_and_both_deadlines_stay(rectifying, enterprise_user, manager, noon, today):
    first = rectifying.deadline
    ask(rectifying, enterprise_user, noon)
    assert (rectifying.deadline, rectifying.extensions) == (first, 0), "the deadline in force runs on"
    assert rectifying.extension_due_on == date(2026, 11, 27), "five working days"
    operations.decide_extension(rectifying, by=manager, at=noon, granted=True, opinion="情况属实")
    rectifying.refresh_from_db()
    assert (rectifying.original_deadline, rectifying.deadline) == (first, first + timedelta(days=10))
    assert (rectifying.extensions, rectifying.extension_due_on, rectifying.extension_asked_by) == (1, None, None)
    assert rectifying.reminders.get(cause="rectify").deadline == rectifying.deadline
    asked = rectifying.extension_requests.get()
    assert (asked.deadline, asked.until, asked.decision.granted) == (first, rectifying.deadline, True)
    assert rectifying.events.last().changes == {"整改期限": f"{first} → {rectifying.deadline}"}
    assert list(breaks([Hazard])) == []


def test_a_request_is_refused_and_nothing_moves(rectifying, enterprise_user, manager, noon):
    first = rectifying.deadline
    ask(rectifying, enterprise_user, noon)
    operations.decide_extension(rectifying, by=manager, at=noon, granted=False, opinion="可以按期完成")
    rectifying.refresh_from_db()
    assert (rectifying.deadline, rectifying.extensions, rectifying.extension_due_on) == (first, 0, None)
    ask(rectifying, enterprise_user, noon)  # a better reason may be tried again
    assert list(breaks([Hazard])) == []


def test_one_request_waits_at_a_time(rectifying, enterprise_user, manager, noon):
    ask(rectifying, enterprise_user, noon)
    with pytest.raises(Conflict, match="已有延期申请等待批复"):
        ask(rectifying, manager, noon)
    assert "request_extension" not in {act.name for act in acts.open_to(manager, rectifying)}


def test_it_is_asked_for_a_working_day_before_the_deadline(registered, enterprise_user, manager, noon):
    """2026-11-30 is a Monday: the working day before it is the Friday, and not the Sunday."""
    operations.issue(registered, by=manager, at=noon, deadline=date(2026, 11, 30))
    for late in (date(2026, 11, 28), date(2026, 11, 29), date(2026, 11, 30), date(2026, 12, 3)):
        with pytest.raises(Refused, match="前至少 1 个工作日申请"):
            ask(registered, enterprise_user, at_day(late))
    ask(registered, enterprise_user, at_day(date(2026, 11, 27), 23))


def test_it_is_longer_than_now_and_within_ninety_days_of_the_first_deadline(rectifying, enterprise_user, manager, noon):
    for days, words in ((0, "须晚于"), (-1, "须晚于"), (91, "后 90 天")):
        with pytest.raises(Refused, match=words):
            ask(rectifying, enterprise_user, noon, days=days)
    ask(rectifying, enterprise_user, noon, days=40)
    operations.decide_extension(rectifying, by=manager, at=noon, granted=True, opinion="同意")
    with pytest.raises(Refused, match="后 90 天"):
        ask(rectifying, enterprise_user, noon, days=51)
    ask(rectifying, enterprise_user, noon, days=50)


def test_it_is_extended_twice_at_most(rectifying, enterprise_user, manager, noon, settings):
    for _ in range(2):
        ask(rectifying, enterprise_user, noon, days=5)
        operations.decide_extension(rectifying, by=manager, at=noon, granted=True, opinion="同意")
    with pytest.raises(Conflict, match="次数已满"):
        ask(rectifying, enterprise_user, noon, days=5)
    settings.EXTENSIONS_AT_MOST = 3
    ask(rectifying, enterprise_user, noon, days=5)


def test_who_asked_does_not_decide_and_the_office_steps_in(rectifying, manager, safety_office, client, noon):
    """The township's manager issued the order and asks in the firm's stead; nobody else there may decide."""
    ask(rectifying, manager, noon)
    with pytest.raises(NotPermitted, match="申请人不能批复自己的申请"):
        operations.decide_extension(rectifying, by=manager, at=noon, granted=True, opinion="同意")
    waits = acts.named(Hazard, "decide_extension").waits_for
    assert Hazard.objects.filter(waits(safety_office)).exists() and not Hazard.objects.filter(waits(manager)).exists()
    deputy = UserFactory(role="manager", unit=manager.unit)
    assert not Hazard.objects.filter(waits(safety_office)).exists() and Hazard.objects.filter(waits(deputy)).exists()
    operations.decide_extension(rectifying, by=deputy, at=noon, granted=True, opinion="同意")


def test_another_units_manager_does_not_decide(rectifying, enterprise_user, noon):
    ask(rectifying, enterprise_user, noon)
    department = UserFactory(role="manager", unit=UnitFactory(code="411402-YJ"))
    Hazard.objects.update(competent_unit=department.unit)
    with pytest.raises(NotPermitted, match="由下达整改的单位负责人批复"):
        operations.decide_extension(rectifying, by=department, at=noon, granted=True, opinion="同意")


def test_the_office_decides_on_a_major_one(registered, enterprise_user, manager, safety_office, noon):
    Hazard.objects.update(level="major")
    registered.refresh_from_db()
    operations.issue(registered, by=manager, at=noon, days=20)
    ask(registered, enterprise_user, noon)
    with pytest.raises(NotPermitted, match="重大隐患由安委办批复"):
        operations.decide_extension(registered, by=manager, at=noon, granted=True, opinion="同意")
    operations.decide_extension(registered, by=safety_office, at=noon, granted=True, opinion="同意")


def test_the_right_people_are_told(rectifying, enterprise_user, manager, safety_office, noon):
    Hazard.objects.update(enterprise_holder=enterprise_user, territorial_holder=manager)
    publish(at=noon)
    told()
    ask(rectifying, enterprise_user, noon)
    publish(at=noon)
    assert told() == {"申请延期，请批复": {manager}}
    operations.decide_extension(rectifying, by=safety_office, at=noon, granted=True, opinion="同意")
    publish(at=noon)
    assert told() == {f"批准延期，请于 {rectifying.deadline} 前完成整改并反馈": {enterprise_user, manager}}
    ask(rectifying, manager, noon)
    publish(at=noon)
    assert told() == {"申请延期，请批复": {safety_office}}
    operations.decide_extension(rectifying, by=safety_office, at=noon, granted=False, opinion="抓紧")
    publish(at=noon)
    assert told() == {f"不同意延期，请于 {rectifying.deadline} 前完成整改并反馈": {enterprise_user, manager}}


def test_feedback_lets_a_request_lapse_and_says_so(rectifying, enterprise_user, manager, noon, photo, client):
    ask(rectifying, enterprise_user, noon)
    operations.submit_feedback(
        rectifying, by=enterprise_user, at=noon, content="已整改", photos=[photo(enterprise_user)]
    )
    assert rectifying.events.last().changes["延期申请"] == "未批复，因提交反馈失效"
    rectifying.refresh_from_db()
    assert (rectifying.extension_due_on, rectifying.extension_asked_by) == (None, None)
    with pytest.raises(Conflict):
        operations.decide_extension(rectifying, by=manager, at=noon, granted=True, opinion="同意")
    client.force_login(manager)
    assert "已失效，没有批复" in client.get(rectifying.get_absolute_url()).content.decode()
    operations.review(rectifying, by=manager, at=noon, passed=False, opinion="未隔开")
    with pytest.raises(Conflict, match="没有等待批复的延期申请"):
        operations.decide_extension(rectifying, by=manager, at=noon, granted=True, opinion="同意")
    ask(rectifying, enterprise_user, noon)
    operations.decide_extension(rectifying, by=manager, at=noon, granted=True, opinion="同意")
    first, second = rectifying.extension_requests.all()
    assert not hasattr(first, "decision") and second.decision.granted
    assert list(breaks([Hazard])) == []


def test_a_request_overtaken_by_time_or_a_new_deadline_can_only_be_refused(rectifying, enterprise_user, manager, noon):
    ask(rectifying, enterprise_user, noon, days=2)
    with pytest.raises(Refused, match="已经过去"):
        operations.decide_extension(rectifying, by=manager, at=noon + timedelta(days=30), granted=True, opinion="同意")
    operations.decide_extension(rectifying, by=manager, at=noon + timedelta(days=30), granted=False, opinion="已过期")


def test_an_overdue_decision_is_red_on_the_deciders_desk(client, manager, enterprise_user, registered, noon):
    at = timezone.now() - timedelta(days=14)
    operations.issue(registered, by=manager, at=at, days=60)
    ask(registered, enterprise_user, at)
    client.force_login(manager)
    groups = client.get(reverse("hazards:desk")).context["todos"]["groups"]
    group = next(group for group in groups if group["label"] == "延期待批复")
    [todo] = group["todos"]
    assert (todo["act"], todo["deadline"]) == ("批复延期", registered.extension_due_on)
    assert registered.extension_due_on < timezone.localdate() and "申请延期" in " · ".join(todo["facts"])
    page = client.get(reverse("hazards:desk")).content.decode()
    assert f"逾期 {(timezone.localdate() - registered.extension_due_on).days} 天" in page


def test_pages_show_request_decision_and_original_deadline(client):
    people = stages.cast()
    row = stages.hazard(people, "rectifying+asked")
    client.force_login(people["manager"])
    page = client.get(row.get_absolute_url())
    assert page.context["next"]["act"] == "批复延期" and "临时管控措施：停用该通道" in page.content.decode()
    act = reverse("hazards:act", args=[row.pk, "decide_extension"])
    assert "配件到货晚" in client.get(act).content.decode()
    sent = {"granted": "grant", "opinion": "情况属实", "version": row.version}
    answer = client.post(act, sent, follow=True).content.decode()
    row.refresh_from_db()
    assert "批准延期，新的整改期限" in answer and "批复：批准延期" in answer
    assert "延期次数" in answer and f"原定 {row.original_deadline}" in answer.replace("&nbsp;", " ")


def test_the_api_asks_and_decides(rectifying, enterprise_user, manager):
    Hazard.objects.update(deadline=timezone.localdate() + timedelta(days=9), original_deadline=timezone.localdate())
    api = APIClient()
    api.force_authenticate(enterprise_user)
    sent = {"until": str(timezone.localdate() + timedelta(days=20)), **WORDS}
    answer = api.post(reverse("api-hazard-request-extension", args=[rectifying.pk]), sent)
    assert answer.status_code == 200 and answer.json()["extension_requests"][0]["granted"] is None
    api.force_authenticate(manager)
    answer = api.post(
        reverse("api-hazard-decide-extension", args=[rectifying.pk]), {"granted": True, "opinion": "同意"}
    )
    assert (answer.json()["extensions"], answer.json()["extension_requests"][0]["granted"]) == (1, True)
    assert answer.json()["deadline"] == sent["until"]


def test_who_read_the_row_before_another_decided_is_told_so(rectifying, enterprise_user, manager, noon):
    ask(rectifying, enterprise_user, noon)
    late = Hazard.objects.get(pk=rectifying.pk)
    operations.decide_extension(rectifying, by=manager, at=noon, granted=False, opinion="不同意")
    deputy = UserFactory(role="manager", unit=manager.unit)
    with pytest.raises(Conflict, match="这次延期申请刚刚已经办理"):
        operations.decide_extension(late, by=deputy, at=noon, granted=True, opinion="同意")


@races
@pytest.mark.parametrize("rival", ["another decider", "feedback"])
def test_of_two_at_once_one_happens_and_the_row_tells_which(rectifying, enterprise_user, manager, noon, photo, rival):
    ask(rectifying, enterprise_user, noon)
    deputy, first = UserFactory(role="manager", unit=manager.unit), rectifying.deadline
    photos = [photo(enterprise_user)]
    one, other = (Hazard.objects.get(pk=rectifying.pk) for _ in range(2))

    def decide():
        operations.decide_extension(one, by=manager, at=noon, granted=True, opinion="同意")

    def interfere():
        if rival == "feedback":
            operations.submit_feedback(other, by=enterprise_user, at=noon, content="已整改", photos=photos)
        else:
            operations.decide_extension(other, by=deputy, at=noon, granted=False, opinion="不同意")

    said = at_once(decide, interfere)
    assert sorted(said, key=str) == sorted([Conflict, "done"], key=str)
    row = Hazard.objects.get(pk=rectifying.pk)
    asked, granted = row.extension_requests.get(), said[0] == "done"
    assert (row.deadline == asked.until, row.deadline == first) == (granted, not granted)
    assert (row.extensions, row.extension_due_on) == (int(granted), None)
    assert hasattr(asked, "decision") is (granted or rival == "another decider")
    assert row.state == ("pending_review" if said[1] == "done" and rival == "feedback" else "rectifying")
    assert list(breaks([Hazard])) == []


def test_the_bar_names_a_reset_also_when_time_was_given_after_it(rectifying, enterprise_user, manager, noon, photo):
    ask(rectifying, enterprise_user, noon)
    operations.decide_extension(rectifying, by=manager, at=noon, granted=True, opinion="同意")
    assert cause_of(rectifying) == ""
    later = noon + timedelta(days=1)
    operations.submit_feedback(
        rectifying, by=enterprise_user, at=later, content="好了", photos=[photo(enterprise_user)]
    )
    until = rectifying.deadline + timedelta(days=9)
    operations.review(rectifying, by=manager, at=later, passed=False, opinion="未隔开", deadline=until)
    assert cause_of(rectifying) == "退回重定期限、延期"


def test_a_new_order_may_be_extended_anew_by_who_gave_it(
    pending, inspector, enterprise_user, safety_office, noon, photo
):
    Hazard.objects.update(extensions=2)
    pending.refresh_from_db()
    operations.review(pending, by=inspector, at=noon, passed=True, opinion="合格")
    operations.reopen(pending, by=safety_office, at=noon, reason="又堆上了", photos=[photo(safety_office)], days=20)
    assert (pending.extensions, pending.issued_by_unit) == (0, safety_office.unit)
    ask(pending, enterprise_user, noon)
