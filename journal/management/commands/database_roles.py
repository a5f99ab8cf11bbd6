from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from journal.grants import statements


class Command(BaseCommand):
    help = "给出 PostgreSQL 的授权语句：网页进程的角色不能改、不能删办理记录。以表的所有者执行，每次升级后再执行一次。"

    def add_arguments(self, parser):
        parser.add_argument("--web", default="safetyledger_web", help="网页进程的数据库角色")
        parser.add_argument("--worker", default="safetyledger_worker", help="后台进程的数据库角色")

    def handle(self, *args, web, worker, **options):
        if connection.vendor != "postgresql":
            raise CommandError("只有 PostgreSQL 有数据库角色")
        for statement in statements(web, worker):
            self.stdout.write(statement)
