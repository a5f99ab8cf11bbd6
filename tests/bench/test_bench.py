import json
import random
from collections import Counter
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from accounts.models import Unit
from bench import data, databases, measuring, report, sweep, words
from bench.management.commands import bench
from hazards.models import Hazard, Reminder
from inspections.models import Inspection
from notifications.models import Notification
from rankings.kinds import TOWNSHIP
from rankings.shown import shown
from workdays.periods import week_of

# It makes databases and indexes of its own, whatever the tests run on.
pytestmark = [pytest.mark.once, pytest.mark.xdist_group("bench")]  # measured once, in one process

SMALL, LARGE = 600, 900
FROZEN = {"P3 freeze", "P3 frozen", "P3 frozen queries"}
EVERYWHERE = {"P1", "P1 queries", "P2 rare", "P2 common", "P3", *FROZEN, "P4", "P4 memory", "P6", "P6 idle", "P7", "P8"}
LAST = {"P9", "P9 errors", "P9 requests", "P1 growth", "P8 growth", "P5", "P5 lock"}
KEYS = {"id", "database", "rows", "ratio", "goal", "seconds", "unit", "peak_rss_mb"}


@pytest.fixture(scope="module")
def measured(tmp_path_factory):
    """One real run of all measures on two small ledgers: processes of their own, SQLite, everything in a directory of its own."""
    place = tmp_path_factory.mktemp("bench")
    output, sizes = place / "bench.json", [SMALL, LARGE]
    with (place / "table.txt").open("w+") as told, pytest.MonkeyPatch.context() as patch:
        patch.setenv("BENCH_ROUNDS", "2")
        call_command("bench", rows=sizes, database="sqlite", seconds=4, output=output, stdout=told)
        told.seek(0)
        return json.loads(output.read_text()), told.read()


def test_every_measure_gives_its_figures_at_every_size_it_is_for(measured):
    results, _ = measured

    assert {one["id"] for one in results if one["rows"] == SMALL} == EVERYWHERE
    assert {one["id"] for one in results if one["rows"] == LARGE} == EVERYWHERE | LAST
    assert all(one.keys() == KEYS and one["database"] == "sqlite" for one in results)
    assert all(one["seconds"] > 0 and one["peak_rss_mb"] > 10 for one in results)
    assert all(one["ratio"] > 0 for one in results if one["unit"] == "×")
    without_goal = {one["id"] for one in results if one["goal"] is None}
    assert without_goal == {
        "P2 rare",
        "P2 common",
        "P3 freeze",
        "P8",
        "P9 requests",
    }  # SQLite looks for words as LIKE does


def test_the_page_keeps_to_its_number_of_queries(measured):
    queries = [one for one in measured[0] if one["id"] == "P1 queries"]
    frozen = [one for one in measured[0] if one["id"] == "P3 frozen queries"]

    assert len(queries) == len(frozen) == 2
    assert all(
        5 <= one["ratio"] <= one["goal"] == 8 for one in frozen
    )  # session, person, table, lines and what went before
    assert all(3 <= one["ratio"] <= one["goal"] == 10 for one in queries)  # session, person and rows at the least


def test_nothing_fails_in_the_crowd(measured):
    [errors] = [one for one in measured[0] if one["id"] == "P9 errors"]
    [requests] = [one for one in measured[0] if one["id"] == "P9 requests"]

    assert errors["ratio"] == errors["goal"] == 0
    assert requests["ratio"] > 0.5


def test_the_table_shows_every_result(measured):
    results, told = measured

    lines = [line for line in told.splitlines() if not line.startswith("measuring ")]
    assert told.splitlines()[0].startswith(f"measuring sqlite, {SMALL}, {LARGE} rows: ")
    assert [line.split("  ")[0] for line in lines[1:]] == sorted(one["id"] for one in results)


