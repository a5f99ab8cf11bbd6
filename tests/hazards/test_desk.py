from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from hazards.models import Hazard
from journal.acts import _ACTS, named
from look.words import day_words
from notifications.models import Notification
from tests.factories import EnterpriseFactory, HazardFactory, InspectionFactory, UnitFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_counts():
    cache.clear()


@pytest.fixture
def today():
    """The view reads the clock itself."""
    return timezone.localdate()


@pytest.fixture
def desk(client):
    """The context of the desk of ``user``, which must answer 200."""

    def get(user):
        client.force_login(user)
        response = client.get(reverse("hazards:desk"))
        assert response.status_code == 200
        return response

    return get


@pytest.fixture
def county(township, foreign_township):
    """A county above the township, so that territories nest."""
    UnitFactory(code="4114", short_name="商丘市")
    UnitFactory(code="411403", short_name="睢阳区")
    return UnitFactory(code="411402", short_name="梁园区")


@pytest.fixture
def cast(county, enterprise, foreign_township, inspector, colleague, today):
    """Hazards in every state and both places, this week, last week and long ago."""

    def ago(days):
        return today - timedelta(days=days)

    rows = {
        "drafted": {"drafted": True, "registered_by": inspector},
        "registered": {"found_on": ago(9)},
        "overdue": {"rectifying": True, "deadline": ago(12), "level": "major"},
        "just overdue": {"rectifying": True, "deadline": ago(1)},
        "today": {"rectifying": True, "deadline": today},
        "later": {"rectifying": True, "deadline": ago(-30)},
        "mine": {"pending": True, "rectified_on": today, "feedback_by": inspector, "feedback_on": today},
        "waiting": {"pending": True, "feedback_by": colleague, "feedback_on": ago(11)},
        "closed": {"closed": True, "closed_on": today, "found_on": today, "level": "major"},
        "closed before": {"closed": True, "closed_on": ago(7)},
        "found before": {"found_on": ago(7)},
        "long ago": {"closed": True, "closed_on": ago(90), "found_on": ago(99)},
    }
    for where in (enterprise, EnterpriseFactory(township=foreign_township)):
        for name, values in rows.items():
            HazardFactory(**{"enterprise": where, "description": name, "found_on": ago(60), **values})
    InspectionFactory(enterprise=enterprise, inspected_on=today, created_by=inspector)


@pytest.fixture
def county_office(county):
    return UserFactory(role="safety_office", unit=UnitFactory(code="411402-AWB", parent=county))


@pytest.fixture
def department(county, cast):
    unit = UnitFactory(code="411402-YJ", parent=county)
    Hazard.objects.filter(description__in=["overdue", "waiting"]).update(competent_unit=unit)
    return UserFactory(role="manager", unit=unit)


ROLES = [
    "inspector", "colleague", "manager", "safety_office", "leader", "enterprise_user", "county_office", "department",
]  # fmt: skip


@pytest.mark.parametrize("role", ROLES)
def test_every_figure_equals_the_list_it_leads_to(client, desk, cast, request, role):
    user = request.getfixturevalue(role)
    context = desk(user).context
    links = [(figure["value"], figure["url"]) for figure in context["figures"]]
    links += [(week[what], week[f"{what}_url"]) for week in context["trend"]["weeks"] for what in ("found", "closed")]
    links += [(context["todos"]["total"], context["todos"]["url"])]
    links += [(row["value"], row["url"]) for row in context["week_rows"] if row["label"] != "检查家次"]
    links += [(cell["value"], cell["url"]) for body in context["bodies"] for cell in body["cells"]]

    assert any(value for value, _ in links)
    for value, url in links:
        followed = client.get(url)
        assert followed.status_code == 200, url
        assert followed.context["total"] == len(followed.context["rows"]) == value, url


def listed(context):
    """``[(group, verb or whom the row waits for, title), …]`` as the list stands."""
    return [
        (group["label"], todo["act"] or todo["waits"], todo["title"])
        for group in context["todos"]["groups"]
        for todo in group["todos"]
    ]


