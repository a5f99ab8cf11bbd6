"""Trend, map, wall and leaders' page of a city whose periods are frozen: each shows what was frozen, and counts nothing anew."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from hazards.models import Hazard, Instruction
from rankings.models import Freeze, Line, Table
from rankings.shown import rate_due
from tests.cities.conftest import CITY

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("small city"), pytest.mark.once]
TREND, MAP, WALL, LEADER = "/rankings/trend/", "/rankings/map/", "/rankings/wall/", "/rankings/leader/"


def test_steps_are_the_totals_that_were_frozen(reader, frozen_city):
    freezes = list(Freeze.objects.in_force().filter(city_code=CITY).exclude(period__contains="W").order_by("last"))
    assert len(freezes) >= 2
    answer = reader("leader").get(TREND, {"month": freezes[-1].period})

    totals = [Table.objects.get(freeze=one, kind="county", division=CITY).totals["single"] for one in freezes]
    steps = answer.context["steps"]
    assert [step["period"].code for step in steps] == [one.period for one in freezes]
    for name in ("found", "found_major", "closed", "overdue"):
        assert [step[name] for step in steps] == [total[name] for total in totals]
    assert [step["rate_due"] for step in steps] == [float(rate_due(total)) for total in totals]
    assert answer.context["chart"]["found"] == [total["found"] for total in totals]
    text = answer.content.decode()
    assert 'role="img"' in text and freezes[0].asked_period.full_words in text


def test_bodies_are_those_of_the_place(reader, frozen_city):
    freeze = frozen_city["weeks"][-1]
    client = reader("safety_office")
    for county, kind, division in (("", "county", CITY), ("411402", "township", "411402")):
        answer = client.get(TREND, {"week": freeze.period} | ({"county": county} if county else {}))
        lines = {
            line.code: line
            for line in Line.objects.filter(table__freeze=freeze, table__kind=kind, table__division=division)
        }
        bodies = answer.context["bodies"]
        assert [body["code"] for body in bodies] == sorted(lines)
        for body in bodies:
            assert body["last"] == lines[body["code"]].figures["single"]
            assert body["overdue"][-1] == lines[body["code"]].figures["single"]["overdue"] and len(
                body["overdue"]
            ) == len(answer.context["steps"])


def test_a_township_reads_its_own_county_and_no_other(reader, frozen_city):
    client = reader("township")
    own = client.get(TREND, {"week": frozen_city["weeks"][-1].period}).context["division"]
    assert len(own) == 6
    other = "411403" if own == "411402" else "411402"
    assert client.get(TREND, {"county": other}).status_code == 400
    assert client.get(TREND, {"county": CITY}).status_code == 200


def test_the_trend_counts_nothing(reader, frozen_city):
    client = reader("leader")
    query = {"month": frozen_city["months"][-1].period}
    client.get(TREND, query)
    with CaptureQueriesContext(connection) as whole:
        client.get(TREND, query)
    assert len(whole) <= 8, [one["sql"][:80] for one in whole]


def test_squares_say_the_frozen_table_in_fixed_places(reader, frozen_city):
    client = reader("leader")
    seen = []
    for freeze in frozen_city["months"]:
        answer = client.get(MAP, {"month": freeze.period, "by": "overdue"})
        lines = {line.code: line for line in answer.context["one"].lines}
        places = [cell["code"] for _, inside in answer.context["counties"] for cell in inside]
        assert places == sorted(lines)
        for cell in answer.context["cells"]:
            overdue = lines[cell["code"]].figures["window"]["overdue"]
            least = {"overdue-0": 0, "overdue-1": 1, "overdue-2": 3, "overdue-3": 6, "overdue-4": 11}
            assert (
                cell["overdue"] == overdue
                and cell["level"] == [name for name, start in least.items() if start <= overdue][-1]
            )
        seen.append(places)
    assert seen[0] == seen[1]
    for cell in client.get(MAP, {"month": frozen_city["months"][-1].period}).context["cells"]:
        score = cell["score"]
        expected = "none" if score is None else str(sum(score < least for least in (90, 80, 70, 60)))
        assert cell["level"] == f"score-{expected}"
    assert client.get(cell["url"]).context["line"].code == cell["code"]


@pytest.mark.parametrize("address", [WALL, LEADER])
def test_lines_are_those_of_the_newest_frozen_week(reader, frozen_city, address):
    freeze = frozen_city["weeks"][-1]
    for name, kind, division in (("leader", "county", CITY), ("township", "township", None)):
        answer = reader(name).get(address)
        one = answer.context["one"]
        assert (one.freeze, one.kind.code) == (freeze, kind) and one.division == (division or one.division)
        lines = Line.objects.filter(table__freeze=freeze, table__kind=kind, table__division=one.division).order_by(
            "place"
        )
        assert [line.pk for line in one.lines] == [line.pk for line in lines]
        text = answer.content.decode()
        for row in answer.context.get("rows") or answer.context["bodies"]:
            assert str(row["line"].score) in text or row["line"].score is None
        assert f"{one.band} 位" in text


def test_open_rows_are_counted_as_the_ledger_counts_them(reader, frozen_city):
    today, rows = timezone.localdate(), Hazard.objects.filter(city_code=CITY)
    client = reader("leader")
    for address in (WALL, LEADER):
        counts = client.get(address).context["counts"]
        assert counts["open"] == rows.open().count() > 0
        assert counts["overdue"] == rows.overdue(today).count() > 0
        assert counts["overdue_major"] == rows.overdue(today).filter(level="major").count()
    context = client.get(WALL).context
    monday = today - timedelta(days=today.weekday())
    assert context["week_counts"] == {
        "found": rows.in_ledger().filter(found_on__range=(monday, today)).count(),
        "closed": rows.in_ledger().filter(closed_on__range=(monday, today)).count(),
    }
    waiting = Instruction.objects.open().filter(hazard__city_code=CITY)
    assert context["pressing"]["instructions"] == waiting.count()
    assert context["pressing"]["late_answers"] == waiting.filter(reply_by__lt=today).count()


def test_a_long_table_shows_its_two_ends(reader, frozen_city):
    answer = reader("township").get(WALL)
    places = [row["line"].place for row in answer.context["rows"]]
    count = len(answer.context["one"].lines)
    assert count > 12 and places == [1, 2, 3, 4, 5, *range(count - 5, count + 1)]
    assert "只列前 5 名和末 6 名" in answer.content.decode()


@pytest.mark.parametrize(("address", "most"), [(WALL, 8 + 4), (LEADER, 8 + 1)])
def test_queries_are_few(reader, frozen_city, address, most):
    """Of the wall eight for what is frozen and four for what stands open; of the leaders' page one more for unread bulletins."""
    client = reader("leader")
    client.get(address)
    with CaptureQueriesContext(connection) as frame:
        client.get("/rankings/map/shapes/")
    with CaptureQueriesContext(connection) as whole:
        client.get(address)
    assert len(whole) - len(frame) <= most, [one["sql"][:80] for one in whole]


