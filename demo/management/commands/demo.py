import time

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from demo.loading import empty_database, is_loaded, load
from demo.people import refresh_passwords
from demo.tempers import USUAL
from journal import anchors
from journal.refusal import Refused


class Command(BaseCommand):
    help = "装入演示数据：一个地级市的单位、人员、企业，以及两年的检查和隐患。只在演示模式下可用。"

    def add_arguments(self, parser):
        parser.add_argument("--scale", type=int, default=USUAL, help=f"隐患条数，默认 {USUAL}")
        parser.add_argument("--unit-city", default="4114", help="四位行政区划代码，默认商丘市 4114")
        parser.add_argument("--reset", action="store_true", help="先清空数据库（保留行业领域和放假安排），再重新装入")

    def handle(self, *args, scale, unit_city, reset, **options):
        if not settings.DEMO or not settings.DEMO_PASSWORD:
            raise CommandError("只有演示模式（环境变量 DEMO=1）才能装入演示数据；现在不是演示模式，没有做任何改动")
        if not 1 <= scale <= 2_000_000:
            raise CommandError("隐患条数应在 1 到 2000000 之间")
        if is_loaded() and not reset:
            refresh_passwords(settings.DEMO_PASSWORD, at=timezone.now())
            self.stdout.write("演示数据已在库中，只重置了演示账号的密码；要重新装入请加 --reset")
            return
        if User.objects.exists() and not reset:
            raise CommandError("数据库里已有人员，演示数据不会混入；确认可以清空的话请加 --reset")
        self._load(scale, unit_city, reset)

    def _load(self, scale, unit_city, reset):
        started = time.monotonic()
        try:
            with transaction.atomic():
                if reset:
                    empty_database()
                made = load(at=timezone.now(), scale=scale, city=unit_city, password=settings.DEMO_PASSWORD)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        anchors.forget()  # those of the ledger that was here before
        self.stdout.write(f"演示数据：隐患 {made} 条，用时 {time.monotonic() - started:.0f} 秒")
