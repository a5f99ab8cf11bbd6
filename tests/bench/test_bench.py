import json
import random
from collections import Counter
from datetime import date

import pytest
from django.core.management import CommandError, call_command

from bench import data, databases, measuring, report
from bench.management.commands import bench

IDS = {"P1", "P1 queries", "P3", "P4", "P4 memory", "P6", "P6 idle"}
KEYS = {"id", "database", "rows", "ratio", "goal", "seconds", "unit", "peak_rss_mb"}


@pytest.fixture(scope="module")
def measured(tmp_path_factory):
    """One real run of all measures on a small ledger: a process of its own, SQLite, everything in a directory of its own."""
    place = tmp_path_factory.mktemp("bench")
    output = place / "bench.json"
    with (place / "table.txt").open("w+") as told:
        call_command("bench", rows=[300], only=[*bench.MEASURES], database="sqlite", output=output, stdout=told)
        told.seek(0)
        return json.loads(output.read_text()), told.read()


def test_every_measure_gives_a_ratio(measured):
    results, _ = measured

    assert {one["id"] for one in results} == IDS
    assert all(one.keys() == KEYS for one in results)
    assert {(one["database"], one["rows"]) for one in results} == {("sqlite", 300)}
    assert all(one["seconds"] > 0 and one["goal"] > 0 and one["peak_rss_mb"] > 10 for one in results)
    assert all(one["ratio"] > 0 for one in results if one["unit"] == "×")


def test_the_page_keeps_to_its_number_of_queries(measured):
    [queries] = [one for one in measured[0] if one["id"] == "P1 queries"]

    assert 3 <= queries["ratio"] <= queries["goal"] == 10  # session, person and rows at the least


def test_the_table_shows_every_result(measured):
    results, told = measured

    lines = told.splitlines()
    assert lines[0] == "measuring sqlite, 300 rows …"
    assert [line.split("  ")[0] for line in lines[2:]] == sorted(one["id"] for one in results)


@pytest.mark.django_db
def test_measures_only_where_nobody_lives(django_user_model, tmp_path):
    django_user_model.objects.create_user("somebody")

    with pytest.raises(CommandError, match="not empty"):
        call_command("bench", rows=[300], inside=tmp_path / "out.json")

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


def test_growth_divides_the_largest_by_the_smallest():
    def page(rows, seconds, database="sqlite"):
        return {"id": "P1", "database": database, "rows": rows, "seconds": seconds, "ratio": 1.5, "goal": 2}

    results = report.with_growth([page(100, 0.2), page(1000, 0.3), page(10, 0.1), page(10, 0.5, "postgresql")])

    assert [(one["database"], one["rows"], one["ratio"]) for one in results[4:]] == [("sqlite", 1000, 3.0)]