def test_a_table_says_what_stands_behind_a_share_and_statistics_begin_with_what_is_worst(reader, frozen_city):
    freeze = frozen_city["weeks"][-1]
    client, asked = reader("safety_office"), {"week": freeze.period}
    answer = client.get("/rankings/", asked | {"kind": "township"})
    rows, text = answer.context["rows"], answer.content.decode()
    approved = [row["line"].parts["inspectors"] for row in rows if row["line"].parts["inspectors"] is not None]
    assert approved and text.count("<br>核定 ") == len(
        [row for row in rows if row["coverage"] is not None and row["line"].parts["inspectors"] is not None]
    )
    assert [row["flags"] for row in rows] == [row["line"].figures["window"].get("flags", 0) for row in rows]
    flagged = [row for row in rows if row["flags"]]
    assert all(row["flags_url"].endswith(f"unit={row['line'].code}") for row in flagged)

    listed = [row["figures"]["overdue"] for row in client.get("/rankings/", asked | {"kind": "sector"}).context["rows"]]
    assert len(listed) > 3 and listed == sorted(listed, reverse=True)

    seen = next(row for row in rows if row["links"]["inspections"])
    behind = client.get(seen["links"]["inspections"]).content.decode()
    assert "“现在”一列" not in behind, "visits have no such column"
    assert f"unit={seen['line'].code}" in behind and ">统计排名</a>" in behind, "the way back"
