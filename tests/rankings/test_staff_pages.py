"""Approved inspectors: one list of the whole city, where there are none, and what comes."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from journal.refusal import Refused
from rankings.operations import approve_staff
from tests.factories import UnitFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.once]  # doors and pages: no database decides what they show
LIST = "/rankings/staff/"


@pytest.fixture
def office(township, foreign_township):
    for code in ("4114", "411402", "411403", "4114-YJ", "411402-YJ"):
        UnitFactory(code=code)
    UnitFactory(code="411402009", is_active=False)
    UnitFactory(code="410502001")  # of another city
    return UserFactory(role="safety_office", unit=UnitFactory(code="4114-AWB"))


def approve(office, unit, inspectors, days):
    since = timezone.localdate() + timedelta(days=days)
    return approve_staff(by=office, at=timezone.now(), unit=unit, inspectors=inspectors, since=since, reason="编制文件")


def listed(client, person, **query):
    client.force_login(person)
    return client.get(LIST, query)


def codes(answer):
    return [row["unit"].code for row in answer.context["rows"]]


def test_every_reader_reads_the_whole_city_and_the_office_may_approve(client, office, township, manager):
    everybody = ["4114-YJ", "411402-YJ", "411402001", "411403001"]
    mine, theirs = listed(client, office), listed(client, manager)
    assert codes(mine) == codes(theirs) == everybody
    new = reverse("rankings:staff_new", args=["approve_staff"])
    assert f"{new}?unit={township.pk}" in mine.content.decode()
    assert new not in theirs.content.decode() and "未核定" in theirs.content.decode()


def test_what_is_in_force_today_counts_and_what_comes_is_said(client, office, township):
    approve(office, township, 3, -60)
    second = approve(office, township, 4, -30)
    approve(office, township, 9, 60)
    coming = approve(office, township, 6, 30)
    [row] = [row for row in listed(client, office).context["rows"] if row["unit"] == township]
    assert (row["staff"], row["coming"], row["most"]) == (second, coming, "20 家")
    assert (
        f"{coming.since} " in listed(client, office).content.decode()
        or "6 人" in listed(client, office).content.decode()
    )


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"approved": "yes"}, ["411402001"]),
        ({"approved": "no"}, ["4114-YJ", "411402-YJ", "411403001"]),
        ({"county": "411402"}, ["411402-YJ", "411402001"]),
        ({"kind": "department"}, ["4114-YJ", "411402-YJ"]),
        ({"kind": "township", "county": "411403"}, ["411403001"]),
        ({"q": "双八"}, ["411402001"]),
    ],
)
def test_it_is_narrowed_by_county_kind_name_and_gaps(client, office, township, query, expected):
    approve(office, township, 3, -1)
    assert codes(listed(client, office, **query)) == expected


@pytest.mark.parametrize("query", [{"approved": "maybe"}, {"county": "410502"}, {"kind": "county"}])
def test_what_cannot_be_meant_is_said(client, office, query):
    UnitFactory(code="410502")
    answer = listed(client, office, **query)
    assert answer.status_code == 400 and "请重新选择" in answer.content.decode()


def test_the_form_is_filled_with_the_unit_of_the_list(client, office, township):
    client.force_login(office)
    page = client.get(reverse("rankings:staff_new", args=["approve_staff"]), {"unit": township.pk})
    assert f'<option value="{township.pk}" selected>' in page.content.decode()


def test_the_page_of_one_approval_has_all_of_the_unit(client, office, township):
    first, second = approve(office, township, 3, -60), approve(office, township, 4, -30)
    client.force_login(office)
    page = client.get(first.get_absolute_url())
    assert list(page.context["every"]) == [second, first]
    assert second.get_absolute_url() in page.content.decode()


@pytest.mark.parametrize("code", ["411402", "411402-AWB", "411402009"])
def test_only_bodies_in_use_that_inspect_are_approved(office, code):
    """A county's government, its office, a township that is no more."""
    with pytest.raises(Refused, match="请改选单位"):
        approve(office, UnitFactory(code=code), 3, 0)
