import json

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from bench import databases
from bench.management.commands import bench_peers
from bench.peers import measures, table

# It makes databases of its own, whatever the tests run on.
pytestmark = pytest.mark.once


@pytest.fixture
def without_the_package(monkeypatch):
    monkeypatch.setattr(measures, "find_spec", lambda name: None)
    monkeypatch.setenv("BENCH_ROUNDS", "2")


def test_what_needs_no_package_is_measured_and_the_rest_is_named(without_the_package, tmp_path):
    output = tmp_path / "peers.json"
    with (tmp_path / "table.txt").open("w+") as told:
        call_command("bench_peers", rows=300, database="sqlite", output=output, stdout=told)
        told.seek(0)
        said = told.read()

    results = json.loads(output.read_text())
    both = {(name, who) for name in ("P1", "P1 queries") for who in (measures.OURS, measures.ADMIN)}
    assert {(one["id"], one["who"]) for one in results} == both | {("P4", measures.OURS), ("P5", measures.OURS)}
    assert all(one["seconds"] > 0 and one["peak_rss_mb"] > 10 for one in results)
    queries = {one["who"]: one["ratio"] for one in results if one["id"] == "P1 queries"}
    assert queries[measures.OURS] <= 10
    assert queries[measures.ADMIN] >= 5  # session, person, two counts and the rows: it is the change list
    assert said.startswith("left out: django-import-export")
    assert said.endswith("\n".join(table.NOT_THE_SAME) + "\n")


def test_each_import_has_a_database_of_its_own(monkeypatch):
    monkeypatch.setattr(measures, "find_spec", lambda name: name)

    assert bench_peers.Command().plans() == [
        ["our_page", "admin_page", "our_export", "their_export"],
        ["our_import"],
        ["their_import"],
        ["their_bulk_import"],
    ]


def test_only_the_peers_are_measured_with_stock_settings():
    stock = {name for name, one in measures.MEASURES.items() if one.settings == "bench.peers.settings"}

    assert stock == {"admin_page", "their_export", "their_import", "their_bulk_import"}


def test_everything_is_divided_by_the_product_of_the_same_measure():
    def one(name, who, measured, unit="s"):
        return {"id": name, "who": who, "ratio": measured, "unit": unit, "peak_rss_mb": 80.4}

    lines = table.lines([one("P5", "ours", 2), one("P1", "ours", 3, "queries"), one("P5", "theirs", 5)])

    assert [line.split() for line in lines[1:]] == [
        ["P1", "ours", "3", "queries", "1.0", "80"],
        ["P5", "ours", "2.000", "s", "1.0", "80"],
        ["P5", "theirs", "5.000", "s", "2.5", "80"],
    ]


def test_the_product_knows_no_peer():
    assert not {"django.contrib.admin", "import_export", "bench.peers"} & set(settings.INSTALLED_APPS)
    locked = (settings.BASE_DIR / "requirements.txt").read_text()
    assert "import-export" not in locked
    # The same versions as the product's, and the peers' own.
    assert set(_pins(locked)) <= set(_pins((settings.BASE_DIR / "requirements-peers.txt").read_text()))


def _pins(lock):
    return [line.split()[0] for line in lock.splitlines() if "==" in line and not line.startswith((" ", "#"))]


def test_a_database_that_does_not_answer_is_no_other_one(monkeypatch):
    monkeypatch.setattr(databases, "POSTGRES", "postgres://nobody@127.0.0.1:1/none")

    with pytest.raises(CommandError, match="does not answer"):
        call_command("bench_peers", database="postgresql")
