"""The page of a unit: what it says is what is frozen, and what it promises is what the formula gives."""

import re
from statistics import median

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from hazards.models import Hazard
from rankings import formula, gains
from rankings import moves as page
from rankings.kinds import KINDS
from rankings.models import Line, StandingHazard
from rankings.operations import ranked
from rankings.operations.freezing import frozen_source
from rankings.shown import shown
from tests.cities.conftest import CITY

BESIDES = 5  # what flags and reports show beside the frozen figures
pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("small city"), pytest.mark.once]
UNIT = "/rankings/unit/"
OWN = 8  # queries of the page itself, besides those of its frame


def table(freeze, kind="township", division=CITY):
    return shown(
        CITY, KINDS[kind], freeze.asked_period, division=division, today=timezone.localdate(), at=timezone.now()
    )


def late(freeze, least=1):
    """A ranked township with something overdue."""
    lines = Line.objects.filter(table__freeze=freeze, table__kind="township", table__division=CITY, rank__isnull=False)
    return lines.filter(figures__window__overdue__gte=least).order_by("rank").last()


def asked(freeze, line, kind="township"):
    return {freeze.asked_period.unit: freeze.period, "kind": kind, "unit": line.code}


def test_scored_once_more_every_line_is_what_was_frozen(frozen_city):
    for freeze in (frozen_city["weeks"][-1], frozen_city["months"][-1]):
        for frozen in freeze.tables.exclude(kind="sector"):
            one = table(freeze, frozen.kind, frozen.division)
            competition = gains.Competition(one)
            for line in one.lines[:: max(1, len(one.lines) // 10)]:
                expected = (None if line.score is None else float(line.score), line.rank)
                assert competition.standing(line.code, competition.inputs[line.code]) == expected


def test_closing_the_oldest_overdue_brings_what_the_page_says(frozen_city):
    """Recounted from rows: the same rows are closed in the frozen copy, and the whole table is counted and ranked anew."""
    freeze = frozen_city["months"][-1]
    line = late(freeze)
    one = table(freeze)
    [gain] = [
        gain
        for gain in page.moves_of(one, line, reader=User.objects.get(username="safety_office"))
        if gain.part == "overdue"
    ]
    rows = [detail["row"] for detail in gain.details]
    assert 1 <= len(rows) <= 5 and [row.counted_by for row in rows] == sorted(row.counted_by for row in rows)

    StandingHazard.objects.filter(pk__in=[row.pk for row in rows]).update(
        state="closed", closed_on=freeze.last, rectified_on=freeze.last, feedback_on=freeze.last
    )
    tables = ranked(
        CITY, freeze.asked_period, source=frozen_source(freeze), version=freeze.formula, cut_off=freeze.cut_off
    )
    again = next(
        other
        for recounted, lines in tables
        if (recounted.kind, recounted.division) == ("township", CITY)
        for other in lines
        if other.code == line.code
    )
    assert again.figures["window"]["overdue"] == line.figures["window"]["overdue"] - len(rows)
    assert gain.place == again.rank
    assert gain.plus == max(0, round(float(again.score - line.score), 1))
    assert gain.plus > 0


def test_page_says_place_score_parts_peers_and_the_period_before(reader, frozen_city):
    before, freeze = frozen_city["months"]
    line = late(freeze)

    answer = reader("safety_office").get(UNIT, asked(freeze, line))

    text = answer.content.decode()
    assert answer.status_code == 200
    assert f"第 {line.rank} 名" in text and f"{line.score} 分" in text
    one = table(freeze)
    low, high = one.band_of(line)
    assert f"约第 {low}–{high} 名之间" in text
    scores = [other.score for other in one.lines if other.score is not None]
    assert answer.context["middle"] == median(scores) and answer.context["best"] == max(scores)
    assert [part.points for part in answer.context["parts"]] == [
        line.parts["points"][name] for name, _ in formula.PARTS
    ]
    for part in answer.context["parts"]:
        points = [other.parts["points"][part.name] for other in one.lines if other.score is not None]
        known = [value for value in points if value is not None]
        assert part.peer_points == (median(known) if known else None)
    earlier = Line.objects.get(table__freeze=before, table__kind="township", table__division=CITY, code=line.code)
    assert answer.context["before"] == earlier
    assert [step["score"] for step in answer.context["year"]][-2:] == [earlier.score, line.score]
    better = max(other.rank for other in one.lines if other.rank and other.rank < line.rank)
    assert answer.context["above"][0] == better
    minus = {one.label: one.points for one in answer.context["deductions"]}
    assert sum(minus.values()) == pytest.approx(answer.context["taken"])


def test_every_reader_reads_the_same_numbers_and_opens_only_own_rows(reader, frozen_city):
    freeze = frozen_city["months"][-1]
    line = late(freeze)
    office = reader("safety_office").get(UNIT, asked(freeze, line))
    overdue = Hazard.objects.get(pk=page.oldest_overdue(table(freeze), line)[0].hazard_id)
    assert overdue.get_absolute_url() in office.content.decode()
    stranger = reader("department").get(UNIT, asked(freeze, line) | {"county": CITY})

    assert stranger.status_code == 200 and not stranger.context["opens"]
    text = stranger.content.decode()
    assert "/rankings/rows/" not in text and overdue.get_absolute_url() not in text
    for said in ("said", "earned", "taken", "middle", "above", "band"):
        assert stranger.context[said] == office.context[said]
    assert [(gain.words, gain.plus, gain.place) for gain in stranger.context["moves"]] == [
        (gain.words, gain.plus, gain.place) for gain in office.context["moves"]
    ]


def test_a_row_that_has_gone_to_another_body_counts_and_is_not_named(frozen_city):
    freeze = frozen_city["months"][-1]
    line, one = late(freeze), table(freeze)
    office = User.objects.get(username="safety_office")
    [before] = [gain for gain in page.moves_of(one, line, reader=office) if gain.part == "overdue"]
    gone = before.details[0]["row"].hazard
    Hazard.objects.filter(pk=gone.pk).update(division_code="411500001")
    [after] = [gain for gain in page.moves_of(one, line, reader=office) if gain.part == "overdue"]
    assert (after.plus, after.place) == (before.plus, before.place)
    assert [detail["row"].hazard for detail in after.details] == [detail["row"].hazard for detail in before.details[1:]]


def test_firms_that_waited_longest_were_not_inspected_in_the_window(frozen_city):
    freeze = frozen_city["months"][-1]
    one = table(freeze)
    found = 0
    for line in one.lines:
        if line.figures["window"]["inspected"] >= line.parts["register"]:
            continue
        firms = page.longest_uninspected(one, line, User.objects.get(username="safety_office"))
        for row in firms:
            visits = (
                row["firm"]
                .inspections.paid()
                .filter(inspected_on__lte=freeze.last, unit__division_code=line.division_code)
            )
            assert row["firm"].division_code == line.division_code
            assert not visits.filter(inspected_on__gte=freeze.window_first).exclude(kind="self").exists()
            newest = visits.order_by("-inspected_on").values_list("inspected_on", flat=True).first()
            assert row["last"] == newest
            found += 1
        if found > 20:
            return
    assert found


def test_a_unit_of_no_table_is_not_found_and_a_wrong_question_said(reader, frozen_city):
    freeze = frozen_city["weeks"][-1]
    client = reader("leader")
    assert client.get(UNIT, {"week": freeze.period, "kind": "township", "unit": "999999999"}).status_code == 404
    answer = client.get(UNIT, {"week": "2026-W99", "kind": "township", "unit": "411402001"})
    assert answer.status_code == 400 and "周" in answer.content.decode()
    assert client.get(UNIT, {"week": freeze.period}).status_code == 400
    assert (
        client.get(
            UNIT, {"week": freeze.period, "unit": late(freeze).code, "kind": "township", "revision": 9}
        ).status_code
        == 404
    )


def test_a_sector_has_its_figures_and_rows(reader, frozen_city):
    freeze = frozen_city["months"][-1]
    line = Line.objects.filter(table__freeze=freeze, table__kind="sector").order_by("-figures__window__overdue").first()
    answer = reader("safety_office").get(UNIT, asked(freeze, line, "sector"))

    shown_figures = {figure["label"]: figure["window"] for figure in answer.context["figures"]}
    assert (
        shown_figures["发现"] == line.figures["window"]["found"]
        and shown_figures["逾期未整改"] == line.figures["window"]["overdue"]
    )
    assert [step["figures"]["found"] for step in answer.context["trail"]][-1] == line.figures["single"]["found"]
    assert all(row.told.sector_id == line.sector_id for row in answer.context["rows"]) and answer.context["rows"]
    township = reader("township").get(UNIT, asked(freeze, line, "sector"))
    assert (
        township.status_code == 200
        and not township.context["rows"]
        and "/rankings/rows/" not in township.content.decode()
    )


def test_names_of_the_table_lead_here(reader, frozen_city):
    freeze = frozen_city["months"][-1]
    client = reader("safety_office")
    text = client.get(reverse("rankings:index"), {"month": freeze.period, "kind": "township"}).content.decode()
    line = Line.objects.get(table__freeze=freeze, table__kind="township", table__division=CITY, place=1)
    first = re.search(rf'href="({UNIT}\?[^"]*unit={line.code})"', text)[1].replace("&amp;", "&")
    assert client.get(first).context["line"] == line


@pytest.mark.parametrize(("kind", "county"), [("township", ""), ("township", "411402"), ("county", ""), ("sector", "")])
def test_a_frozen_page_counts_nothing(reader, frozen_city, kind, county):
    freeze = frozen_city["months"][-1]
    line = Line.objects.filter(
        table__freeze=freeze, table__kind=kind, table__division=county or CITY, figures__window__overdue__gte=1
    ).first()
    client = reader("safety_office")
    query = asked(freeze, line, kind) | ({"county": county} if county else {})
    client.get(UNIT, query)
    with CaptureQueriesContext(connection) as frame:  # the bar of the page, and one query of its own
        client.get(reverse("rankings:outline"))
    with CaptureQueriesContext(connection) as whole:
        assert client.get(UNIT, query).status_code == 200
    assert len(whole) - (len(frame) - 1) <= OWN + BESIDES, [one["sql"][:90] for one in whole]
