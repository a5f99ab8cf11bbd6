from datetime import date, timedelta

import pytest

from hazards import operations
from hazards.lifecycle import State
from hazards.models import Hazard, HazardEvent, Reminder
from journal.acts import named
from journal.refusal import Conflict, NotPermitted, Refused
from journal.series import Series
from workdays.operations import publish_year
from workdays.rules import ExceptionDay

pytestmark = pytest.mark.django_db


def test_hazard_lives_from_inspection_to_close_out(manager, enterprise_user, registered, inspector, noon, photo):
    hazard = registered
    assert hazard.number == "YH-4114-2026-000001"
    assert hazard.territorial_holder == manager and hazard.enterprise_holder == enterprise_user
    operations.issue(hazard, by=manager, at=noon, working_days=5)
    assert hazard.deadline == date(2026, 11, 27)
    operations.submit_feedback(hazard, by=enterprise_user, at=noon, content="已隔开", photos=[photo(enterprise_user)])
    operations.review(hazard, by=inspector, at=noon, passed=False, opinion="联动未接通")
    assert hazard.state == State.RECTIFYING
    operations.submit_feedback(hazard, by=enterprise_user, at=noon, content="已接通", photos=[photo(enterprise_user)])
    operations.review(hazard, by=inspector, at=noon, passed=True, opinion="符合要求")

    hazard.refresh_from_db()
    assert hazard.state == State.CLOSED
    assert (hazard.rectified_on, hazard.reviewed_on, hazard.closed_on) == (noon.date(),) * 3
    assert (hazard.reviewer_name, hazard.review_result) == ("袁立新", "符合要求")
    assert not Reminder.objects.exists()
    assert [event.kind for event in hazard.events.all()] == [
        "draft",
        "register",
        "issue",
        "submit_feedback",
        "fail_review",
        "submit_feedback",
        "pass_review",
    ]
    assert [feedback.review.passed for feedback in hazard.feedbacks.all()] == [False, True]


def test_the_person_who_filed_the_feedback_cannot_review_it(rectifying, manager, noon, photo):
    operations.submit_feedback(rectifying, by=manager, at=noon, content="代企业反馈", photos=[photo(manager)])

    with pytest.raises(NotPermitted, match="不能是提交反馈的本人"):
        operations.review(rectifying, by=manager, at=noon, passed=True, opinion="通过")

    assert Hazard.objects.get().state == State.PENDING_REVIEW


def test_second_reviewer_with_a_stale_row_gets_conflict_and_leaves_nothing(pending, inspector, colleague, noon):
    stale = Hazard.objects.get(pk=pending.pk)
    operations.review(pending, by=inspector, at=noon, passed=True, opinion="通过")
    events = HazardEvent.objects.count()

    with pytest.raises(Conflict, match="刷新"):
        operations.review(stale, by=colleague, at=noon, passed=False, opinion="不合格")

    assert HazardEvent.objects.count() == events
    assert Hazard.objects.get().state == State.CLOSED


def test_a_passed_review_takes_no_deadline(pending, inspector, noon):
    with pytest.raises(Refused, match="不需要新的期限"):
        operations.review(pending, by=inspector, at=noon, passed=True, opinion="通过", deadline=date(2026, 12, 20))

    pending.refresh_from_db()
    assert pending.state == State.PENDING_REVIEW


