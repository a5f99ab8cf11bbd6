"""Finding header, columns and data rows in sheets made for people."""

from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from workbooks.reading import open_workbook
from workbooks.recognition import CountLedger, EmptySheet, NoHeader, Unrecognised, recognise

LEDGERS = Path(settings.BASE_DIR).parent / "shared" / "data" / "ledgers"

SYNONYMS = {
    "description": ["隐患描述", "隐患内容", "问题描述"],
    "found_on": ["检查时间", "排查日期"],
    "level": ["隐患级别"],
    "deadline": ["整改期限", "整改时限"],
    "requirement": ["整改措施与要求", "整改措施"],
    "person": ["整改责任人", "责任人"],
    "state": ["隐患状态", "是否整改"],
    "enterprise": ["企业名称"],
    "builder": ["整改责任单位施工"],
}
HEADER = ["序号", "隐患描述", "检查时间", "整改期限", "责任人"]
DATA = [1.0, "护栏缺失", date(2025, 8, 4), date(2025, 8, 10), "张三"]


def read(rows, **options):
    table = recognise(rows, SYNONYMS, **options)
    return table, list(table.rows)


@pytest.mark.parametrize(
    ("name", "count", "skipped"),
    [
        ("L2", 38, [(42, "表尾说明"), (43, "表尾说明"), (44, "表尾说明")]),
        ("L3", 98, [(102, "空行（只有序号）"), (103, "表尾说明"), (104, "表尾说明"), (105, "表尾说明")]),
    ],
)
def test_real_ledgers(name, count, skipped):
    path = LEDGERS / f"{name}.xlsx"
    if not path.exists():
        pytest.skip("the real ledgers of ../shared/data are not on this machine")
    with path.open("rb") as file, open_workbook(file, path.name) as workbook:
        table = recognise(workbook.sheets[0].rows(), SYNONYMS)
        rows = list(table.rows)
        assert table.header_rows == [2, 3]
        assert table.title == "项目现场隐患排查与治理统计表"
        assert table.meta["项目名称"] == "单位061单位068湿法磷酸项目"
        named = {column.field: column.letter for column in table.columns if column.field}
        assert named == {
            "description": "B",
            "found_on": "C",
            "level": "E",
            "person": "G",
            "deadline": "H",
            "requirement": "I",
            "state": "Q",
        }
        assert table.columns[0].heading == "序号"
        assert len(rows) == count and rows[0].number == 4
        assert isinstance(rows[0].values["deadline"], date)
        assert all(row.values["state"] == "关闭" for row in rows)
        assert table.skipped == skipped
        with pytest.raises(EmptySheet, match="工作表是空的"):
            recognise(workbook.sheets[1].rows(), SYNONYMS)


def test_plain_export():
    table, rows = read([HEADER, DATA])
    assert table.header_rows == [1]
    assert rows[0].number == 2 and rows[0].cells == DATA
    assert rows[0].values == {
        "description": "护栏缺失",
        "found_on": date(2025, 8, 4),
        "deadline": date(2025, 8, 10),
        "person": "张三",
    }


def test_headings_with_breaks_spaces_brackets_and_stars():
    table, _ = read([["序 号", "隐 患\n描 述*", "整改期限（年/月/日）", "责任人：", "检查\r\n时间"], DATA])
    assert table.fields == {"description", "deadline", "person", "found_on"}
    assert table.columns[1].heading == "隐 患 描 述*"


def test_merged_header_over_three_rows():
    rows = [
        ["某市隐患台账", "", "", "", "", ""],
        ["序号", "隐患情况", "", "整改责任单位", "", "整改期限"],
        ["", "隐患描述", "隐患级别", "建设", "施工", ""],
        [1.0, "护栏缺失", "一般", "甲", "乙", "2025.8.4"],
    ]
    table, data = read(rows)
    assert table.header_rows == [2, 3]
    assert [column.heading for column in table.columns] == [
        *("序号", "隐患情况/隐患描述", "隐患情况/隐患级别", "整改责任单位/建设", "整改责任单位/施工", "整改期限")
    ]
    assert data[0].values == {"description": "护栏缺失", "level": "一般", "builder": "乙", "deadline": "2025.8.4"}


def test_subdividing_row_is_header_even_if_nobody_knows_its_headings():
    header = ["序号", "隐患描述", "整改期限", "责任单位", "", "", ""]
    table, rows = read(
        [header, ["", "", "", "建设", "设计", "施工", "监理"], [1, "护栏缺失", "2025.8.4", "甲", "", "", ""]]
    )
    assert table.header_rows == [1, 2]
    assert table.columns[5].heading == "责任单位/施工"
    assert len(rows) == 1


