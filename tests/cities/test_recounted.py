"""A law: every figure of every table, frozen at any cut-off, is what a slow recount from events finds; and nothing that happens
afterwards changes what was frozen."""

import io
import json
import random
from datetime import timedelta

import openpyxl
import pytest
from django.core.management import call_command
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.operations import edit_unit
from hazards import operations as acts
from hazards.models import Hazard, HazardEvent
from inspections.operations import edit
from journal.audit import breaks
from journal.past import touched_since
from rankings import formula
from rankings.figures import COUNTS
from rankings.kinds import KINDS
from rankings.models import Formula, Freeze, Line, StandingHazard, Table
from rankings.operations import freeze, revise
from rankings.operations.freezing import end_of, make
from rankings.operations.ranking import Spans
from rankings.trial import tried
from tests.cities.recounted import Past, recounted
from workdays.periods import month_of, week_of

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("small city")]
CITY = "4114"
COMPARED = [name for name in COUNTS if name != "amount"] + ["avg_days"]


def periods():
    """Weeks and months at dice, old and new ones, and the newest of each."""
    today, dice = timezone.localdate(), random.Random(8)
    week, month = week_of(today).previous(), month_of(today).previous()
    return [week, month, dice.choice(week.trail(60)[:-1]), dice.choice(month.trail(14)[:-1])]


@pytest.mark.parametrize("place", range(4))
def test_every_figure_is_what_the_events_say(small_city, place):
    period = periods()[place]
    one = freeze(CITY, period, at=timezone.now())
    past, constants = Past(end_of(period)), one.formula.constants
    spans, checked, seen = Spans.of(period, constants), 0, set()
    for table in one.tables.filter(division=CITY).exclude(kind="sector"):
        lines = list(table.lines.all())
        for line in random.Random(1).sample(lines, min(len(lines), 40)):
            for name in ("window", "single"):
                span = getattr(spans, name)
                slow = recounted(past, table.kind, line.unit, span.first, span.last, constants)
                quick = line.figures[name]
                for figure in COMPARED:
                    expected = slow[figure] if figure == "avg_days" else slow[figure] or 0
                    if figure == "avg_days" and expected is not None:
                        assert quick[figure] == pytest.approx(expected, abs=0.051), (table.kind, line.code, name)
                        continue
                    assert quick[figure] == expected, (period.code, table.kind, line.code, name, figure)
                    seen |= {figure} if expected else set()
                    checked += 1
    assert checked > 3000
    if place < 2:
        assert {
            "found",
            "due",
            "rectified_of_due",
            "on_time",
            "closed",
            "overdue",
            "inspections",
            "finders",
            "register_days",
        } <= seen


def test_lines_and_rest_make_the_whole(small_city):
    """Townships, counties, departments and sectors count the same ledger: with what falls to none of them, the same sums."""
    one = freeze(CITY, week_of(timezone.localdate()).previous(), at=timezone.now())
    totals = {table.kind: table.totals["window"] for table in one.tables.filter(division=CITY)}
    assert set(totals) == {"county", "township", "department", "sector"}
    for figure in ("found", "due", "rectified_of_due", "on_time", "unissued", "closed", "overdue", "returned"):
        assert len({total[figure] for total in totals.values()}) == 1, (figure, totals)
    for county in one.tables.filter(kind="township").exclude(division=CITY):
        own = Line.objects.get(table__freeze=one, table__kind="county", division_code=county.division)
        assert county.totals["window"]["found"] == own.figures["window"]["found"]


def test_scores_are_the_formula_of_the_stored_figures(small_city):
    one = freeze(CITY, month_of(timezone.localdate()).previous(), at=timezone.now())
    days = (one.last - one.window_first).days + 1
    for table in one.tables.filter(kind="township"):
        lines = list(table.lines.order_by("place"))
        inputs = [_inputs(line, days) for line in lines]
        peers = inputs if len(inputs) >= 5 else [_inputs(line, days) for line in Line.objects.filter(table__freeze=one, table__kind="township", table__division=CITY)]  # fmt: skip
        common = formula.pool(peers, one.formula.constants)
        scores = [formula.score(each, common, one.formula.constants, days).total for each in inputs]
        assert [None if line.score is None else float(line.score) for line in lines] == scores
        assert scores == sorted(scores, key=lambda score: -1 if score is None else score, reverse=True)


