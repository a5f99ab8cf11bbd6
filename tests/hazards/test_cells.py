"""What people write into cells, and what we make of it."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hazards import cells
from hazards.columns import COLUMNS, SYNONYMS
from hazards.lifecycle import State
from hazards.models import Hazard
from workbooks.cells import ParseError
from workbooks.headings import normal

AMOUNT = cells.amount_for(Hazard._meta.get_field("working_days"))
CELLS = st.one_of(
    st.none(),
    st.text(),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.timedeltas(),
)


@pytest.mark.parametrize(
    ("cell", "level"),
    [
        ("一般", "general"), ("一般事故隐患", "general"), ("3", "general"), (3.0, "general"), ("3级", "general"),
        ("一般3级", "general"), ("３级", "general"), ("重大", "major"), ("重大 事故隐患", "major"), ("非重大", "general"),
        ("无重大隐患", "general"), ("不构成重大", "general"), ("不属于重大事故隐患", "general"), ("", ""), ("/", ""),
    ],
)  # fmt: skip
def test_levels(cell, level):
    assert cells.level_of(cell) == level


@pytest.mark.parametrize("cell", ["1级", "很大", "甲"])
def test_levels_that_only_a_person_can_tell(cell):
    with pytest.raises(ParseError):
        cells.level_of(cell)


@pytest.mark.parametrize(
    ("cell", "meaning"),
    [
        ("关闭", State.CLOSED), ("已销号", State.CLOSED), ("已整改销号", State.CLOSED), ("已闭环", State.CLOSED),
        ("已完成整改并销号", State.CLOSED), ("待复查", State.PENDING_REVIEW), ("待验收", State.PENDING_REVIEW),
        ("已整改，待验收", State.PENDING_REVIEW), ("已整改", cells.DONE), ("整改完成", cells.DONE), ("是", cells.DONE),
        ("现场处置", cells.ON_SPOT), ("当场纠正", cells.ON_SPOT), ("待整改", cells.OPEN), ("整改中", cells.OPEN),
        ("未整改", cells.OPEN), ("限时整改", cells.OPEN), ("退回整改", cells.OPEN), ("开放", cells.OPEN),
        ("逾期未整改", cells.OPEN), ("否", cells.OPEN), ("尚未完成整改", cells.OPEN), ("逾期已整改", cells.DONE), ("逾期整改完成", cells.DONE), ("逾期已销号", State.CLOSED),
        ("已整改未验收", State.PENDING_REVIEW), ("已完成整改，未销号", State.PENDING_REVIEW), ("已整改，验收合格", State.CLOSED),
        ("已整改，复查不合格", cells.OPEN), ("部分整改完成", cells.OPEN), ("未按期整改完成", cells.OPEN), ("逾期整改", cells.OPEN),
        ("已登记", State.REGISTERED), ("", ""),
    ],
)  # fmt: skip
def test_states(cell, meaning):
    assert cells.state_of(cell) == meaning


@pytest.mark.parametrize("cell", ["草稿", "已作废", "不知道", "灭火器" * 30])
def test_states_refused(cell):
    with pytest.raises(ParseError):
        cells.state_of(cell)


def test_every_state_of_the_ledger_reads_back():
    for state in (State.REGISTERED, State.PENDING_REVIEW, State.CLOSED):
        assert cells.state_of(state.label) == state
    assert cells.state_of(State.RECTIFYING.label) == cells.OPEN


def test_names_keep_latin_blanks():
    assert cells.names_of("张 三；李四 王五\n") == "张三、李四、王五"
    assert cells.names_of("John Smith，李四") == "John Smith、李四"


def test_words_where_days_should_be():
    assert cells.day_or_state("已整改") == cells.DONE
    assert cells.day_or_state("2025.8.4") == date(2025, 8, 4)
    assert cells.day_or_state("/") is None
    assert cells.deadline_of("立即整改") == cells.AT_ONCE
    with pytest.raises(ParseError):
        cells.day_or_state("下周")


def test_our_numbers():
    assert cells.is_our_number("YH-4114-2026-000123", city="4114", this_year=2026)
    assert not cells.is_our_number("YH-4101-2026-000123", city="4114", this_year=2026)
    assert not cells.is_our_number("2023-17", city="4114", this_year=2026)
    for never_given in (
        "YH-4114-2027-000001",
        "YH-4114-2026-000000",
        "YH-4114-2026-99999999999",
        "YH-4114-2026-0000000000001",
        "YH-4114-2026-0000001",
    ):
        with pytest.raises(ParseError):
            cells.is_our_number(never_given, city="4114", this_year=2026)


def test_yes_means_what_the_heading_asks():
    for heading in ("是否销号", "销号情况", "是否闭环"):
        assert cells.closes(heading)
    assert not cells.closes("是否整改") and cells.state_of("是") == cells.DONE
    assert cells.closing_state_of("是") == State.CLOSED and cells.closing_state_of("否") == cells.OPEN
    assert cells.closing_state_of("已整改") == cells.DONE


@pytest.mark.parametrize(
    ("cell", "amount"), [("", None), ("无", None), (7, 7), (7.0, 7), ("７", 7), ("1,200", 1200), ("0", 0), (" 12 ", 12)]
)
def test_amounts(cell, amount):
    assert AMOUNT(cell) == amount


@pytest.mark.parametrize("cell", ["七", "1_000", "1e3", "nan", "2.5", "-1", "9" * 20, True, "约 3"])
def test_amounts_the_ledger_cannot_hold(cell):
    with pytest.raises(ParseError):
        AMOUNT(cell)


def test_a_word_or_a_code_is_one_of_the_choices():
    read = cells.one_of([("api", "接口报送"), ("import", "台账导入")])
    assert [read(cell) for cell in ("接口报送", "api", " 台账导入 ", "", None)] == ["api", "api", "import", "", ""]
    with pytest.raises(ParseError, match="请填“接口报送”、“台账导入”之一"):
        read("电话")


@given(st.sampled_from([AMOUNT, cells.one_of([("a", "甲")])]), CELLS)
def test_an_amount_or_choice_is_read_or_refused_in_chinese(read, cell):
    try:
        read(cell)
    except ParseError as error:
        assert not str(error).isascii()


@given(CELLS)
def test_a_closing_cell_is_read_or_refused_in_chinese(cell):
    try:
        cells.closing_state_of(cell)
    except ParseError as error:
        assert not str(error).isascii()


@given(st.sampled_from(COLUMNS), CELLS)
def test_a_cell_is_read_or_refused_in_chinese(column, cell):
    try:
        column.read(cell)
    except ParseError as error:
        assert not str(error).isascii()


@given(st.sampled_from(COLUMNS), st.text())
def test_reading_what_was_read_changes_nothing(column, text):
    """Otherwise an exported ledger would not import back equal."""
    try:
        once = column.read(text)
    except ParseError:
        return
    if isinstance(once, str) and once not in (cells.OPEN, cells.DONE, cells.ON_SPOT, cells.AT_ONCE, *State.values):
        assert column.read(once) == once


def test_no_heading_stands_for_two_columns():
    seen = {}
    for field, headings in SYNONYMS.items():
        for heading in headings:
            assert seen.setdefault(normal(heading), field) == field, heading


@pytest.mark.parametrize(
    ("cell", "meaning"),
    [("是", True), ("√", True), ("✓", True), (True, True), ("有", True), ("y", True), ("否", False), ("×", False), (None, False),
     (False, False), ("无", False)],
)  # fmt: skip
def test_yes_and_no_are_read_as_ledgers_write_them(cell, meaning):
    assert cells.yes_of(cell) is meaning