def test_four_header_rows():
    rows = [
        ["序号", "排查情况", "", "", ""],
        ["", "隐患", "", "整改", ""],
        ["", "隐患描述", "隐患级别", "期限", ""],
        ["", "", "", "整改期限", "责任人"],
        [1, "护栏缺失", "一般", "2025.8.4", "张三"],
    ]
    table, data = read(rows)
    assert table.header_rows == [1, 2, 3, 4]
    assert table.columns[1].heading == "排查情况/隐患/隐患描述"
    assert table.fields == {"description", "level", "deadline", "person"}
    assert [row.number for row in data] == [5]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ([2.0, "", "", "", ""], "空行（只有序号）"),
        (["3", "", None, " ", ""], "空行（只有序号）"),
        (["说明：本表一式两份", "", "", "", ""], "表尾说明"),
        (["备注：", "按月报送", "", "", ""], "表尾说明"),
        (["注：1.按月报送", "", "", "", ""], "表尾说明"),
        (["填报人：张三", "", "审核人：李四", "", "2025年8月4日"], "签字栏"),
        (["合计", "", "", "", 5.0], "合计行"),
        (["总计：3条", "", "", "", ""], "合计行"),
        (["东方红街道", "", "", "", ""], "分节标题"),
        (["企业：甲公司", "地址：人民路1号", "", "", ""], "信息行（不是隐患）"),
        (["（以下空白）", "", "", "", ""], "以下空白"),
        (HEADER, "重复的表头"),
        (["序号", "隐患\n描述", "检查 时间", "整改期限", "责任人"], "重复的表头"),
    ],
)
def test_rows_that_are_no_data_are_skipped_with_a_reason(row, reason):
    table, rows = read([["2025年台账"], HEADER, DATA, row, DATA])
    assert table.skipped == [(4, reason)]
    assert [found.number for found in rows] == [3, 5]


@pytest.mark.parametrize(
    "row",
    [
        [2.0, "注意事项未张贴：现场无警示", "", "", ""],
        ["", "护栏缺失", "", "", ""],
        ["", "", "", "2025.8.4", ""],
        [3.0, "检查人员：未持证上岗", "2025.8.4", "2025.8.10", "张三"],
        ["4", "合计三处护栏缺失", "2025.8.4", "", ""],
        [5.0, "", "2025.8.4", "2025.8.10", "张三"],
    ],
)
def test_poor_data_rows_are_not_lost(row):
    table, rows = read([HEADER, row])
    assert [found.cells for found in rows] == [row]
    assert table.skipped == []


def test_sections_are_passed_on_to_their_rows():
    _, rows = read([HEADER, ["甲街道"], DATA, ["乙街道"], HEADER, DATA])
    assert [row.section for row in rows] == ["甲街道", "乙街道"]


def test_blank_rows_are_not_reported():
    table, rows = read([HEADER, DATA, ["", None, " "], [], DATA])
    assert len(rows) == 2 and table.skipped == []


def test_report_of_skipped_rows_is_bounded():
    table, rows = read([HEADER, *[[float(n)] for n in range(1500)]])
    assert (len(rows), len(table.skipped), table.skipped_count) == (0, 1000, 1500)


def test_meta_row_in_separate_cells_is_not_header():
    table, _ = read([["台账"], ["填报单位", "某市应急局", "", "填报日期", ""], HEADER, DATA])
    assert table.header_rows == [3]
    assert table.columns[1].heading == "隐患描述"


def test_header_below_many_blank_rows():
    table, rows = read([[""]] * 60 + [HEADER, DATA])
    assert (table.header_rows, rows[0].number) == ([61], 62)


def test_sectioned_list_with_site_rows_and_repeated_header():
    site = ["一、甲公司加油站，地址：人民路1号，负责人：张三，电话：1380000，主要从事成品油零售业务", "", "", "", ""]
    table, rows = read([["排查清单"], ["东街道"], site, HEADER, DATA, ["西街道"], site, HEADER, DATA, DATA])
    assert table.header_rows == [4]
    assert [(row.number, row.section) for row in rows] == [(5, "东街道"), (9, "西街道"), (10, "西街道")]
    assert table.skipped == [(6, "分节标题"), (7, "信息行（不是隐患）"), (8, "重复的表头")]


def test_hazards_side_by_side_become_rows_of_their_own():
    header = ["企业名称", "隐患一描述", "隐患一整改期限", "隐患二描述", "隐患二整改期限", "责任人"]
    table, rows = read(
        [header, ["甲", "护栏缺失", "2025.8.4", "通道堵塞", "", "张三"], ["乙", "", "", "电线裸露", "", ""]]
    )
    assert [column.side for column in table.columns] == ["", "一", "一", "二", "二", ""]
    assert [(row.number, *row.values.values()) for row in rows] == [
        (2, "甲", "护栏缺失", "2025.8.4", "张三"),
        (2, "甲", "通道堵塞", "", "张三"),
        (3, "乙", "电线裸露", "", ""),
    ]


