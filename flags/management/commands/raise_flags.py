from datetime import date, timedelta

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from flags import operations
from journal.refusal import Refused


class Command(BaseCommand):
    help = (
        "查找数据异常并提示有关单位，例如 raise_flags --to 2026-11-15；不写 --to 时到昨天为止。同一情况不会重复提示。"
    )

    def add_arguments(self, parser):
        parser.add_argument("--to", help="截止日（含），写作 2026-11-15")

    def handle(self, *args, to, **options):
        at = timezone.now()
        try:
            last = date.fromisoformat(to) if to else timezone.localdate(at) - timedelta(days=1)
        except ValueError as error:
            raise CommandError(f"“{to}”不是有效日期，请写作 2026-11-15") from error
        try:
            raised = operations.raise_flags(to=last, at=at)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"截止 {last.isoformat()}：新提示 {raised} 条")
