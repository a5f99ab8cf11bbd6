"""Counts beside the choices of a filter menu: each is the number of rows that choice gives."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from hazards.filters import Due
from hazards.models import Hazard
from hazards.views.facets import COUNTED
from hazards.views.ledger import opened
from tests.factories import EnterpriseFactory, HazardFactory, SectorFactory, UnitFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def ledger(township, foreign_township, safety_office):
    """Two counties, three sectors, every state and due there is."""
    today = timezone.localdate()
    UnitFactory(code="411402", name="梁园区人民政府", short_name="梁园区")
    UnitFactory(code="411403", name="睢阳区人民政府", short_name="睢阳区")
    sectors = [SectorFactory(name=name) for name in ("冷库", "喷漆", "除尘")]
    for place, due in enumerate((-9, -1, 0, 2, 9, 40)):
        firm = EnterpriseFactory(township=(township, foreign_township)[place % 2], sector=sectors[place % 2])
        HazardFactory(
            enterprise=firm, sector=firm.sector, rectifying=True, deadline=today + timedelta(days=due),
            level=("general", "major")[place % 3 == 0],
        )  # fmt: skip
        HazardFactory(enterprise=firm, sector=firm.sector)
    HazardFactory(enterprise=firm, sector=firm.sector, closed=True)
    return safety_office


def counts_of(client, menu, **conditions):
    answer = client.get(reverse("hazards:facets"), conditions | {"menu": menu})
    assert answer.status_code == 200, answer.content.decode()
    found = re.findall(rf'id="count-{menu}-([^"]+)" hx-swap-oob="true">([\d,]+)<', answer.content.decode())
    return {value: int(number.replace(",", "")) for value, number in found}


def rows_of(client, menu, value, **conditions):
    page = client.get(reverse("hazards:ledger"), conditions | {menu: value})
    return page.context["total"]


@pytest.mark.parametrize(
    "conditions", [{}, {"view": "all"}, {"view": "overdue"}, {"sector": "ZZ"}, {"level": "major"}, {"q": "无此"}]
)
@pytest.mark.parametrize("menu", sorted(COUNTED))
def test_every_count_is_the_number_of_rows_that_choice_gives(client, ledger, menu, conditions):
    if conditions.get("sector") == "ZZ":
        conditions = {"sector": Hazard.objects.values_list("sector__code", flat=True).first()}
    client.force_login(ledger)
    counted = counts_of(client, menu, **conditions)
    others = {name: value for name, value in opened(conditions).items() if name != menu}
    assert counted or "q" in conditions
    for value, number in counted.items():
        assert number == rows_of(client, menu, value, **others), (value, others)


def test_a_reader_counts_what_they_see(client, ledger, manager):
    client.force_login(manager)
    assert sum(counts_of(client, "level", view="all").values()) == Hazard.objects.ledger_of(manager).count() == 6
    client.force_login(UserFactory(role="sysadmin"))
    assert counts_of(client, "level", view="all") == {}


@pytest.mark.parametrize("menu", sorted(COUNTED))
def test_a_menu_costs_one_statement(client, ledger, menu, django_assert_num_queries):
    client.force_login(ledger)
    counts_of(client, menu)  # the first request of a session writes it
    # session, person with seat, the counts; the places offered
    with django_assert_num_queries(4 if menu == "territory" else 3):
        counts_of(client, menu)


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"menu": "q"}, "没有这个筛选菜单"),
        ({"menu": "level", "sector": "没有"}, "行业领域没有“没有”这个选项"),
        ({"menu": "level", "colour": "red"}, "没有“colour”这个条件"),
    ],
)
def test_what_cannot_be_counted_is_refused_in_words(client, ledger, asked, words):
    client.force_login(ledger)
    answer = client.get(reverse("hazards:facets"), asked)
    assert answer.status_code == 400 and words in answer.content.decode()


def test_the_page_says_where_its_menus_are_counted_and_keeps_its_conditions(client, ledger):
    client.force_login(ledger)
    page = client.get(reverse("hazards:ledger"), {"view": "all", "level": "major", "order": "-found_on", "size": "20"})
    html = page.content.decode()
    [address] = re.findall(r'hx-get="([^"]+menu=sector)"', html)
    assert "level=major" in address and "view=all" in address and "order" not in address and "size" not in address
    assert client.get(address.replace("&amp;", "&")).status_code == 200
    assert 'id="count-level-major"' in html and html.count('id="count-level-major"') == 1
    assert {due.value for due in Due} <= set(counts_of(client, "deadline"))
