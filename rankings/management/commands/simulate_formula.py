import json
import unicodedata
from dataclasses import replace
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import Unit
from look.words import NO_DATA
from rankings.formula import Constants
from rankings.models import Formula
from rankings.numbers import RANGES, WORDS
from rankings.simulation.noise import FIGURES
from rankings.simulation.report import FULL, GROUPS, LEAST_MONTHS, LEAST_TOWNSHIPS, SEED, Size, report

# A city is drawn in memory: what is beyond says nothing more.
MOST_TOWNSHIPS, MOST_MONTHS, MOST_TRIED = 400, 60, 50
MOST_FORMULA_BYTES = 20_000


class Command(BaseCommand):
    help = "在模拟的城市里试算评分公式：各种取巧做法能多得几名、名次有多少属偶然波动。全尺寸约需三分钟。"

    def add_arguments(self, parser):
        parser.add_argument(
            "--formula", dest="changes", help='JSON 文件，写要改的常数，例如 {"limit_days_general": 30}；其余照现行公式'
        )
        whose = parser.add_mutually_exclusive_group()
        whose.add_argument("--city", help="四位市级行政区划代码，按该市现行公式试算；只有一个市时可不写")
        whose.add_argument("--house", action="store_true", help="按系统初始公式试算，不读数据库")
        parser.add_argument("--seed", type=int, default=SEED, help="随机种子，同一种子结果相同")
        parser.add_argument("--townships", type=int, default=FULL.townships, help="乡镇个数")
        parser.add_argument("--months", type=int, default=FULL.months, help="月数")
        parser.add_argument("--tried", type=int, default=FULL.tried, help="每类乡镇各试几个")
        parser.add_argument("--json", action="store_true", help="以 JSON 输出")

    def handle(self, *args, changes, city, house: bool, seed, townships, months, tried, json: bool, **options):
        size = Size(
            _between(townships, LEAST_TOWNSHIPS, MOST_TOWNSHIPS, "--townships"),
            _between(months, LEAST_MONTHS, MOST_MONTHS, "--months"),
            _between(tried, 1, MOST_TRIED, "--tried"),
        )
        constants = Constants() if house else in_force(city)
        if changes is not None:
            constants = changed(constants, changes)
        found = report(constants, seed=seed, size=size)
        self.stdout.write(dumped(found) if json else as_text(found))


def in_force(city):
    """The `Constants` by which ``city`` (the only one there is, when None) judges today; before anything was set up, the house's."""
    known = list(Unit.objects.filter(level=Unit.Level.CITY, kind=Unit.Kind.GOVERNMENT).values_list("code", flat=True))
    if city is not None and city not in known:
        raise CommandError(f"没有代码为“{city}”的地级市单位，请核对 --city")
    if city is None and len(known) > 1:
        raise CommandError("有多个市，请用 --city 指明")
    version = Formula.objects.in_force(city or "".join(known), timezone.localdate())
    return version.constants if version else Constants()


def changed(constants, path):
    """``constants`` with the numbers that the JSON file at ``path`` names."""
    numbers = _read(path)
    for name, number in numbers.items():
        if name not in WORDS:
            raise CommandError(f"公式没有名为“{name}”的常数，可以写的有：{'、'.join(WORDS)}")
        low, high = RANGES.get(name, (0, 100))
        if type(number) is not int or not low <= number <= high:
            raise CommandError(f"“{name}”（{WORDS[name]}）应为 {low} 至 {high} 的整数，请改正")
    result = replace(constants, **numbers)
    total = sum(result.weights.values())
    if total != 100:
        raise CommandError(f"六部分分值合计应为 100，现在是 {total}，请改正")
    return result


def dumped(found):
    return json.dumps(found, ensure_ascii=False, indent=1)


def as_text(found):
    """The table of tricks and the figures of noise, for a terminal; Chinese characters counted two wide."""
    head = [
        f"模拟城市：{found['townships']} 个乡镇，{found['months']} 个月，{found['rankings']} 次月度排名，种子 {found['seed']}",
        "取巧做法平均多得的名次（负数为倒退）；* 为公式本身拦不住、靠预警和抽查的做法",
        "",
    ]
    columns = ["做法", *(f"{words}（{found['tried'][name]} 个）" for name, words in GROUPS), "平均"]
    tricks = [
        [
            trick["words"] + " *" * trick["hard"],
            *(f"{trick['gains'][name]:+.1f}" for name, _ in GROUPS),
            f"{trick['gain']:+.1f}",
        ]
        for trick in found["tricks"]
    ]
    figures = [
        [words, NO_DATA if found["noise"][name] is None else format(found["noise"][name], form)]
        for name, words, form in FIGURES
    ]
    return "\n".join([*head, *_aligned([columns, *tricks]), "", *_aligned(figures)])


def _between(number, least, most, option):
    if not least <= number <= most:
        raise CommandError(f"{option} 应在 {least} 至 {most} 之间，请改正")
    return number


def _read(path):
    try:
        with Path(path).open("rb") as file:
            content = file.read(MOST_FORMULA_BYTES + 1)
    except OSError as error:
        raise CommandError(f"读不了文件“{path}”，请核对路径：{error.strerror}") from error
    if len(content) > MOST_FORMULA_BYTES:
        raise CommandError(f"文件“{path}”超过 {MOST_FORMULA_BYTES // 1000} KB，不像是公式的常数，请核对")
    try:
        numbers = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise CommandError(f'文件“{path}”不是 JSON，请写成 {{"常数": 数字}} 的样子') from error
    if not isinstance(numbers, dict):
        raise CommandError(f'文件“{path}”应是一组 {{"常数": 数字}}，请改正')
    return numbers


def _aligned(lines):
    widths = [max(_width(line[place]) for line in lines) for place in range(len(lines[0]))]
    for line in lines:
        first, *rest = (" " * (width - _width(text)) for text, width in zip(line, widths, strict=True))
        yield "  ".join([line[0] + first, *(blank + text for blank, text in zip(rest, line[1:], strict=True))])


def _width(text):
    return sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text)
