import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspections import uscc


@given(st.text(uscc.ALPHABET, min_size=17, max_size=17))
def test_a_code_with_its_check_character_is_one_and_with_any_other_is_none(first):
    right = uscc.check_character(first)

    assert uscc.problem(first + right) == ""
    for wrong in set(uscc.ALPHABET) - {right}:
        assert "校验位" in uscc.problem(first + wrong)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("", "18 位"),
        ("91410000", "现在是 8 位"),
        ("I" * 18, "“I”"),
        ("9141140068317568x2", "“x”"),
        ("９" * 18, "“９”"),
        ("\x00" * 18, "不能含有"),
    ],
)
def test_what_is_no_code_is_told_why(code, words):
    assert words in uscc.problem(code)


@pytest.mark.parametrize("code", ["91330106673959654P"])
def test_known_real_codes_are_codes(code):
    assert uscc.problem(code) == ""


@given(st.text(max_size=40))
def test_any_text_gets_an_answer(text):
    assert isinstance(uscc.problem(text), str)