def _inputs(line, days):
    one = line.figures["window"]
    due = one["due"] + one["unissued"] + one["refused"]
    return formula.Inputs(
        due=due, unrectified=due - one["rectified_of_due"], late=due - one["on_time"] - one["undated"], undated=one["undated"],
        own_found=one["own_found"], spot=one["spot"], inspected=one["inspected"], finders=one["finders"], punished=one["punished"],
        register=formula.Fraction(one["register_days"], days), reports_due=one.get("reports_due", 0),
        reports_on_time=one.get("reports_on_time", 0), overdue_general=one["owed_general"], overdue_major=one["owed_major"],
        reopened=one["returned"], missed=one["missed"],
    )  # fmt: skip


def test_nothing_that_happens_afterwards_moves_a_frozen_figure(small_city, photo):
    """Corrections, voidings, a reset, a reopening, a firm of another line, a unit of another name: the frozen period stays, digest and all."""
    at = timezone.now()
    period = week_of(timezone.localdate()).previous()
    one = freeze(CITY, period, at=at)
    before = [(table.kind, table.division, table.totals) for table in one.tables.order_by("pk")]
    lines = list(Line.objects.filter(table__freeze=one).order_by("pk").values_list("code", "rank", "score", "figures"))
    office = User.objects.get(username="safety_office")
    found = Hazard.objects.filter(found_on__range=(period.first, period.last), city_code=CITY).order_by("pk")
    upgraded = found.filter(state="rectifying", level="general").first()
    acts.correct(upgraded, by=office, at=at, reason="判定有误", level="major", basis="附录第 3 条")
    doubted = found.filter(void_asked_on=None).exclude(pk=upgraded.pk).first()
    other = User.objects.filter(role="inspector", unit=doubted.found_by_unit, is_active=True).first()
    acts.request_void(doubted, by=other, at=at, ground="error", reason="不在本辖区")
    acts.decide_void(doubted, by=office, at=at, granted=True, opinion="属实")
    closed = Hazard.objects.filter(state="closed", closed_on__range=(period.first, period.last)).first()
    acts.reopen(closed, by=office, at=at, reason="复查发现反弹", photos=[photo(office)], days=7)
    firm = upgraded.enterprise
    edit(firm, by=office, at=at, sector=None)
    keeper = User.objects.get(username="sysadmin")
    township = Line.objects.filter(table__freeze=one, table__kind="township").first().unit
    edit_unit(township, by=keeper, at=at, short_name="改名街道")

    assert [(table.kind, table.division, table.totals) for table in one.tables.order_by("pk")] == before
    again = Line.objects.filter(table__freeze=one).order_by("pk").values_list("code", "rank", "score", "figures")
    assert list(again) == lines
    one.refresh_from_db()
    assert one.compute_digest() == one.figures_digest
    assert freeze(CITY, period, at=at) == one, "a period is frozen once"

    second = revise(one, by=office, at=at, reason="两条登记有误")
    one.refresh_from_db()
    assert (one.state, second.state, second.revision) == ("superseded", "frozen", 2)
    assert one.compute_digest() == one.figures_digest, "the old one stays readable"
    was, now = (Table.objects.get(freeze=each, kind="county", division=CITY).totals["single"] for each in (one, second))
    stood = StandingHazard.objects.filter(freeze=one, found_on__range=(period.first, period.last))
    since = HazardEvent.objects.filter(at__gte=one.cut_off, record__in=stood.values("hazard"))
    void, raised, lowered = (
        set(since.filter(kind=kind).values_list("record", flat=True)) for kind in ("void", "upgrade", "downgrade")
    )
    majors = set(stood.filter(level="major").values_list("hazard", flat=True))
    assert doubted.pk in void and upgraded.pk in raised
    assert now["found"] == was["found"] - len(void), "what was void counts no more"
    assert now["found_major"] == len((majors | raised) - lowered - void), "what was corrected counts as corrected"
    assert now["closed"] == was["closed"] - _closed(stood, void, period), (
        "a reopening since is no correction of that week"
    )
    assert not list(breaks([Freeze]))


def _closed(stood, void, period):
    return stood.filter(hazard__in=void, closed_on__range=(period.first, period.last)).count()


def test_a_freeze_made_late_says_what_it_would_have_said_in_time(small_city):
    """Put back and made again after more work: as of the cut-off nothing differs, though the rows are now summed from their events."""
    period, office = month_of(timezone.localdate() - timedelta(days=150)), User.objects.get(username="safety_office")
    with transaction.atomic():
        one = freeze(CITY, period, at=timezone.now())
        digest, rows = (
            one.figures_digest,
            list(StandingHazard.objects.filter(freeze=one).values_list("hazard", flat=True)),
        )
        transaction.set_rollback(True)
    assert Hazard.objects.filter(pk__in=rows).exclude(pk__in=touched_since(Hazard, end_of(period))).exists()
    for row in Hazard.objects.filter(pk__in=rows):
        acts.comment(row, by=office, at=timezone.now(), text="已电话提醒")
    again = freeze(CITY, period, at=timezone.now())
    assert again.figures_digest == digest


