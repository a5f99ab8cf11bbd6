"""The words of a bulletin, from figures alone."""

from dataclasses import replace
from datetime import date

import pytest

from bulletins.composing import Body, Facts, Told, cases_of, compose, numbers_in, paragraphs, worst

NOTHING = dict.fromkeys(
    ("found", "found_major", "closed", "due", "rectified_of_due", "on_time", "undated", "unissued", "refused", "overdue", "overdue_major",
     "waiting_to_issue", "reviews_late", "returned", "missed", "inspections", "orders", "penalties", "suspensions"), 0
) | {"amount": "0.00"}  # fmt: skip


def body(name, rank=1, coverage=1.0, **figures):
    one = NOTHING | figures
    return Body(name, rank, one, one, coverage)


def facts(*bodies, **options):
    totals = NOTHING | {name: sum(one.single[name] for one in bodies) for name in NOTHING if name != "amount"}
    given = {
        "place": "商丘市", "office": "商丘市安委办", "period": "2026年第46周", "is_week": True, "first": date(2026, 11, 9),
        "last": date(2026, 11, 15), "window_first": date(2026, 10, 19), "window_words": "近四周", "review_days": 10, "kin": "县（市、区）",
        "bodies": list(bodies), "totals": totals, "band": 3,
    }  # fmt: skip
    return Facts(**(given | options))


def test_the_whole_is_told_with_the_week_before():
    now = facts(
        body(
            "永城市",
            found=2240,
            found_major=6,
            inspections=1209,
            closed=2250,
            due=100,
            rectified_of_due=90,
            on_time=80,
            overdue=35,
        )
    )
    before = NOTHING | {
        "found": 2240,
        "inspections": 1200,
        "due": 100,
        "rectified_of_due": 95,
        "on_time": 80,
        "overdue": 40,
    }

    words = compose(replace(now, before=before))["overall"]

    assert (
        "全市共检查生产经营单位1,209家次（比上周多9家次），发现隐患2,240条（与上周持平），其中重大隐患6条；销号2,250条。"
        in words
    )
    assert "期内到期隐患100条，整改率90.0%（比上周下降5.0个百分点），按期整改率80.0%（与上周持平）。" in words
    assert "截至11月15日24时，逾期未整改35条（比上周少5条）。" in words


def test_what_was_not_counted_is_said_to_be_no_data_and_a_period_that_was_not_frozen_is_not_compared():
    words = compose(facts(body("永城市")))["overall"]

    assert "无数据" in words
    assert "0.0%" not in words
    assert "上周" not in words


@pytest.mark.parametrize(
    ("figures", "words"),
    [
        ({}, "没有作出责令整改和行政处罚。"),
        ({"orders": 4}, "作出责令整改4件。"),
        ({"orders": 4, "penalties": 2, "amount": "46000.00"}, "作出责令整改4件、行政处罚2件，罚款4.6万元。"),
        ({"penalties": 1, "amount": "800.50", "suspensions": 1}, "作出行政处罚1件、责令停产停业整顿1件，罚款800.5元。"),
    ],
)
def test_what_was_enforced_is_told_where_it_was(figures, words):
    one = facts(body("永城市"))

    assert words in compose(replace(one, totals=one.totals | figures))["overall"]


def test_rows_not_issued_count_as_due():
    words = compose(facts(body("永城市", due=6, unissued=3, refused=1, rectified_of_due=5, on_time=4)))["overall"]

    assert "期内到期隐患10条，整改率50.0%" in words


@pytest.mark.parametrize(
    ("figures", "names"),
    [
        ((5, 4, 3, 2), ["甲", "乙", "丙"]),
        ((5, 4, 3, 3), ["甲", "乙", "丙", "丁"]),  # level with the last who is named
        ((5, 1, 1, 1, 1, 1, 1), ["甲"]),  # too many stand level to name any of them
        ((2, 0, 0), ["甲"]),
        ((0, 0), []),
    ],
)
def test_who_is_named_first(figures, names):
    bodies = [body(name, overdue=number) for name, number in zip("甲乙丙丁戊己庚", figures, strict=False)]

    assert [one.name for one in worst(bodies, "overdue")] == names


