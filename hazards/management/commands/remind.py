from datetime import date

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from hazards import operations


class Command(BaseCommand):
    help = "发送今天该发的整改期限提醒；重复执行不会重复发送。"

    def add_arguments(self, parser):
        parser.add_argument("--today", help="按哪一天计算，例如 2026-11-22；默认今天")

    def handle(self, *args, today, **options):
        written = operations.send_reminders(at=timezone.now(), today=_day(today) if today is not None else None)
        self.stdout.write(f"写入提醒 {written} 条")


def _day(text):
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"“{text}”不是日期；请写成 2026-11-22 这样的形式") from error
    if not 2000 <= day.year <= 2100:
        raise CommandError(f"“{text}”的年份不合理；请写 2000 年到 2100 年之间的日期")
    return day