def test_page_api_workbook_chart_and_command_say_what_was_frozen(small_city, client, capsys):
    """Five doors, one line: every number of a table is the stored one."""
    period, at = week_of(timezone.localdate()).previous(), timezone.now()
    one = freeze(CITY, period, at=at)
    client.force_login(User.objects.get(username="leader"))
    asked = {"week": period.code, "kind": "county"}
    lines = list(Line.objects.filter(table__freeze=one, table__kind="county", table__division=CITY).order_by("place"))
    page = client.get(reverse("rankings:index"), asked)
    assert [(row["line"].code, row["figures"]) for row in page.context["rows"]] == [
        (line.code, line.figures["window"]) for line in lines
    ]
    worst = {line.short_name: line.figures["window"]["overdue"] for line in lines}
    chart = page.context["worst"]
    assert chart["values"] == sorted((value for value in worst.values() if value), reverse=True)[: len(chart["values"])]
    assert all(worst[name] == value for name, value in zip(chart["labels"], chart["values"], strict=True))
    totals = Table.objects.get(freeze=one, kind="county", division=CITY).totals["single"]
    assert page.context["trend_rows"][-1] == (str(period.number), totals["found"], totals["closed"], totals["overdue"])
    table = client.get(reverse("api-rankings"), asked).json()
    call_command("rank", "--week", period.code, "--kind", "county", "--json")
    assert json.loads(capsys.readouterr().out) == table
    for row, line in zip(table["rows"], lines, strict=True):
        single = line.figures["single"]
        told = (row["unit"], row["rank"], row["found"], row["closed"], row["overdue"], row["reopened"], row["flags"])
        names = ("found", "closed", "overdue", "returned", "flags")
        assert told == (line.code, line.rank, *(single.get(name, 0) if name != "flags" else line.figures["window"].get("flags", 0) for name in names))  # fmt: skip
    answer = client.get(reverse("rankings:export"), asked)
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    rows = list(sheet.values)
    heads = list(rows[1])
    for row, line in zip(rows[2:], lines, strict=False):
        cells = dict(zip(heads, row, strict=True))
        window = line.figures["window"]
        assert cells["单位代码"] == line.code
        assert cells["得分"] == ("无数据" if line.score is None else float(line.score))
        names = {
            "发现隐患": "found",
            "期内销号": "closed",
            "逾期未整改": "overdue",
            "返潮": "returned",
            "检查家次": "inspections",
        }
        assert {label: cells[label] for label in names} == {label: window[name] for label, name in names.items()}


def test_a_draft_tried_on_a_frozen_month_is_what_a_freeze_made_by_it_says(small_city):
    """With a window shorter than the frozen one, other limits, weights and deductions: place and score of every unit."""
    month = month_of(timezone.localdate()).previous()
    one = freeze(CITY, month, at=timezone.now())
    numbers = one.formula.constants.as_dict() | {
        "coverage": 35, "finding": 10, "window_months": 2, "limit_days_general": 15, "overdue_general_each": 4, "missed_days": 20,
    }  # fmt: skip
    draft = Formula.objects.create(city_code=CITY, state="draft", numbers=numbers, reason="试算")

    found = {kind: tried(one, draft, KINDS[kind]) for kind in ("county", "township", "department")}

    stood = {kind: standings(one, kind) for kind in found}
    Formula.objects.filter(pk=draft.pk).update(state="published", number=3, since=month.first)
    Freeze.objects.filter(pk=one.pk).update(state="superseded", revision=9, uid="0" * 32)
    again = make(CITY, month, at=timezone.now()).freeze
    assert again.formula == draft
    for kind, tried_so in found.items():
        moves = tried_so.moves.items()
        assert {code: (move.rank, move.score) for code, move in moves} == stood[kind]
        assert {code: (move.new_rank, move.new_score) for code, move in moves} == standings(again, kind)
        assert tried_so.drifted == 0
    assert sum(tried_so.changed for tried_so in found.values()) > 40, "such a change moves many"


def standings(one, kind):
    """``{unit code: (rank, score)}`` in the table of the city."""
    lines = Line.objects.filter(table__freeze=one, table__kind=kind, table__division=CITY)
    return {line.code: (line.rank, None if line.score is None else float(line.score)) for line in lines}
