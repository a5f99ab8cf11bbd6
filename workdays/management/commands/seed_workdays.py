from django.core.management.base import BaseCommand
from django.utils import timezone

from workdays import operations


class Command(BaseCommand):
    help = "录入随代码提供的历年放假安排；已有的年份保持不变"

    def handle(self, **options):
        count = operations.seed(at=timezone.now())
        self.stdout.write(f"已录入 {count} 个年份的放假安排")
