import json
import unicodedata

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import Unit, User
from journal.refusal import Refused
from look.words import NO_DATA
from rankings import operations
from rankings.kinds import KINDS
from rankings.models import Freeze
from rankings.shown import shown
from workdays.periods import UnknownPeriod, parse_month, parse_week

COLUMNS = (
    ("rank", "名次"),
    ("name", "单位"),
    ("score", "得分"),
    ("inspections", "检查家次"),
    ("found", "发现"),
    ("found_major", "重大"),
    ("closed", "销号"),
    ("rate_found", "整改率(发现)"),
    ("rate_due", "整改率(到期)"),
    ("on_time_rate", "按期率"),
    ("reopened", "返潮"),
    ("overdue", "逾期"),
    ("avg_days", "平均天数"),
)


class Command(BaseCommand):
    help = "统计并排名一周或一月，例如 rank --week 2026-W46 --json；--freeze 冻结，--revise 更正冻结的数字。"

    def add_arguments(self, parser):
        period = parser.add_mutually_exclusive_group(required=True)
        period.add_argument("--week", help="ISO 周，例如 2026-W46")
        period.add_argument("--month", help="月份，例如 2026-11")
        parser.add_argument("--kind", choices=sorted(KINDS), default="township", help="排名对象")
        parser.add_argument("--city", help="四位市级行政区划代码；只有一个市时可不写")
        parser.add_argument("--county", help="六位县区行政区划代码：该县区的表；不写为全市的表")
        writing = parser.add_mutually_exclusive_group()
        writing.add_argument("--freeze", action="store_true", help="按截止时间冻结；已冻结的不变")
        writing.add_argument("--revise", metavar="原因", help="按同一截止时间重新统计，成为新的一次")
        parser.add_argument("--by", help="更正由谁办理：市安委办人员的账号，与 --revise 同用")
        parser.add_argument("--json", action="store_true", help="以 JSON 输出")

    def handle(self, *args, week, month, kind, city, county, json: bool, freeze, revise, by, **options):
        try:
            period = parse_week(week) if week is not None else parse_month(month)
        except UnknownPeriod as refusal:
            raise CommandError(str(refusal)) from refusal
        city, at = self.city(city), timezone.now()
        if (
            county is not None
            and not Unit.objects.filter(division_code=county, city_code=city, level="county").exists()
        ):
            raise CommandError(f"该市没有代码为“{county}”的县区")
        try:
            if freeze:
                operations.freeze(city, period, at=at)
            elif revise is not None:
                self.revise(city, period, revise, by, at)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        table = shown(city, KINDS[kind], period, division=county, today=timezone.localdate(at), at=at).as_json()
        self.stdout.write(as_text(table) if not json else dumped(table))

    def revise(self, city, period, reason, by, at):
        """Make a revision in the name of the person of the city's safety office who answers for it."""
        person = User.objects.named(by).filter(is_active=True).first() if by else None
        if person is None:
            raise CommandError("更正冻结的数字须由市安委办人员负责，请用 --by 写明账号")
        frozen = Freeze.objects.of(city, period)
        if frozen is None:
            raise CommandError(f"{period.full_words}还没有冻结，先用 --freeze 冻结")
        operations.revise(frozen, by=person, at=at, reason=reason)

    def city(self, given):
        """The city asked for, or the only one there is."""
        known = list(
            Unit.objects.filter(level=Unit.Level.CITY, kind=Unit.Kind.GOVERNMENT).values_list("code", flat=True)
        )
        if given is not None and given not in known:
            raise CommandError(f"没有代码为“{given}”的地级市单位，请先运行 init_city")
        if given is None and len(known) != 1:
            reason = "有多个市，请用 --city 指明" if known else "还没有任何地级市单位，请先运行 init_city"
            raise CommandError(reason)
        return given or known[0]


def dumped(table):
    return json.dumps(table, ensure_ascii=False, indent=1)


def as_text(table):
    """The table for a terminal, columns aligned with Chinese characters counted two wide."""
    lines = [[words for _, words in COLUMNS]]
    lines += [[_said(row[name], name) for name, _ in COLUMNS] for row in table["rows"]]
    widths = [max(_width(line[place]) for line in lines) for place in range(len(COLUMNS))]
    body = [
        "  ".join(_padded(text, width) for text, width in zip(line, widths, strict=True)).rstrip() for line in lines
    ]
    stands = f"已冻结，第 {table['revision']} 次" if table["frozen"] else "未冻结"
    return "\n".join(
        [f"{table['period']}  {table['from']} 至 {table['to']}  {stands}，公式第 {table['formula']} 版", *body]
    )


def _said(value, name):
    if value is None:
        return "—" if name == "rank" else NO_DATA
    return f"{value:.1%}" if "rate" in name else str(value)


def _width(text):
    return sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text)


def _padded(text, width):
    return text + " " * (width - _width(text))
