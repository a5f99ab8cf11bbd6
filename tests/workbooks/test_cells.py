"""Cell parsers: what people type, and what no input may do to them."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbooks.cells import (
    MAX_NAMES,
    ParseError,
    clean_text,
    column_letter,
    is_formula_like,
    parse_date,
    split_names,
    split_numbered,
)

ANYTHING = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.builds(lambda: 10**5000),
    st.floats(),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.timedeltas(),
    st.text(st.characters(exclude_categories=())),
    st.from_regex(r"\s*\d{1,9}[-./年]\d{1,3}[-./月]\d{1,3}日?\s*"),
)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        (date(2019, 5, 28), date(2019, 5, 28)),
        (datetime(2019, 5, 28, 10, 30), date(2019, 5, 28)),
        (43613, date(2019, 5, 28)),
        (43613.75, date(2019, 5, 28)),
        ("43613", date(2019, 5, 28)),
        ("2025.8.4", date(2025, 8, 4)),
        ("2018/06/08", date(2018, 6, 8)),
        ("2025年1月10日", date(2025, 1, 10)),
        (" 2025 年 1 月 10 日 ", date(2025, 1, 10)),
        ("2025年1月10日前", date(2025, 1, 10)),
        ("20250804", date(2025, 8, 4)),
        (20250804.0, date(2025, 8, 4)),
        ("2025-08-04 10:30:00", date(2025, 8, 4)),
        ("2025-08-04T10:30", date(2025, 8, 4)),
        ("２０２５－８－４", date(2025, 8, 4)),
        ("\u3000 ", None),
        ("", None),
        (None, None),
    ],
)
def test_date_is_read(typed, meant):
    assert parse_date(typed) == meant


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("已整改", "这一格应填日期，却写着“已整改”"),
        ("2025-02-30", "2025年2月30日这一天不存在"),
        ("20251301", "2025年13月1日这一天不存在"),
        ("8月4日", "“8月4日”没有年份，请写成 2025-08-04 的样子"),
        ("2025年8月", "“2025年8月”没有写到哪一天，请写成 2025-08-04 的样子"),
        ("0025-08-04", "0025-08-04 的年份不合理（应在 1990 至 2099 年之间）"),
        (date(1900, 1, 1), "1900-01-01 的年份不合理（应在 1990 至 2099 年之间）"),
        (5, "“5”不是日期，请写成 2025-08-04 的样子"),
        (True, "“是”不是日期"),
        (time(8), "“08:00:00”不是日期"),
        (timedelta(1), "“1 day, 0:00:00”不是日期"),
        ("2025-08-04、2025-08-05", "“2025-08-04、2025-08-0…”不是日期，请写成 2025-08-04 的样子"),
        pytest.param(10**5000, "“过大的数字”不是日期，请写成 2025-08-04 的样子", id="huge"),
    ],
)
def test_what_is_no_date_is_explained(typed, sentence):
    with pytest.raises(ParseError) as refused:
        parse_date(typed)
    assert str(refused.value) == sentence


@given(ANYTHING)
def test_parsers_raise_nothing_but_parse_error(value):
    for parser in (parse_date, clean_text, split_names, split_numbered):
        try:
            parser(value)
        except ParseError as error:
            str(error).encode()


@given(
    st.dates(date(1990, 1, 1), date(2099, 12, 31)),
    st.sampled_from(["{0}-{1:02}-{2:02}", "{0}.{1}.{2}", "{0}/{1:02}/{2}", "{0}年{1}月{2}日", " {0:04}{1:02}{2:02} "]),
)
def test_written_date_comes_back(day, form):
    assert parse_date(form.format(day.year, day.month, day.day)) == day
    assert parse_date((day - date(1899, 12, 30)).days) == day


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("张三、李四", ["张三", "李四"]),
        ("张三,李四，王五;赵六；钱七", ["张三", "李四", "王五", "赵六", "钱七"]),
        ("张三 李四\n王五", ["张三", "李四", "王五"]),
        ("张 三、李四", ["张三", "李四"]),
        ("张三、张三、", ["张三"]),
        ("欧阳修 王 五 John", ["欧阳修", "王五", "John"]),
        ("王\u3000五", ["王五"]),
        (None, []),
    ],
)
def test_names_are_split(typed, names):
    assert split_names(typed) == names


def test_too_many_names_are_refused():
    with pytest.raises(ParseError, match="一格里有 51 个名字"):
        split_names("、".join(f"人员{n}" for n in range(MAX_NAMES + 1)))


@given(st.lists(st.from_regex(r"[\u4e00-\u9fa5]{2,4}", fullmatch=True), max_size=10, unique=True))
def test_joined_names_come_back(names):
    assert split_names("、".join(names)) == names


@pytest.mark.parametrize(
    ("typed", "items"),
    [
        ("1、护栏缺失；2、通道堵塞。", ["护栏缺失；", "通道堵塞。"]),
        ("1.护栏缺失\n2.通道堵塞\n3.电线裸露", ["护栏缺失", "通道堵塞", "电线裸露"]),
        ("连墙件不足；3、 反应槽外架8.1m层未设小横杆", ["连墙件不足；3、 反应槽外架8.1m层未设小横杆"]),
        ("1.5米外堆土；2.5米内开挖", ["1.5米外堆土；2.5米内开挖"]),
        ("1、\n2、", ["1、\n2、"]),
        ("", []),
    ],
)
def test_numbered_items_are_split_only_when_they_are_a_list(typed, items):
    assert split_numbered(typed) == items


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (" 甲\r\n乙\r丙 ", "甲\n乙\n丙"),
        ("a\x00b\ud800c\x07\ufeff", "abc"),
        (3.0, "3"),
        (13800138000.0, "13800138000"),
        (0.5, "0.5"),
        (float("nan"), ""),
        (True, "是"),
        (datetime(2025, 8, 4), "2025-08-04"),
        (datetime(2025, 8, 4, 9, 5), "2025-08-04 09:05"),
        ("😀", "😀"),
        (None, ""),
    ],
)
def test_text_is_cleaned(value, text):
    assert clean_text(value) == text


@given(st.text(st.characters(exclude_categories=())))
def test_clean_text_is_stable_and_encodable(text):
    once = clean_text(text)
    once.encode()
    assert clean_text(once) == once
    assert "\x00" not in once and "\r" not in once


@pytest.mark.parametrize(
    ("number", "letters"), [(1, "A"), (26, "Z"), (27, "AA"), (256, "IV"), (702, "ZZ"), (703, "AAA"), (16384, "XFD")]
)
def test_column_letter(number, letters):
    assert column_letter(number) == letters


def test_column_letter_starts_at_one():
    with pytest.raises(ValueError, match="counted from 1"):
        column_letter(0)


@pytest.mark.parametrize("lead", ["=", "+", "-", "@", "\t", "\r", "＝"])
def test_formula_leads_are_known(lead):
    assert is_formula_like(lead + "1+1")


@pytest.mark.parametrize("text", ["", "1=2", "隐患", " =1"])
def test_ordinary_text_is_no_formula(text):
    assert not is_formula_like(text)
