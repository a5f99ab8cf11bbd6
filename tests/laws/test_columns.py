"""A column of the ledger is one definition: hazards/columns.py says everything that any door needs to know about it."""

import os
import subprocess
import sys

import pytest
from django.conf import settings

from hazards.columns import COLUMNS, Asked, column


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


def test_a_word_leads_to_one_column_only():
    said = [word for column in COLUMNS for word in {column.heading, *column.synonyms}]
    assert sorted(word for word in set(said) if said.count(word) > 1) == []


def test_a_column_that_cannot_be_is_refused_with_its_name():
    with pytest.raises(TypeError, match=r"'location'.*TEXT"):
        column("location", asked=Asked("location"))
    with pytest.raises(TypeError, match=r"'registered_at'.*DateTimeField"):
        column("registered_at")
