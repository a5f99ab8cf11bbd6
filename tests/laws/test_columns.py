"""A column of the ledger is one definition: hazards/columns.py says everything that any door needs to know about it."""

import os
import subprocess
import sys

from django.conf import settings

from hazards.columns import COLUMNS, DAYS, Kind


def test_columns_invented_by_a_line_each_live_everywhere(tmp_path):
    """In a process of its own, because filter, serializer and page are made when their modules are read."""
    left_out = ("DATABASE_URL", "REDIS_URL", "ONLY_DATABASE")
    environment = {
        name: value for name, value in os.environ.items() if name not in left_out and not name.startswith("PYTEST")
    } | {"VAR_DIR": str(tmp_path / "var"), "DEMO": "1"}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/laws/invented_columns.py"]
    done = subprocess.run(command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_heading_is_chinese_and_stands_once():
    headings = [column.heading for column in COLUMNS]
    assert len(set(headings)) == len(headings)
    assert [heading for heading in headings if heading.isascii()] == []


def test_a_condition_is_a_span_of_days_or_a_choice():
    assert [one.field for one in COLUMNS if one.asked and one.kind not in DAYS | {Kind.CHOICE}] == []