FEEDBACK = "等企业提交整改反馈"
PLAN = "等企业报整改方案"
MAJOR, GENERAL = "重大逾期", "一般逾期"


@pytest.mark.parametrize(
    ("role", "title", "expected"),
    [
        ("inspector", "逾期和待办", [
            (MAJOR, PLAN, "overdue"), (GENERAL, FEEDBACK, "just overdue"), ("待复查", "去复查", "waiting"),
            ("我的草稿", "继续登记", "drafted"),
        ]),
        ("colleague", "逾期和待办", [
            (MAJOR, PLAN, "overdue"), (GENERAL, FEEDBACK, "just overdue"), ("待复查", "去复查", "mine"),
        ]),
        ("manager", "等我办理", [
            (MAJOR, "催办", "overdue"), (GENERAL, "催办", "just overdue"), ("待复查", "去复查", "waiting"),
            ("待复查", "去复查", "mine"), ("待下达整改", "下达整改", "registered"), ("待下达整改", "下达整改", "found before"),
        ]),
        ("county_office", "等我办理", [
            (MAJOR, "催办", "overdue"), (GENERAL, "催办", "just overdue"), ("待复查", "去复查", "waiting"),
            ("待复查", "去复查", "mine"),
        ]),
        ("leader", "逾期未整改", [
            (MAJOR, "批示", "overdue"), (MAJOR, "批示", "overdue"), (GENERAL, "批示", "just overdue"),
            (GENERAL, "批示", "just overdue"),
        ]),
        # One line of work, in both townships of the county.
        ("department", "等我办理", [(MAJOR, "催办", "overdue")] * 2 + [("待复查", "去复查", "waiting")] * 2),
        ("enterprise_user", "等我办理", [
            (MAJOR, "报整改方案", "overdue"), (GENERAL, "提交整改反馈", "just overdue"), ("待反馈", "提交整改反馈", "today"),
            ("待反馈", "提交整改反馈", "later"),
        ]),
    ],
)  # fmt: skip
def test_each_role_finds_overdue_rows_first_and_what_it_may_do_next(client, desk, cast, request, role, title, expected):
    user = request.getfixturevalue(role)
    context = desk(user).context
    assert context["todos"]["title"] == title
    assert listed(context) == expected
    for group in context["todos"]["groups"]:
        for todo in group["todos"]:
            assert client.get(todo["url"]).status_code == 200, todo
            assert not todo["act"] or client.get(todo["act_url"]).status_code == 200, todo


def test_badge_of_a_review_counts_down_to_the_day_it_is_due(desk, cast, inspector):
    html = desk(inspector).content.decode()
    assert "逾期 1 天" in html and "复查期限" in html


def test_days_of_another_year_are_written_with_the_year(desk, manager, inspector, enterprise, today):
    before = today.replace(year=today.year - 1, month=6, day=1)
    HazardFactory(enterprise=enterprise, found_on=before)
    HazardFactory(enterprise=enterprise, pending=True, found_on=before, feedback_on=before)
    HazardFactory(enterprise=enterprise, rectifying=True, found_on=before, deadline=before)
    office = UserFactory(role="safety_office", unit=enterprise.township)

    notes = [figure["note"] for figure in desk(manager).context["figures"]]
    for user in (manager, inspector, office):
        groups = desk(user).context["todos"]["groups"]
        notes += [fact for group in groups for todo in group["todos"] for fact in todo["facts"]]

    year = before.year
    assert {
        f"最早 {year}-06-01 发现", f"{year}-06-01 发现，待下达", f"整改期限 {year}-06-01",
        f"{year}-06-01 已反馈，复查期限 {year}-06-11",
    } <= set(notes)  # fmt: skip


def test_leader_sees_the_bodies_with_the_most_overdue_first(desk, cast, leader, enterprise, today):
    HazardFactory(
        enterprise=EnterpriseFactory(township__code="411403001"), rectifying=True, deadline=today - timedelta(days=2)
    )
    response = desk(leader)
    assert [body["name"] for body in response.context["bodies"]] == ["睢阳区", "梁园区"]
    assert [cell["value"] for cell in response.context["bodies"][1]["cells"]] == [8, 1, 2, 1, 1]
    html = response.content.decode()
    assert "等我办理" not in html and "各县区在办" in html and "登记隐患" not in html