def test_each_size_is_grown_from_the_one_before_it_and_the_import_stands_apart():
    ledger = ["P4", "P1", "P2", "P7", "P3", "P6", "P8"]
    assert bench.plans_of([10, 100], [*bench.MEASURES, "P5"]) == [
        [(10, ledger), (100, [*ledger, "P9"])],
        [(100, ["P5"])],
    ]
    assert bench.plans_of([10], ["P5"]) == [[(10, ["P5"])]]
    assert bench.plans_of([10], ["P1"]) == [[(10, ["P1"])]]
    assert bench.plans_of([5_000_000], ["P5"]) == [[(100_000, ["P5"])]]


def indexes_of(table):
    with connection.cursor() as cursor:
        cursor.execute(data.INDEXES[connection.vendor], [table])
        return set(cursor.fetchall())


@pytest.fixture
def untidied(monkeypatch):
    """PostgreSQL does not clean up inside a test's transaction."""
    for module in (data, sweep):
        monkeypatch.setattr(module, "tidy", lambda: None)


@pytest.mark.django_db
def test_a_ledger_grows_and_keeps_what_stood_in_it(untidied):
    today = date(2026, 11, 28)
    data.fill(100, today)
    first = set(Hazard.objects.values_list("pk", "uid"))
    indexes = indexes_of("hazards_hazard")
    data.fill(250, today)

    assert Hazard.objects.count() == 250
    assert Inspection.objects.count() == 125
    assert first < set(Hazard.objects.values_list("pk", "uid"))
    assert indexes_of("hazards_hazard") == indexes != set()
    reminded = set(Reminder.objects.values_list("hazard", "level", "deadline"))
    assert reminded == set(Hazard.objects.filter(state="rectifying").values_list("pk", "level", "deadline"))
    assert not Reminder.objects.filter(next_on__lte=today).exists()


@pytest.mark.django_db
def test_the_sweep_leaves_the_ledger_as_it_found_it(untidied):
    today = date(2026, 11, 28)
    data.fill(200, today)

    def ledger():
        return list(Hazard.objects.order_by("pk").values_list("pk", "state", "closed_on")), set(
            Reminder.objects.values_list()
        )

    before = ledger()
    results = sweep.measure(today)
    assert ledger() == before
    assert not Notification.objects.exists()
    assert [one.id for one in results] == ["P6", "P6 idle"]


@pytest.mark.django_db
def test_words_are_looked_for_where_both_ways_find_the_same(untidied, monkeypatch):
    data.fill(200, date(2026, 11, 28))
    shares = words.shares_of_words()
    rare, common = (min(shares, key=lambda one: abs(shares[one] - share)) for _, share, _ in words.WORDS)

    assert shares[rare] <= 0.01 and 0.02 < shares[common] < 0.1
    assert not any(Unit.objects.filter(name__contains=word).exists() for word in (rare, common))
    goals = [0.05, 0.5] if connection.vendor == "postgresql" else [None, None]
    assert [(one.id, one.goal) for one in words.measure(None)] == list(
        zip(["P2 rare", "P2 common"], goals, strict=True)
    )

    monkeypatch.setattr(words, "COLUMNS", ("location",))
    with pytest.raises(measuring.Incomparable, match="do not find the same"):
        words.measure(None)


@pytest.mark.django_db
def test_firms_of_the_ledger_are_on_register(untidied):
    today = date(2026, 11, 28)
    data.fill(200, today)

    table = shown(data.CITY, TOWNSHIP, week_of(today), today=today, at=timezone.now())
    assert sum(line.figures["single"]["register_days"] for line in table.lines) > 150


@pytest.mark.django_db
def test_measures_only_where_nobody_lives(django_user_model, tmp_path):
    django_user_model.objects.create_user("somebody")

    with pytest.raises(CommandError, match="not empty"):
        call_command("bench", rows=[300], only=["P1"], inside=tmp_path / "out.json")

    assert not (tmp_path / "out.json").exists()
    assert django_user_model.objects.count() == 1