def test_problems_are_numbered_and_name_units_with_their_figures():
    found = compose(facts(body("梁园区", overdue=30, overdue_major=2), body("睢阳区", overdue=10, waiting_to_issue=4)))[
        "problems"
    ]

    first, second = paragraphs(found)
    assert first == (
        "（一）逾期整改问题突出。",
        "梁园区30条、睢阳区10条，合计40条，占全市逾期隐患的100.0%。重大隐患逾期未整改：梁园区2条。",
    )
    assert second[0] == "（二）下达整改不及时。"
    assert "登记后超过规定时限仍未下达整改4条，较多的有睢阳区4条。" in second[1]


def test_enforcement_is_weak_where_much_was_found_and_nothing_was_done():
    found = compose(facts(body("民权县", found=470), body("永城市", found=470, orders=1), body("睢县", found=9)))[
        "problems"
    ]

    assert "执法偏软。近四周发现隐患而没有一件责令整改、行政处罚的有民权县发现470条。" in found


def test_a_quiet_week_says_so_and_asks_nobody_by_name():
    words = compose(facts(body("永城市", found=1)))

    assert words["problems"] == "本期全市没有逾期未整改的隐患，各项统计未见需要通报的问题。"
    assert "永城市" not in words["requirements"]


def test_what_many_bodies_have_alike_is_told_without_their_names():
    """Six counties with one each: nobody stands out, and nobody may say that there is nothing."""
    level = dict.fromkeys(("overdue", "waiting_to_issue", "reviews_late", "returned"), 1)
    words = compose(facts(*(body(f"{name}县", **level) for name in "甲乙丙丁戊己")))["problems"]

    assert "逾期未整改6条，分布在6个县（市、区）。" in words
    for said in ("未下达整改6条", "未复查6条", "重新打开6条"):
        assert f"{said}，分布在6个县（市、区）。" in words
    assert "甲县" not in words and "没有逾期" not in words


def test_no_number_stands_in_the_words_that_the_figures_do_not_give():
    one = compose(facts(body("梁园区", found=31, overdue=17), body("睢阳区", found=12, overdue=5)))

    given = {
        "31",
        "17",
        "12",
        "5",
        "43",
        "22",
        "100.0%",
        "0",
        "3",
        "2",
        "8",
        "10",
        "24",
    }  # figures, sums, a share, band, the rules' own
    days = {"2026", "46", "11", "9", "15", "19"}
    assert set(numbers_in(one["overall"] + one["ranking"] + one["problems"])) <= given | days


def test_places_are_not_given_where_there_are_none():
    words = compose(facts(body("永城市"), unplaced="只有这一个单位，不排名次"))["ranking"]

    assert words.endswith("的统计见下表。只有这一个单位，不排名次。")


def told(**given):
    facts = {
        "place": "永城市", "firm": "沱滨肉类加工厂", "trade": "冷链", "description": "沱滨肉类加工厂氨制冷机房与车间连通。",
        "found_on": date(2026, 10, 8), "deadline": date(2026, 11, 8), "is_major": True, "is_open": True, "reopened_on": None, "is_named": True,
    }  # fmt: skip
    return Told(**(facts | given))


def test_an_enterprise_is_named_only_where_that_was_chosen():
    last = date(2026, 11, 15)

    assert cases_of([told()], last) == (
        "永城市沱滨肉类加工厂重大隐患：沱滨肉类加工厂氨制冷机房与车间连通。10月8日检查发现，整改期限11月8日，截至11月15日未整改到位。"
    )
    hidden = cases_of([told(is_named=False)], last)
    assert "沱滨" not in hidden
    assert hidden.startswith("永城市1家冷链企业重大隐患：该企业氨制冷机房与车间连通。")


def test_a_correction_names_what_it_puts_right():
    words = compose(facts(body("永城市"), corrected=("关于第46周的通报", "商安委办通〔2026〕31号", "3 条登记有误")))

    assert words["title"].startswith("关于更正2026年第46周")
    assert (
        "《关于第46周的通报》（商安委办通〔2026〕31号）印发后，因3 条登记有误，有关内容需要更正。" in words["opening"]
    )
