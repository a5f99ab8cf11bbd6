from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from hazards.models import Hazard
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
    links += [(row["value"], row["url"]) for row in context["week_rows"] if row["label"] != "检查家次"]
    links += [(cell["value"], cell["url"]) for body in context["bodies"] for cell in body["cells"]]

    assert any(value for value, _ in links)
    for value, url in links:
        followed = client.get(url)
        assert followed.status_code == 200, url
        assert followed.context["total"] == len(followed.context["rows"]) == value, url


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        ("inspector", [("去复查", "waiting"), ("继续登记", "drafted")]),
        ("colleague", [("去复查", "mine")]),
        (
            "manager",
            [("下达整改", "registered"), ("下达整改", "found before"), ("去复查", "waiting"), ("去复查", "mine")],
        ),
        (
            "county_office",
            [("查看", "overdue"), ("查看", "just overdue"), ("去复查", "waiting"), ("去复查", "mine")],
        ),
        ("enterprise_user", [("提交整改反馈", name) for name in ("overdue", "just overdue", "today", "later")]),
    ],
)
def test_each_role_finds_what_it_may_do_next_most_urgent_first(client, desk, cast, request, role, expected):
    user = request.getfixturevalue(role)
    todos = desk(user).context["todos"]

    found = [(todo["act"], todo["title"]) for todo in todos]
    assert sorted(found) == sorted(expected)
    assert [todo["due"] for todo in todos] == sorted(todo["due"] for todo in todos)
    for todo in todos:
        assert client.get(todo["act_url"]).status_code == 200, todo


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
        notes += [todo["note"].split(" · ")[-1] for todo in desk(user).context["todos"]]

    year = before.year
    assert {
        f"最早 {year}-06-01 发现", f"{year}-06-01 发现，待下达", f"整改期限 {year}-06-01",
        f"{year}-06-01 已反馈，复查期限 {year}-06-11",
    } <= set(notes)  # fmt: skip


def test_leader_gets_figures_and_bodies_but_nothing_to_do(desk, cast, leader):
    response = desk(leader)
    assert response.context["todos"] is None
    assert [body["name"] for body in response.context["bodies"]] == ["梁园区", "睢阳区"]
    assert [cell["value"] for cell in response.context["bodies"][0]["cells"]] == [8, 1, 2, 1, 1]
    html = response.content.decode()
    assert "等我办理" not in html and "各县区在办情况" in html and "登记隐患" not in html


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


@pytest.mark.parametrize("role", ["sysadmin", "secadmin", "auditor"])
def test_administrators_are_told_what_they_do_and_see_no_figures(desk, cast, role):
    response = desk(UserFactory(role=role, unit=None))
    html = response.content.decode()
    assert "不查看隐患台账数据" in html
    assert "manage.py" not in html
    door = "accounts:account_events" if role == "auditor" else "accounts:people"
    assert f'<a class="btn btn-primary" href="{reverse(door)}">' in html
    assert "逾期未整改" not in html


@pytest.mark.parametrize("role", ["inspector", "manager", "safety_office", "leader"])
def test_person_without_a_unit_is_told_whom_to_ask(desk, cast, role):
    response = desk(UserFactory(role=role, unit=None))
    assert "联系系统管理员" in response.content.decode()
    assert all(figure["value"] == 0 for figure in response.context["figures"])


def test_list_is_bounded_and_leads_on_to_the_ledger(desk, manager, enterprise):
    HazardFactory.create_batch(25, enterprise=enterprise)
    response = desk(manager)
    assert len(response.context["todos"]) == 20
    assert "到台账查看全部在办" in response.content.decode()


def test_many_old_overdue_rows_do_not_hide_the_reviews(desk, county_office, enterprise, today):
    HazardFactory.create_batch(25, enterprise=enterprise, rectifying=True, deadline=today - timedelta(days=300))
    HazardFactory.create_batch(3, enterprise=enterprise, pending=True, feedback_on=today)

    acts = [todo["act"] for todo in desk(county_office).context["todos"]]

    assert acts == ["查看"] * 17 + ["去复查"] * 3


@pytest.mark.parametrize("role", ROLES)
def test_desk_takes_at_most_twelve_queries_whatever_the_rows(client, desk, county, enterprise, request, role):
    def rows():
        for values in ({}, {"drafted": True}, {"rectifying": True}, {"pending": True}, {"closed": True}):
            HazardFactory(enterprise=enterprise, **values)

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

    assert counted() == one <= 12
