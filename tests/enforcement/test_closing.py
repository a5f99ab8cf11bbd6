"""符合提请关闭条件 (安全生产法 §113) against a naive model, with days at the edges; and the links open exactly what was counted."""

from datetime import date, timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.conf import settings as house
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from hypothesis import example, given, settings
from hypothesis import strategies as st

from enforcement.closing import since_days, standing, waiting_for
from enforcement.models import Measure
from inspections.models import Enterprise
from tests.factories import EnterpriseFactory, HazardFactory, MeasureFactory, UnitFactory, UserFactory
from tests.laws.test_queries import queries_of

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def anniversary(day):
    """The last day of the year that begins on the day after ``day`` (民法典 §201, §202)."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:  # the month has no such day: its last one
        return day.replace(year=day.year + 1, day=28)


def meets(penalties, majors, closed, today):
    """The article word by word: ``penalties`` are days of those not withdrawn, ``majors`` states of major hazards."""
    past = [day for day in penalties if day <= today]
    short = sum((today - day).days <= 180 for day in past)
    year = sum(today <= anniversary(day) for day in past)
    there = any(state in ("registered", "rectifying", "pending_review") for state in majors)
    return not closed and there and (short >= 3 or year >= 4)


@given(day=st.dates(date(2019, 1, 1), date(2029, 12, 31)), ago=st.integers(363, 368))
@example(day=date(2024, 2, 29), ago=366)
@example(day=date(2025, 2, 28), ago=365)
def test_the_year_is_counted_by_the_calendar(day, ago):
    _, year = since_days(day)
    then = day - timedelta(days=ago)
    assert (then >= year) == (day <= anniversary(then))


# Days ago, most of them near an edge.
AGO = st.one_of(st.sampled_from([0, 1, 179, 180, 181, 364, 365, 366, 367]), st.integers(-2, 400))
FIRM = st.tuples(
    st.lists(st.tuples(AGO, st.sampled_from(["made", "made", "made", "withdrawn"])), max_size=6),
    st.lists(st.sampled_from(["registered", "closed", "voided"]), max_size=2),
    st.sampled_from([False, False, True]),
)


@settings(max_examples=60)
@given(firms=st.lists(FIRM, min_size=1, max_size=3), today=st.sampled_from([date(2026, 11, 20), date(2028, 2, 29)]))
@example(firms=[([(0, "made"), (90, "made"), (180, "made")], ["registered"], False)], today=date(2026, 11, 20))
@example(firms=[([(0, "made"), (90, "made"), (181, "made")], ["registered"], False)], today=date(2026, 11, 20))
@example(
    firms=[([(0, "made"), (200, "made"), (300, "made"), (365, "made")], ["registered"], False)],
    today=date(2026, 11, 20),
)
@example(
    firms=[([(0, "made"), (200, "made"), (300, "made"), (366, "made")], ["registered"], False)],
    today=date(2026, 11, 20),
)
def test_the_rows_are_those_of_the_article(firms, today):
    with transaction.atomic():
        township, expected = UnitFactory(code="411402001"), set()
        for penalties, majors, closed in firms:
            firm = EnterpriseFactory(township=township, status="closed" if closed else "operating")
            for ago, state in penalties:
                MeasureFactory(enterprise=firm, on=today - timedelta(days=ago), state=state)
            MeasureFactory(enterprise=firm, on=today, kind="order")
            for state in majors:
                void = {"voided_on": today} if state == "voided" else {}
                HazardFactory(enterprise=firm, level="major", state=state, found_on=today - 500 * DAY, **void)
            HazardFactory(enterprise=firm, level="general")
            days = [today - timedelta(days=ago) for ago, state in penalties if state == "made"]
            if meets(days, majors, closed, today):
                expected.add(firm.pk)
        assert {firm.pk for firm in standing(Enterprise.objects.all(), today)} == expected
        transaction.set_rollback(True)


@pytest.fixture
def punished(enterprise):
    """Four penalties, three of them within 180 days, and two open major hazards."""
    today = timezone.localdate()
    rows = [MeasureFactory(enterprise=enterprise, on=today - timedelta(days=ago)) for ago in (1, 60, 180, 300)]
    MeasureFactory(enterprise=enterprise, on=today, state="withdrawn")
    MeasureFactory(enterprise=enterprise, on=today - timedelta(days=367))
    for state in ("registered", "registered", "closed"):
        HazardFactory(enterprise=enterprise, level="major", state=state)
    HazardFactory(enterprise=enterprise)
    return rows


def rows_behind(client, url):
    parts = urlsplit(url)
    page = client.get(parts.path, dict(parse_qsl(parts.query)))
    assert page.status_code == 200, url
    return {row["pk"] if isinstance(row, dict) else row.pk for row in page.context["rows"]}


def test_the_mark_links_to_exactly_what_was_counted(client, enterprise, punished, manager):
    client.force_login(manager)
    page = client.get(enterprise.get_absolute_url()).content.decode()
    assert "符合提请关闭条件" in page
    for words in ("180 日内行政处罚 3 次", "一年内行政处罚 4 次", "未销号的重大隐患 2 条"):
        assert words in page
    links = [
        line.split('"')[1].replace("&amp;", "&")
        for line in page.split("<a href=")[1:]
        if "处罚 " in line[:200] or "重大隐患 2" in line[:200]
    ]
    links = [link for link in links if "enterprise=" in link]
    found = [rows_behind(client, link) for link in links]
    newest, year = {row.pk for row in punished[:3]}, {row.pk for row in punished}
    majors = set(enterprise.hazards.open().filter(level="major").values_list("pk", flat=True))
    assert found == [newest, year, majors]


def test_the_mark_is_not_for_the_firm_itself(client, enterprise, punished, enterprise_user):
    client.force_login(enterprise_user)
    assert "符合提请关闭条件" not in client.get(enterprise.get_absolute_url()).content.decode()
    assert client.get(reverse("enforcement:closing")).status_code == 403


def test_it_stands_on_the_desks_of_those_who_propose_until_they_did(
    client, enterprise, punished, safety_office, decide
):
    today = timezone.localdate()
    unit = punished[0].unit
    decider = UserFactory(role="manager", unit=unit)
    elsewhere = UserFactory(role="manager", unit=UnitFactory(code="411402-YJ"))
    enterprise.sector.competent_function = "YJ"  # it reads the firm, and decided nothing
    enterprise.sector.save()
    leader = UserFactory(role="leader", unit=UnitFactory(code="4114"))
    assert list(waiting_for(safety_office, today)) == list(waiting_for(decider, today)) == [enterprise]
    assert list(waiting_for(elsewhere, today)) == [] and waiting_for(leader, today) is None
    for person, shown in ((safety_office, True), (decider, True), (elsewhere, False), (leader, False)):
        client.force_login(person)
        assert ("符合提请关闭条件" in client.get(reverse("hazards:desk")).content.decode()) is shown
    decide("closure", at=timezone.now())
    client.force_login(safety_office)
    assert "符合提请关闭条件" not in client.get(reverse("hazards:desk")).content.decode()
    assert "提请关闭。" in client.get(enterprise.get_absolute_url()).content.decode()
    assert rows_behind(client, reverse("enforcement:closing")) == {enterprise.pk}


def test_the_numbers_are_settings(enterprise, settings):
    today = timezone.localdate()
    HazardFactory(enterprise=enterprise, level="major")
    MeasureFactory(enterprise=enterprise, on=today - timedelta(days=20))
    firms = Enterprise.objects.all()
    assert not standing(firms, today).exists()
    settings.CLOSURE_PENALTIES, settings.CLOSURE_DAYS = 1, 19
    assert not standing(firms, today).exists()
    settings.CLOSURE_DAYS = 20
    assert standing(firms, today).get().penalties_short == 1
    assert (house.CLOSURE_PENALTIES_IN_A_YEAR, Measure.objects.count()) == (4, 1)


def test_desk_and_list_cost_the_same_for_one_firm_and_for_three(
    client, safety_office, township, django_assert_num_queries
):
    today = timezone.localdate()

    def add():
        firm = EnterpriseFactory(township=township)
        HazardFactory(enterprise=firm, level="major")
        for ago in (1, 2, 3):
            MeasureFactory(enterprise=firm, on=today - timedelta(days=ago))

    client.force_login(safety_office)
    pages = [reverse("hazards:desk"), reverse("enforcement:closing")]
    client.get(pages[0])
    add()
    one = [queries_of(client, page) for page in pages]
    add()
    add()
    assert [queries_of(client, page) for page in pages] == one