def test_levels_in_headings_are_no_sides():
    table, _ = read([["隐患描述", "整改期限", "隐患一级", "隐患二级"], ["a", "b", "", ""]])
    assert {column.side for column in table.columns} == {""}


def test_count_per_visit_ledger_is_refused():
    header = ["序号", "企业名称", "检查时间", "检查家次", "一般隐患数", "重大隐患数", "已整改数"]
    with pytest.raises(
        CountLedger, match=r"一行是一次检查，只有隐患的数量.*“检查家次”“一般隐患数”“重大隐患数”"
    ) as refused:
        read([["检查情况统计表"], header, [1, "甲", "2025.8.4", 1, 3, 0, 3]])
    assert "第2行" in str(refused.value)


def test_merged_count_headings_are_refused():
    with pytest.raises(CountLedger):
        read(
            [
                ["区域", "检查家次", "一般隐患", "", "", "重大隐患", "", ""],
                ["", "", "排查数", "已整治数", "整治率", "排查数", "已整治数", "整治率"],
                ["甲区", 5.0, 3.0, 3.0, 1.0, 0.0, 0.0, ""],
            ]
        )


def test_a_count_column_beside_descriptions_is_no_obstacle():
    table, _ = read([[*HEADER, "隐患数量", "整改率"], [*DATA, 1, 1]])
    assert "description" in table.fields


def test_sheet_without_header_is_explained():
    with pytest.raises(NoHeader, match="第1-20行找不到表头"):
        read([["随便", "写写"]] * 30)
    with pytest.raises(NoHeader, match="第1-1行找不到表头"):
        read([["隐患描述", "甲"]])


@pytest.mark.parametrize("rows", [[], [[]], [["", None, " \n"], [""]]])
def test_empty_sheets(rows):
    with pytest.raises(EmptySheet, match="工作表是空的"):
        read(rows)


def test_better_heading_wins_and_the_other_column_says_so():
    table, rows = read([["是否整改", "隐患描述", "隐患状态"], ["是", "护栏缺失", "已销号"]])
    assert rows[0].values["state"] == "已销号"
    assert table.columns[0].field is None
    assert table.columns[0].note == "与 C 列含义相同，未采用"


def test_mapping_overrides_recognition():
    table, rows = read(
        [["编号", "隐患描述", "内容", "隐患状态"], ["1", "a", "b", "c"]], mapping={2: "description", 3: None}
    )
    assert rows[0].values == {"description": "b"}
    assert table.columns[1].note == "与 C 列含义相同，未采用"


def test_header_row_chosen_by_the_user():
    table, rows = read([["x", "y"], ["甲", "乙"], ["1", "2"]], header_rows=[2], mapping={0: "description"})
    assert table.header_rows == [2]
    assert [row.values for row in rows] == [{"description": "1"}]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"mapping": {0: "level", 1: "level"}}, "A、B 列对应了同一项内容，请只保留一列"),
        ({"mapping": {9: "level"}}, "指定的列不存在，这张表只有 5 列"),
        ({"header_rows": [9]}, "第 9-9 行不能作为表头（表头最多 4 行，且必须在工作表范围内）"),
        ({"header_rows": [0]}, "第 0-0 行不能作为表头（表头最多 4 行，且必须在工作表范围内）"),
    ],
)
def test_impossible_wishes_are_refused(options, sentence):
    with pytest.raises(Unrecognised) as refused:
        read([HEADER, DATA], **options)
    assert str(refused.value) == sentence


def test_rows_are_streamed():
    taken = 0

    def endless():
        nonlocal taken
        yield HEADER
        while True:
            taken += 1
            yield DATA

    table = recognise(endless(), SYNONYMS)
    assert next(table.rows).number == 2
    assert taken < 30


def test_short_rows_read_as_blank_cells():
    _, rows = read([HEADER, [1.0, "护栏缺失"]])
    assert rows[0].values["person"] == ""


CELL = st.one_of(
    st.none(),
    st.booleans(),
    st.floats(),
    st.integers(),
    st.dates(),
    st.text(st.characters(exclude_categories=()), max_size=12),
    st.sampled_from([*HEADER, "说明：", "合计", "填报人：甲", "一般隐患数", "检查家次", "××街道", "1"]),
)


@given(st.lists(st.lists(CELL, max_size=6), max_size=30))
def test_no_sheet_breaks_recognition(rows):
    try:
        table = recognise(rows, SYNONYMS)
    except Unrecognised as reason:
        assert str(reason)
        return
    data = list(table.rows)
    seen = {row.number for row in data} | {number for number, _ in table.skipped} | set(table.header_rows)
    assert not {row.number for row in data} & {number for number, _ in table.skipped}
    assert max(seen) <= len(rows)