@pytest.mark.parametrize(
    "arguments", [["--rows", "many"], ["--rows", "5"], ["--rows", "10000,99999999"], ["--only", "P77"]]
)
def test_arguments_that_mean_nothing_are_refused(arguments):
    with pytest.raises(CommandError):
        call_command("bench", *arguments)


def test_arguments_are_lists():
    assert bench.sizes_of("10000,100000") == [10_000, 100_000]
    assert bench.ids_of("p3,P6") == ["P3", "P6"]


def test_without_postgresql_says_what_is_left_out(monkeypatch, capsys):
    monkeypatch.setattr(databases, "POSTGRES", "postgres://nobody@127.0.0.1:1/none")

    assert bench.Command().kinds(None) == ["sqlite"]
    assert capsys.readouterr().out == "left out: PostgreSQL (nothing answers on 127.0.0.1:5432)\n"
    with pytest.raises(CommandError, match="does not answer"):
        bench.Command().kinds("postgresql")


def test_a_child_is_the_product_and_not_this_process(monkeypatch, tmp_path):
    monkeypatch.setenv("DATABASE_URL", "postgres://somebody@db/production")
    monkeypatch.setenv("REDIS_URL", "redis://db")

    with databases.database(databases.SQLITE, tmp_path) as environment:
        assert environment["VAR_DIR"].startswith(str(tmp_path))
        assert not {"DATABASE_URL", "REDIS_URL", "PYTEST_VERSION"} & environment.keys()


def test_runs_alternate_and_are_prepared():
    calls = []

    measuring.alternate(
        lambda: calls.append("A"), lambda: calls.append("B"), rounds=2, prepare=lambda: calls.append("-")
    )

    assert "".join(calls) == "-A-B" * 3  # the first pair warms up

    measuring.alternate(lambda: calls.append("A"), lambda: calls.append("B"), rounds=1, warmed=True)

    assert "".join(calls[12:]) == "AB"


def test_the_ratio_is_the_median_of_neighbours(monkeypatch):
    times = iter([9, 1, 2, 1, 30, 10, 8, 2])
    monkeypatch.setattr(measuring, "seconds_of", lambda work: next(times))

    pair = measuring.alternate(None, None, rounds=3)

    assert (pair.ratio, pair.seconds, pair.floor_seconds) == (3, 8, 2)


@pytest.mark.django_db
def test_lives_are_possible_and_mixed_as_promised():
    today = date(2026, 11, 22)
    lives = [data._life(slot, today, random.Random(slot)) for slot in range(data.DAYS * data.LIVES_PER_DAY)]

    states = Counter(life["state"] for life in lives)
    closed = [life for life in lives if life["state"] == "closed"]
    days = [[str(life[name]) for name in ("found_on", "rectified_on", "closed_on")] for life in closed]
    assert 0.05 < states["rectifying"] / len(lives) < 0.08
    assert states["closed"] / len(lives) > 0.9
    assert all(one == sorted(one) and one[-1] <= str(today) for one in days)
    assert not any("closed_on" in life for life in lives if life["state"] != "closed")


def test_growth_divides_every_larger_size_by_the_smallest():
    def row(name, rows, seconds, database="sqlite"):
        return {
            "id": name,
            "database": database,
            "rows": rows,
            "seconds": seconds,
            "ratio": 1.5,
            "goal": 2,
            "unit": "s",
        }

    told = [row("P1", 100, 0.2), row("P1", 1000, 0.3), row("P1", 10, 0.1), row("P8", 10, 0.4), row("P8", 1000, 0.5)]
    results = report.with_growth([*told, row("P1", 10, 0.5, "postgresql"), row("P3", 1000, 9), row("P3", 10, 1)])

    assert [(one["id"], one["rows"], one["ratio"], one["goal"]) for one in results[8:]] == [
        ("P1 growth", 100, 2.0, 1.2),
        ("P1 growth", 1000, 3.0, 1.2),
        ("P8 growth", 1000, 1.25, 1.1),
    ]