def test_county_sees_its_townships(desk, cast, county_office):
    response = desk(county_office)
    assert [body["name"] for body in response.context["bodies"]] == ["双八镇"]
    assert "各乡镇" in response.content.decode()


def test_week_is_compared_with_the_same_days_of_last_week(desk, leader, enterprise, today):
    monday = today - timedelta(days=today.weekday())
    HazardFactory.create_batch(2, enterprise=enterprise, found_on=today)
    HazardFactory(enterprise=enterprise, found_on=monday)
    HazardFactory(enterprise=enterprise, found_on=monday - timedelta(days=7), level="major")
    HazardFactory(enterprise=enterprise, found_on=monday - timedelta(days=8))
    InspectionFactory(enterprise=enterprise, inspected_on=today)

    rows = {row["label"]: (row["value"], row["change"]) for row in desk(leader).context["week_rows"]}

    assert rows == {
        "检查家次": (1, "↑ 1"),
        "发现隐患": (3, "↑ 2"),
        "其中重大": (0, "↓ 1"),
        "销号": (0, "持平"),
    }


@pytest.mark.parametrize("role", ["inspector", "manager", "safety_office", "leader"])
def test_person_without_a_unit_is_told_whom_to_ask(desk, cast, role):
    response = desk(UserFactory(role=role, unit=None))
    assert "联系系统管理员" in response.content.decode()
    assert all(figure["value"] == 0 for figure in response.context["figures"])


def test_list_is_bounded_and_leads_on_to_the_same_rows_in_the_ledger(client, desk, manager, enterprise):
    HazardFactory.create_batch(25, enterprise=enterprise)
    context = desk(manager).context
    assert len(listed(context)) == 8
    assert context["todos"]["total"] == 25
    for url in (context["todos"]["url"], context["todos"]["groups"][0]["url"]):
        assert client.get(url).context["total"] == 25
    Hazard.objects.exclude(pk__in=Hazard.objects.values("pk")[:8]).update(
        state="closed", closed_on=timezone.localdate()
    )
    [group] = desk(manager).context["todos"]["groups"]
    assert (group["count"], len(group["todos"]), group["url"]) == (8, 8, ""), "what is shown whole leads nowhere"


def test_many_old_overdue_rows_do_not_hide_the_reviews(desk, county_office, enterprise, today):
    HazardFactory.create_batch(25, enterprise=enterprise, rectifying=True, deadline=today - timedelta(days=300))
    HazardFactory.create_batch(3, enterprise=enterprise, pending=True, feedback_on=today)

    groups = [group for group, _, _ in listed(desk(county_office).context)]

    assert groups == [GENERAL] * 6 + ["待复查"] * 2


def test_of_rows_that_wait_alike_the_major_ones_are_shown(desk, manager, enterprise, today):
    """Not only before the others: instead of them, where there is no room for all."""
    same = {"enterprise": enterprise, "found_on": today}
    HazardFactory.create_batch(9, **same)
    majors = HazardFactory.create_batch(3, level="major", **same)
    [group] = desk(manager).context["todos"]["groups"]
    assert len(group["todos"]) == 8
    assert [todo["pk"] for todo in group["todos"][:3]] == [row.pk for row in majors]


def test_a_tab_shows_its_rows_alone(client, desk, cast, manager):
    tabs = {tab["label"]: (tab["count"], tab["url"], tab["red"]) for tab in desk(manager).context["todos"]["tabs"]}
    assert tabs == {
        "全部": (6, "/", False),
        "逾期": (2, "/?tab=overdue", True),
        "待复查": (2, "/?tab=review", False),
        "待下达整改": (2, "/?tab=issue", False),
    }
    assert [title for _, _, title in listed(client.get("/?tab=review").context)] == ["waiting", "mine"]
    assert [title for _, _, title in listed(client.get("/?tab=overdue").context)] == ["overdue", "just overdue"]
    assert (
        "没有逾期的隐患" in client.get("/?tab=register").content.decode()
    )  # of drafts, which this manager has none of


