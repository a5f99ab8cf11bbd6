from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts import operations
from accounts.models import User


class Command(BaseCommand):
    help = "清除一个账号的二次验证（验证器、通行密钥、恢复码）并结束其全部登录；三员丢失手机和恢复码时用。"

    def add_arguments(self, parser):
        parser.add_argument("username", help="账号")

    def handle(self, *args, username, **options):
        person = User.objects.named(username).first()
        if person is None:
            raise CommandError(f"没有账号“{username}”")
        try:
            operations.clear_factor(person, by=None, at=timezone.now())
        except operations.Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"已清除 {person.username}（{person}）的二次验证，原来的登录全部失效；安全管理员会收到通知。")
