from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.operations import Refused, init_city


class Command(BaseCommand):
    help = "按行政区划代码建立一个地级市的单位树：市、县（区）、乡镇（街道），各级安委办和部门。"

    def add_arguments(self, parser):
        parser.add_argument("city", help="四位行政区划代码，例如 4114")

    def handle(self, *args, city, **options):
        try:
            made = init_city(city, at=timezone.now())
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"新建单位 {made} 个；已有的保持不变。")