@pytest.mark.parametrize("tab", ["", "nonsense", "submit_feedback", "overdue_major"])
def test_a_tab_that_is_none_of_this_person_is_refused(client, manager, tab):
    client.force_login(manager)
    assert client.get("/", {"tab": tab}).status_code == 400


def test_an_act_added_to_the_law_page_is_on_the_desk(monkeypatch, desk, manager, enterprise, today):
    """With its group, its tab and its verb; overdue rows it waits for stay where they are most urgent."""
    calling = replace(
        named(Hazard, "submit_feedback"), waits_for=lambda user: Q(state="rectifying"), group="待催办", todo="打电话"
    )
    monkeypatch.setitem(_ACTS[Hazard], "submit_feedback", calling)
    for description, days in (("late", -1), ("soon", 2)):
        HazardFactory(
            enterprise=enterprise, rectifying=True, deadline=today + timedelta(days=days), description=description
        )
    assert listed(desk(manager).context) == [(GENERAL, "打电话", "late"), ("待催办", "打电话", "soon")]


def test_an_act_that_ends_something_is_no_verb_of_an_overdue_row(monkeypatch, desk, manager, enterprise, today):
    HazardFactory(enterprise=enterprise, rectifying=True, deadline=today - timedelta(days=1), description="late")
    chase = named(Hazard, "chase")
    assert listed(desk(manager).context) == [(GENERAL, chase.todo, "late")]
    monkeypatch.setitem(_ACTS[Hazard], chase.name, replace(chase, is_danger=True))
    assert listed(desk(manager).context) == [(GENERAL, named(Hazard, "submit_feedback").waiting, "late")]


def test_what_has_been_tried_is_told_with_the_last_reminder_and_whom_it_reached(desk, manager, enterprise, today):
    """A row that moved says so; events told to people are no reminders."""
    boss = UserFactory(role="leader", unit=enterprise.township, full_name="宁致和")
    rows = [
        HazardFactory(enterprise=enterprise, rectifying=True, deadline=today - timedelta(days=days)) for days in (9, 5)
    ]
    first, last = (timezone.now() - timedelta(days=days) for days in (6, 1))
    for person, code, at in ((manager, "T+3", first), (manager, "T+6", last), (boss, "T+6", last)):
        said(person, rows[0], f"hazard:{rows[0].pk}:{rows[0].deadline}:{code}", at)
    said(manager, rows[1], "hazard-event:7", last)

    [group] = desk(manager).context["todos"]["groups"]

    day = day_words(last, today)
    assert [todo["facts"][-1] for todo in group["todos"]] == [
        f"已提醒 2 次，最近 {day} {manager}、宁致和",
        "还没有提醒过",
    ]


def said(person, row, key, at):
    Notification.objects.create(
        recipient=person, key=key, title="逾期", record_kind="hazard", record_id=row.pk, created_at=at, next_try_at=None
    )


@pytest.mark.parametrize("role", ROLES)
def test_desk_takes_as_many_queries_whatever_the_rows(client, desk, county, enterprise, request, role):
    def rows():
        late = timezone.localdate() - timedelta(days=2)
        for values in ({}, {"drafted": True}, {"rectifying": True}, {"pending": True}, {"closed": True}):
            HazardFactory(enterprise=enterprise, **values)
        for level in ("general", "major"):
            row = HazardFactory(enterprise=enterprise, rectifying=True, level=level, deadline=late)
            said(UserFactory(unit=enterprise.township), row, f"hazard:{row.pk}:{late}:T+1", timezone.now())

    def counted():
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("hazards:desk"))
        return len(queries)

    if role == "department":
        user = UserFactory(role="manager", unit=UnitFactory(code="411402-YJ", parent=county))
    else:
        user = request.getfixturevalue(role)
    rows()
    desk(user)
    one = counted()
    rows()
    rows()

    # A manager's counts the gaps in who answers for what, the flags, and the reports that are owed or missing, too.
    assert counted() == one <= (32 if user.is_manager else 21)
