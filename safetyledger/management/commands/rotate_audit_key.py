from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from safetyledger import audit_keys, kept


class Command(BaseCommand):
    help = "换用新的审计密钥，旧密钥留下用于核对旧记录；换后请重新启动所有进程。"

    def handle(self, *args, **options):
        text = audit_keys.written(audit_keys.rotated(settings.AUDIT_KEYS, timezone.localdate()))
        if settings.AUDIT_KEYS_FILE is None:
            self.stdout.write(f"AUDIT_KEYS={text}")
            self.stdout.write("请用上面一行替换环境变量 AUDIT_KEYS，再重新启动所有进程", self.style.NOTICE)
            return
        kept.write(settings.AUDIT_KEYS_FILE, text)
        self.stdout.write(f"新密钥已写入 {settings.AUDIT_KEYS_FILE}，请重新启动所有进程")