def test_a_page_older_than_the_row_is_refused(pending, inspector, enterprise_user, noon, photo):
    seen = pending.version
    operations.review(pending, by=inspector, at=noon, passed=False, opinion="差")
    operations.submit_feedback(pending, by=enterprise_user, at=noon, content="再改", photos=[photo(enterprise_user)])

    with pytest.raises(Conflict, match="新的办理记录"):
        named(Hazard, "review").do(pending, {"passed": True, "opinion": "通过", "version": seen}, by=inspector, at=noon)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"deadline": date(2026, 11, 19)}, "不能早于今天"),
        ({"deadline": date(9999, 12, 31)}, "十年"),
        ({}, "三种方式之一"),
        ({"days": 3, "working_days": 3}, "三种方式之一"),
        ({"days": -1}, "0 到 365"),
        ({"days": 366}, "0 到 365"),
        ({"working_days": 0}, "1 到 250"),
        ({"working_days": 251}, "1 到 250"),
        ({"working_days": 10**9}, "1 到 250"),
    ],
)
def test_issue_refuses_deadlines_that_cannot_be_meant(registered, manager, noon, given, words):
    with pytest.raises(Refused, match=words):
        operations.issue(registered, by=manager, at=noon, **given)

    registered.refresh_from_db()
    assert registered.state == State.REGISTERED


@pytest.mark.parametrize(
    ("given", "due"),
    [
        ({"deadline": date(2026, 11, 20)}, date(2026, 11, 20)),
        ({"deadline": date(2036, 11, 17)}, date(2036, 11, 17)),
        ({"days": 0}, date(2026, 11, 20)),
        ({"days": 365}, date(2027, 11, 20)),
        ({"working_days": 1}, date(2026, 11, 23)),
    ],
)
def test_a_deadline_may_be_the_day_itself_and_lies_where_it_was_meant(registered, manager, noon, given, due):
    operations.issue(registered, by=manager, at=noon, **given)

    row = Hazard.objects.get()
    assert (row.issued_on, row.deadline, row.original_deadline) == (noon.date(), due, due)
    assert [Hazard.objects.overdue(due + timedelta(days=n)).count() for n in (-1, 0, 1)] == [0, 0, 1]
    assert [row.is_overdue(due + timedelta(days=n)) for n in (-1, 0, 1)] == [False, False, True]


@pytest.mark.parametrize(("late", "is_on_time"), [(-1, True), (0, True), (1, False)])
def test_on_time_is_the_day_of_the_answer_and_not_of_the_review(
    rectifying, enterprise_user, inspector, noon, photo, late, is_on_time
):
    answered = noon + timedelta(days=(rectifying.deadline - noon.date()).days + late)
    photos = [photo(enterprise_user)]
    operations.submit_feedback(rectifying, by=enterprise_user, at=answered, content="已隔开", photos=photos)
    operations.review(rectifying, by=inspector, at=answered + timedelta(days=4), passed=True, opinion="合格")

    row = Hazard.objects.get()
    assert (row.rectified_on, row.reviewed_on) == (answered.date(), answered.date() + timedelta(days=4))
    assert (row.closed_on, Hazard.objects.on_time().exists()) == (row.reviewed_on, is_on_time)


def test_working_days_in_a_year_without_notice_are_marked_unpublished(registered, manager, noon):
    operations.issue(registered, by=manager, at=noon, working_days=60)

    assert registered.deadline_unpublished
    assert "未公布" in registered.events.last().changes["放假安排"]


def test_replacing_a_holder_needs_a_reason(registered, manager, colleague, noon):
    with pytest.raises(Refused, match="理由"):
        operations.issue(registered, by=manager, at=noon, days=3, holders={"territorial": colleague})

    operations.issue(registered, by=manager, at=noon, days=3, holders={"territorial": colleague}, reason="郑有田出差")
    assert registered.territorial_person == "贺春生"
    assert "贺春生" in registered.events.last().changes["属地责任"]


@pytest.mark.parametrize("kind", ["territorial", "competent", "enterprise"])
def test_a_holder_is_of_the_body_that_answers(registered, manager, stranger, noon, kind):
    with pytest.raises(Refused, match="该单位的在职人员"):
        operations.issue(registered, by=manager, at=noon, days=3, holders={kind: stranger}, reason="换人")


