"""Answers of the API are written as the framework writes them, only sooner."""

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import uuid4

import pytest
from django.utils.translation import gettext_lazy
from hypothesis import given
from hypothesis import strategies as st
from rest_framework.renderers import JSONRenderer

from safetyledger.json_renderer import JsonRenderer

PLAIN = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text()
ANSWERS = st.recursive(PLAIN, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=20)


@given(ANSWERS.filter(lambda answer: answer is not None))
def test_answers_are_those_of_the_framework_byte_for_byte(answer):
    assert JsonRenderer().render(answer) == JSONRenderer().render(answer)


@pytest.mark.parametrize(
    "answer",
    [
        {"at": datetime(2026, 11, 28, 1, 2, 3, 456789, tzinfo=UTC), "day": date(2026, 11, 28)},
        [uuid4(), Decimal("1.50"), gettext_lazy("Yes"), (1, 2), {1: "whole numbers name things too"}],
        {"line": "\u2028\u2029", "quote": '"\\/<>&'},
        None,
    ],
)
def test_what_only_the_framework_knows_is_written_its_way(answer):
    assert JsonRenderer().render(answer) == JSONRenderer().render(answer)


def test_who_asks_for_an_indented_answer_gets_one():
    asked = "application/json; indent=2"
    assert JsonRenderer().render({"a": [1]}, asked) == JSONRenderer().render({"a": [1]}, asked)
    assert b"\n" in JsonRenderer().render({"a": [1]}, asked)
