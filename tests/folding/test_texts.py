"""What folding makes the same, and what it keeps apart."""

from unicodedata import category

import pytest
from hypothesis import given
from hypothesis import strategies as st

from folding.texts import fold, words_of
from tests.folding.spellings import spelled

NAMES = ["商丘市华联（集团）有限公司", "5号配电室AB门", "豫盛—冷链“二期”", "阿依·买买提《规程》", "YH-4114-2026-000123"]


@given(st.data(), st.sampled_from(NAMES))
def test_spellings_of_one_text_are_one(data, name):
    assert fold(data.draw(spelled(name))) == fold(name)


@given(st.text())
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


@given(st.text(alphabet=st.characters()), st.text(alphabet="甲乙，（１）AbＣ 　\u200b“—-", max_size=20))
def test_nothing_unseen_is_left(text, typed):
    for sign in fold(text + typed):
        assert not sign.isspace() and category(sign) not in ("Cc", "Cf", "Cs", "Zs", "Zl", "Zp")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("５号配电室ＡＢ门", "5号配电室ab门"),
        ("华联（集团）", "华联 [集团]"),
        ("甲——乙", "甲-乙"),
        ("ｱﾙﾐ㎡", "アルミm2"),
        ("\u200b甲\ufeff", "甲"),
        ("Ⅳ级", "iv级"),
    ],
)
def test_pairs_that_are_one(one, other):
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("华联一厂", "华联二厂"), ("3.5米", "35米"), ("华联（集团）", "华联集团"), ("甲、乙", "甲乙"), ("１楼", "11楼")],
)
def test_pairs_that_are_two(one, other):
    assert fold(one) != fold(other)


def test_words_are_split_at_any_blank_and_said_once():
    assert words_of(" ＹＨ－4114　冷链\n冷 链\u200b 冷链 \ufeff") == ["yh-4114", "冷链", "冷", "链"]
    assert words_of("\u200b 　") == []
