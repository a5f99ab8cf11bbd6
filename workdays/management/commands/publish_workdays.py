from datetime import date
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from workdays import operations, rules

MAX_BYTES = 100_000  # a notice has about forty lines


class Command(BaseCommand):
    help = "录入一个年份的放假安排（国务院办公厅通知）。文件为 CSV，表头：日期,类型,名称；类型为“放假”或“上班”"

    def add_arguments(self, parser):
        parser.add_argument("year", type=int, metavar="YEAR")
        parser.add_argument("file", type=Path, metavar="FILE.csv")
        parser.add_argument("--notice", required=True, help="文号，例如 国办发明电〔2025〕7号")
        parser.add_argument("--published-on", metavar="YYYY-MM-DD", help="通知发布日期")
        parser.add_argument("--by", default="", help="录入人姓名")

    def handle(self, *, year, file, notice, published_on, by, **options):
        try:
            published = operations.publish_year(
                year, _days(file, year), notice, by=by[:150], at=timezone.now(), published_on=_date(published_on)
            )
        except rules.BadNotice as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"已录入{published}（{published.notice}），例外日 {published.days.count()} 天")


def _days(file, year):
    rows = rules.read_exceptions(_text(file).splitlines())
    for written, day in rows:
        if written not in (None, year):
            raise CommandError(f"{day.date} 写的年份是 {written}，与要录入的 {year} 年不符")
    return [day for _, day in rows]


def _text(file):
    """The file's text; office software in China saves CSV as UTF-8 with a mark or as GB 18030."""
    try:
        with file.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise CommandError(f"无法读取文件 {file}") from error
    if len(content) > MAX_BYTES:
        raise CommandError("文件太大，不像是一份放假安排")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise CommandError("无法识别文件的文字编码，请另存为 UTF-8 的 CSV")


def _date(text):
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise CommandError("发布日期应写成 2025-11-04 的样子") from error
