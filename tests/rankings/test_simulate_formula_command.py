import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import Unit
from rankings.formula import Constants
from rankings.models import Formula
from rankings.simulation.tricks import TRICKS

pytestmark = pytest.mark.django_db
SMALL = ("--townships", "20", "--months", "4", "--tried", "1", "--seed", "7")


def simulate(*arguments):
    out = StringIO()
    call_command("simulate_formula", *SMALL, *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def changes(tmp_path):
    def write(text):
        path = tmp_path / "changes.json"
        path.write_text(text, encoding="utf-8")
        return "--formula", str(path)

    return write


def test_a_person_reads_every_trick_and_every_figure():
    said = simulate()

    assert all(trick.words in said for trick in TRICKS)
    assert "20 个乡镇，4 个月，1 次月度排名，种子 7" in said
    assert "名次的标准差（企业不足 60 家）" in said
    assert "nan" not in said
    assert "None" not in said


def test_json_is_the_report_under_changed_constants(changes):
    found = json.loads(simulate("--json", *changes('{"limit_days_general": 30, "reporting": 5, "enforcement": 10}')))

    assert found["constants"] == Constants(limit_days_general=30, reporting=5, enforcement=10).as_dict()
    assert [one["trick"] for one in found["tricks"]] == [trick.name for trick in TRICKS]


def test_the_city_is_judged_by_the_version_in_force_in_it():
    today = timezone.localdate()
    for number, (since, limit) in enumerate([(-9, 25), (-1, 30), (1, 40)], start=7):
        numbers = Constants(limit_days_general=limit).as_dict()
        since = today + timedelta(days=since)
        Formula.objects.create(state="published", city_code="3714", number=number, since=since, numbers=numbers)
    Unit.objects.create(
        code="3714", name="德州市", level="city", kind="government", state="active", division_code="3714"
    )

    assert json.loads(simulate("--json"))["constants"]["limit_days_general"] == 30
    assert json.loads(simulate("--json", "--city", "3714"))["constants"]["limit_days_general"] == 30
    assert json.loads(simulate("--json", "--house"))["constants"]["limit_days_general"] == 20
    with pytest.raises(CommandError, match="没有代码为“9999”的地级市单位"):
        simulate("--city", "9999")

    Unit.objects.create(
        code="3715", name="聊城市", level="city", kind="government", state="active", division_code="3715"
    )
    with pytest.raises(CommandError, match="请用 --city 指明"):
        simulate()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "不是 JSON"),
        ("[" * 9000, "不是 JSON"),
        ("[]", "应是一组"),
        ('{"limit": 3}', "没有名为“limit”的常数，可以写的有：rectified、"),
        ('{"limit_days_general": "30"}', "应为 1 至 999 的整数"),
        ('{"limit_days_general": true}', "应为 1 至 999 的整数"),
        ('{"limit_days_general": 0}', "应为 1 至 999 的整数"),
        ('{"limit_days_general": 1e400}', "应为 1 至 999 的整数"),
        ('{"base": 0}', "应为 1 至 1000 的整数"),
        ('{"rectified": 30}', "合计应为 100，现在是 105"),
        (" " * 20_001, "超过 20 KB"),
    ],
)
def test_a_file_that_makes_no_formula_is_refused_in_words(changes, text, said):
    with pytest.raises(CommandError, match=said):
        simulate(*changes(text))


def test_a_file_that_is_not_there_is_said_to_be():
    with pytest.raises(CommandError, match="读不了文件"):
        simulate("--formula", "nowhere.json")


@pytest.mark.parametrize(
    "option", [("--townships", "19"), ("--townships", "401"), ("--months", "3"), ("--months", "61"), ("--tried", "0")]
)
def test_a_city_too_small_or_too_large_is_refused(option):
    with pytest.raises(CommandError, match=f"{option[0]} 应在"):
        simulate(*option)
