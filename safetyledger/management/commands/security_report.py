import json
from dataclasses import asdict

from django.core.management.base import BaseCommand
from django.utils import timezone

from safetyledger import security_report


class Command(BaseCommand):
    help = "等级保护第三级（GB/T 22239-2019 8.1.4）自查表：按当前设置和数据逐项核对。有不符合的以 1 退出。"

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true", help="供程序读取")

    def handle(self, *args, **options):
        answers = security_report.answers()
        if options["json"]:
            self.stdout.write(json.dumps([asdict(one) for one in answers], ensure_ascii=False, indent=1))
        else:
            now = timezone.localtime()
            self.stdout.write(f"# 等级保护自查表（GB/T 22239-2019 第三级 8.1.4）\n\n{now:%Y-%m-%d %H:%M}\n")
            self.stdout.write("| 条款 | 内容 | 结论 | 核对情况 |\n|---|---|---|---|")
            for one in answers:
                self.stdout.write(f"| {one.clause} | {one.subject} | {one.verdict} | {one.found} |")
        if any(one.verdict == security_report.NOT_MET for one in answers):
            raise SystemExit(1)
