from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from journal import anchors
from journal.refusal import Refused


class Command(BaseCommand):
    help = "把所有办理记录链的末条写进数据库之外的锚点文件，并给出根值；平时每天夜里自动执行。"

    def add_arguments(self, parser):
        parser.add_argument(
            "--accept-loss", metavar="原因", default="", help="恢复备份、换服务器后使用：登记原因，从现状重新锚定"
        )

    def handle(self, *args, accept_loss, **options):
        now = timezone.now()
        try:
            root, heads = anchors.accept_loss(at=now, reason=accept_loss) if accept_loss else anchors.anchor(at=now)
        except Refused as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(f"锚定 {heads} 条链，根值 {root}")
