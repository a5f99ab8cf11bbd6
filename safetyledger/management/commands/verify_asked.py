from django.core.management.base import BaseCommand
from django.utils import timezone

from journal import verifying
from safetyledger.tasks import tell_auditors


class Command(BaseCommand):
    help = "做一次已经申请的核验（由后台程序启动）；没有等待的核验时什么也不做。随时核验用 verify_audit。"

    def handle(self, *args, **options):
        verifying.run_asked(timezone.now(), tell_auditors)