def test_fixed_on_the_spot_needs_an_after_photo_or_nothing_is_recorded(inspector, colleague, enterprise, noon):
    with pytest.raises(Refused, match="整改后照片"):
        operations.record_inspection(
            by=inspector,
            at=noon,
            kind="routine",
            enterprise=enterprise,
            inspected_on=noon.date(),
            inspectors=[inspector, colleague],
            hazards=[{"description": "灭火器被遮挡", "fixed_on_spot": True}],
        )

    assert not Hazard.objects.exists()
    assert not Series.objects.filter(last__gt=0).exists()


def test_one_inspector_is_not_enough(inspector, enterprise, noon):
    with pytest.raises(Refused, match="不得少于两人"):
        operations.record_inspection(
            by=inspector,
            at=noon,
            kind="routine",
            enterprise=enterprise,
            inspected_on=noon.date(),
            inspectors=[inspector],
            hazards=[],
        )


def test_numbers_are_gapless_when_a_registration_fails(inspector, enterprise, noon, colleague):
    def visit(**facts):
        return operations.record_inspection(
            by=inspector,
            at=noon,
            kind="routine",
            enterprise=enterprise,
            inspected_on=noon.date(),
            inspectors=[inspector, colleague],
            hazards=[{"description": "一", **facts}],
        )

    visit()
    with pytest.raises(Refused):
        visit(fixed_on_spot=True)
    _, [hazard] = visit()

    assert hazard.number == "YH-4114-2026-000002"


def test_another_persons_photo_cannot_be_used(rectifying, enterprise_user, inspector, noon, photo):
    with pytest.raises(Refused, match="不是您上传的"):
        operations.submit_feedback(rectifying, by=enterprise_user, at=noon, content="改了", photos=[photo(inspector)])

    rectifying.refresh_from_db()
    assert rectifying.state == State.RECTIFYING


def test_adopted_rows_are_numbered_and_chained(inspector, enterprise, noon):
    rows = [
        {
            "enterprise": enterprise,
            "description": f"第{n}条",
            "found_on": noon.date() - timedelta(days=n),
            "state": State.REGISTERED,
            "import_key": str(n),
        }
        for n in range(3)
    ]

    assert operations.adopt(rows, by=inspector, at=noon, source="L3.xlsx") == 3
    assert sorted(Hazard.objects.values_list("number", flat=True)) == [f"YH-4114-2026-{n:06d}" for n in (1, 2, 3)]
    for event in HazardEvent.objects.select_related("record"):
        assert event.digest == event.compute_digest() == event.record.last_digest


def test_an_adopted_row_keeps_the_number_it_brings_and_it_is_never_given_again(inspector, enterprise, noon):
    row = {
        "enterprise": enterprise,
        "description": "旧",
        "found_on": noon.date(),
        "state": State.REGISTERED,
        "import_key": "a",
    }
    operations.adopt(
        [row | {"number": "YH-4114-2026-000007"}, row | {"import_key": "b"}], by=inspector, at=noon, source="x"
    )

    assert set(Hazard.objects.values_list("number", flat=True)) == {"YH-4114-2026-000007", "YH-4114-2026-000008"}


def test_a_major_hazard_is_not_closed_on_the_spot(inspector, colleague, enterprise, noon, photo):
    with pytest.raises(NotPermitted, match="重大隐患不能当场销号"):
        operations.record_inspection(
            by=inspector,
            at=noon,
            kind="routine",
            enterprise=enterprise,
            inspected_on=noon.date(),
            inspectors=[inspector, colleague],
            hazards=[
                {
                    "description": "氨机房报警停用",
                    "level": "major",
                    "basis": "令第10号第十二条",
                    "fixed_on_spot": True,
                    "after": [photo(inspector)],
                }
            ],
        )
    assert not Hazard.objects.exists()


def test_a_date_the_reviewer_set_is_not_recounted(registered, manager, enterprise_user, inspector, noon, photo):
    operations.issue(registered, by=manager, at=noon, working_days=60)
    assert registered.deadline_unpublished
    operations.submit_feedback(registered, by=enterprise_user, at=noon, content="改", photos=[photo(enterprise_user)])
    operations.review(registered, by=manager, at=noon, passed=False, opinion="差", deadline=date(2026, 12, 20))
    publish_2027(noon)

    assert operations.recount_unpublished(at=noon) == 0
    registered.refresh_from_db()
    assert registered.deadline == date(2026, 12, 20)


