"""Descriptions that say nothing: what the rules make of the guidelines (docs/labelling.md) and of the lines labelled by them."""

import csv
import hashlib
from pathlib import Path

import pytest

from demo.texts import read_rows
from flags.perfunctory import is_perfunctory

LABELS = Path(__file__).parent / "labels.csv"
TEXTS = Path(__file__).resolve().parents[2].parent / "shared/data/hazard_texts/enterprise_reports.csv"


@pytest.mark.parametrize(
    "text",
    [
        "", "。", "1", "无", "已整改", "己整改完毕！", "以整改", "存在安全隐患", "存在消防隐患，已要求整改", "安全出口", "２、消防设施是否完好；",
        "配电箱、开关箱内不得放置任何杂物", "定期组织应急演练", "疏散通道畅通", "更换疏散指示标志", "有占用", "堆放杂物", "漏水", "消防设施不完善", "管理不到位",
        "责任制不健全",
    ],
)  # fmt: skip
def test_perfunctory(text):
    assert is_perfunctory(text)


@pytest.mark.parametrize(
    "text",
    [
        "灭火器过期", "应急灯坏", "通道堆放货物", "二楼安全出口上锁，疏散通道堆放货物3", "线路老化", "已整改：三楼应急照明灯损坏", "消防标志脱落", "灭火器被遮挡，已移开",
        "电梯检验不合格仍在使用", "未落实有限空间作业审批，清淤人员已下池", "培训教室仅一个出口，窗户装了铁栅",
    ],
)  # fmt: skip
def test_brief_and_still_saying_something(text):
    assert not is_perfunctory(text)


def test_nobody_in_the_demonstration_who_means_it_is_perfunctory():
    assert [row["description"] for row in read_rows("texts.csv") if is_perfunctory(row["description"])] == []


def labelled(half):
    """``[(text, whether it is perfunctory), …]`` of one half of the labelled lines, or a skip."""
    if not TEXTS.exists():
        pytest.skip("the labelled texts of ../shared/data are not on this machine")
    with TEXTS.open(encoding="utf-8", newline="") as lines:
        texts = [row["text"] for row in csv.DictReader(lines)]
    with LABELS.open(encoding="utf-8", newline="") as lines:
        labels = [row for row in csv.DictReader(lines) if row["half"] == half]
    found = [(texts[int(row["row"])], row["perfunctory"] == "1") for row in labels]
    digests = [hashlib.sha256(text.encode()).hexdigest()[:16] for text, _ in found]
    assert digests == [row["sha256"] for row in labels], "the labels are of other texts"
    return found


@pytest.mark.parametrize(("half", "precision", "recall"), [("built", 0.95, 0.82), ("held", 0.85, 0.83)])
def test_rules_are_as_good_as_the_documentation_says(half, precision, recall):
    told = [(is_perfunctory(text), label) for text, label in labelled(half)]
    both = told.count((True, True))
    assert both / (both + told.count((True, False))) >= precision
    assert both / (both + told.count((False, True))) >= recall


def test_two_passes_over_more_than_six_hundred_lines():
    with LABELS.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    first, second = ([row[name] == "1" for row in rows] for name in ("first", "second"))
    agreed = sum(one == other for one, other in zip(first, second, strict=True)) / len(rows)
    shares = [sum(labels) / len(rows) for labels in (first, second)]
    chance = shares[0] * shares[1] + (1 - shares[0]) * (1 - shares[1])
    assert (len(rows), round((agreed - chance) / (1 - chance), 2)) == (640, 0.99)
