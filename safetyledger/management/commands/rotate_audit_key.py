from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from safetyledger import kept, key_ring


class Command(BaseCommand):
    help = "换用新的审计密钥，旧密钥留下用于核对旧记录；换后请重新启动所有进程。"
    ring = "AUDIT_KEYS"

    def handle(self, *args, **options):
        file = getattr(settings, f"{self.ring}_FILE")
        text = key_ring.written(key_ring.rotated(getattr(settings, self.ring), timezone.localdate()))
        if file is None:
            self.stdout.write(f"{self.ring}={text}")
            self.stdout.write(f"请用上面一行替换环境变量 {self.ring}，再重新启动所有进程", self.style.NOTICE)
            return
        kept.write(file, text)
        self.stdout.write(f"新密钥已写入 {file}，请重新启动所有进程")