def test_a_deadline_in_an_unpublished_year_is_recounted_with_an_event_once_published(registered, manager, noon):
    operations.issue(registered, by=manager, at=noon, working_days=60)
    before = registered.deadline
    publish_2027(noon)

    assert operations.recount_unpublished(at=noon) == 1
    assert Reminder.objects.get().deadline == Hazard.objects.get().deadline
    assert operations.recount_unpublished(at=noon) == 0
    registered.refresh_from_db()
    assert registered.deadline == registered.original_deadline > before
    assert registered.events.last().changes["原整改期限"] == before.isoformat()


def publish_2027(noon):
    holidays = [
        ExceptionDay(date(2027, 1, 1), False, "元旦"),
        *(ExceptionDay(date(2027, 2, day), False, "春节") for day in range(5, 12)),
    ]
    publish_year(2027, holidays, "国办发明电〔2026〕测试号", by="测试", at=noon)


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"level": "major"}, "判定依据"),
        ({"proposed_deadline": date(2026, 11, 1)}, "建议期限"),
    ],
)
def test_the_verb_itself_refuses_what_the_page_refuses(inspector, colleague, enterprise, noon, facts, words):
    with pytest.raises(Refused, match=words):
        operations.record_inspection(
            by=inspector,
            at=noon,
            kind="routine",
            enterprise=enterprise,
            inspected_on=noon.date(),
            inspectors=[inspector, colleague],
            hazards=[{"description": "一", **facts}],
        )
    assert not Hazard.objects.exists()


def test_visits_are_recent_and_paid_by_officers(inspector, enterprise_user, enterprise, noon, colleague):
    def visit(on, inspectors):
        return operations.record_inspection(
            by=inspector,
            at=noon,
            kind="routine",
            enterprise=enterprise,
            inspected_on=on,
            inspectors=inspectors,
            hazards=[],
        )

    with pytest.raises(Refused, match="一年"):
        visit(date(2024, 1, 1), [inspector, colleague])
    with pytest.raises(Refused, match="检查人"):
        visit(noon.date(), [inspector, enterprise_user])


def test_closing_on_the_spot_is_for_the_day_it_was_found(registered, manager, noon, photo):
    with pytest.raises(Refused, match="当天"):
        operations.close_on_spot(registered, by=manager, at=noon + timedelta(days=40), photos=[photo(manager)])


@pytest.mark.parametrize(("days_ago", "is_closed"), [(1000, False), (1, False), (0, True)])
def test_the_day_of_an_import_is_no_day_on_the_spot(inspector, enterprise, noon, photo, days_ago, is_closed):
    found_on = noon.date() - timedelta(days=days_ago)
    row = {"enterprise": enterprise, "description": "旧", "found_on": found_on, "state": State.REGISTERED}
    operations.adopt([row | {"import_key": "a"}], by=inspector, at=noon, source="旧台账.xlsx")
    hazard = Hazard.objects.get()

    if not is_closed:
        with pytest.raises(Refused, match="当天"):
            operations.close_on_spot(hazard, by=inspector, at=noon, photos=[photo(inspector)])
    else:
        operations.close_on_spot(hazard, by=inspector, at=noon, photos=[photo(inspector)])
    hazard.refresh_from_db()
    assert hazard.rectified_on == (noon.date() if is_closed else None)


def test_an_inspector_who_became_a_leader_registers_nothing(enterprise, inspector, noon):
    hazard = operations.draft(by=inspector, at=noon, enterprise=enterprise, found_on=noon.date(), description="一")
    inspector.role = "leader"

    with pytest.raises(NotPermitted):
        operations.register(hazard, by=inspector, at=noon)
