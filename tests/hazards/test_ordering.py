"""The ledger by any of its days, either way: page, workbooks, command and API give the rows in one and the same order."""

import re
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from hazards.columns import COLUMNS, DAYS
from hazards.models import Hazard
from hazards.ordering import ORDERS, ways_by
from tests.factories import EnterpriseFactory, HazardFactory
from tests.imports.ledger_files import cells_of

pytestmark = pytest.mark.django_db
NAMES = [order.name for order in ORDERS]


@pytest.fixture
def rows(township):
    """Forty-five rows, many of one day, some without it, in an order of their own for every day."""
    firm, today = EnterpriseFactory(township=township), date(2026, 11, 20)
    kinds = ({"closed": True}, {"pending": True}, {}, {"rectifying": True})
    for n in range(45):
        row = HazardFactory(enterprise=firm, number=f"YH-4114-2026-{n + 1:06}", **kinds[n % 4])
        days = {order.column for order in ORDERS if getattr(row, order.column) is not None}
        for place, name in enumerate(sorted(days), 2):
            ago = timedelta(days=n * place % 7)
            is_moment = isinstance(getattr(row, name), datetime)
            setattr(row, name, timezone.now() - ago if is_moment else today - ago)
        row.save()
    return Hazard.objects.all()


def expected(name):
    """Numbers by the day, then by id, both in one direction; those without the day last."""
    column, falls = name.removeprefix("-"), name.startswith("-")
    values = list(Hazard.objects.values_list(column, "pk", "number"))
    dated = sorted((one for one in values if one[0] is not None), key=lambda one: one[:2], reverse=falls)
    rest = sorted((one for one in values if one[0] is None), key=lambda one: one[1], reverse=falls)
    return [number for _, _, number in dated + rest]


def flat(pages):
    return [number for page in pages for number in page]


def test_every_day_of_the_ledger_is_among_the_orders_both_ways():
    days = [column.stored for column in COLUMNS if column.kind in DAYS]
    assert {"found_on", "issued_on", "deadline", "original_deadline", "feedback_on", "closed_on"} < set(days)
    assert set(NAMES) == {f"{way}{name}" for name in (*days, "registered_at") for way in ("", "-")}
    assert [order.name for order in ways_by("found_on")] == ["-found_on", "found_on"]
    assert [order.name for order in ways_by("deadline")] == ["deadline", "-deadline"]
    assert ways_by("description") == ()


@pytest.mark.parametrize("name", NAMES)
def test_page_workbooks_and_api_agree_to_the_last_row(client, rows, safety_office, name):
    client.force_login(safety_office)
    want, query = expected(name), {"view": "all", "order": name}

    def turned(address, side):
        met = []
        while address:
            context = client.get(address).context
            met.append([row["number"] for row in context["rows"]])
            address = context[side] and f"{reverse('hazards:ledger')}{context[side]}"
            last = context
        return met, last

    pages, last = turned(f"{reverse('hazards:ledger')}?{urlencode(query | {'size': 20})}", "next_url")
    assert flat(pages) == want
    back, _ = turned(f"{reverse('hazards:ledger')}{last['previous_url']}", "previous_url")
    assert flat(reversed(back)) == want[:40]
    for page in ("hazards:export", "hazards:export_form"):
        content = b"".join(client.get(reverse(page), query).streaming_content)
        cells = [str(cell) for row in cells_of(content) for cell in row if cell]
        assert [cell for cell in cells if re.fullmatch(r"YH-[0-9-]+", cell)] == want
    api = APIClient()
    api.force_authenticate(safety_office)
    address, met = f"/api/v1/hazards/?{urlencode(query | {'page_size': 20})}", []
    while address:
        answer = api.get(address).json()
        met.append([row["number"] for row in answer["results"]])
        address, previous = answer["next"], answer["previous"]
    assert flat(met) == want
    assert [row["number"] for row in api.get(previous).json()["results"]] == want[20:40]


def test_the_command_writes_in_the_order_of_its_query(rows, tmp_path):
    call_command("export_ledger", str(tmp_path / "a.xlsx"), query="order=-closed_on")
    told = cells_of((tmp_path / "a.xlsx").read_bytes())
    assert [row[0] for row in told[1:]] == expected("-closed_on")
    with pytest.raises(CommandError, match="排序"):
        call_command("export_ledger", str(tmp_path / "b.xlsx"), query="order=secret")


def test_an_order_nobody_offers_is_refused_at_every_door(client, rows, safety_office):
    client.force_login(safety_office)
    for page in ("hazards:ledger", "hazards:export", "hazards:export_form"):
        for name in ("--found_on", "number", "-"):
            answer = client.get(reverse(page), {"order": name})
            assert answer.status_code == 400 and "没有这种排序方式" in answer.content.decode()
    api = APIClient()
    api.force_authenticate(safety_office)
    answer = api.get("/api/v1/hazards/?order=number")
    assert (answer.status_code, list(answer.json())) == (400, ["order"])
    for cursor in ("a.deadline.x.1", "b.-deadline.2026-11-20.1", "cD0x"):
        assert api.get("/api/v1/hazards/", {"order": "deadline", "cursor": cursor}).status_code == 404


def test_a_page_of_the_api_in_an_order_costs_two_queries_however_deep(rows, safety_office, django_assert_num_queries):
    api = APIClient()
    api.force_authenticate(safety_office)
    address = api.get("/api/v1/hazards/?order=closed_on&page_size=10").json()["next"]
    for _ in range(3):
        with django_assert_num_queries(2):
            address = api.get(address).json()["next"]


def test_a_shown_day_is_sorted_by_its_heading_and_all_in_the_menu(client, rows, safety_office):
    client.force_login(safety_office)
    html = client.get(reverse("hazards:ledger"), {"view": "closed", "columns": ["closed_on"], "order": "-closed_on"})
    html = " ".join(html.content.decode().split())
    assert 'aria-sort="descending"' in html and "order=closed_on" in html
    for order in ORDERS:
        assert f"order={order.name}" in html or order.name == "-found_on"
