from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from backups.failures import passphrase_from
from backups.making import make
from journal.refusal import Refused


class Command(BaseCommand):
    help = "备份到目录 DIR：数据库、照片和附件，密钥另成一个文件。备份时不影响使用；没有完成的不会留下。"

    def add_arguments(self, parser):
        parser.add_argument("directory", metavar="DIR", type=Path, help="存放各次备份的目录")
        parser.add_argument("--keep", type=int, metavar="N", help="完成后只保留最近 N 份")
        parser.add_argument("--keys", type=Path, metavar="DIR", help="密钥文件另放的目录，默认与备份并列")
        parser.add_argument(
            "--passphrase-file", type=Path, metavar="FILE", help="加密：文件第一行是口令，至少 12 个字符"
        )

    def handle(self, *args, directory, keep, keys, passphrase_file, **options):
        try:
            made = make(
                directory.absolute(),
                at=timezone.now(),
                passphrase=passphrase_from(passphrase_file),
                keys_in=keys and keys.absolute(),
                keep=keep,
            )
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        said = made.manifest
        self.stdout.write(
            f"已备份到 {made.path}：{len(said.tables)} 张表 {sum(said.tables.values())} 行，"
            f"文件 {said.files} 个，共 {said.bytes / 1e6:.1f} MB"
        )
        if made.removed:
            self.stdout.write(f"已删除较早的 {len(made.removed)} 份：{'、'.join(made.removed)}")
        if made.future:
            self.stderr.write(f"时间晚于现在的备份没有计入保留份数：{'、'.join(made.future)}；请核对系统时间")
        if said.missing:
            some = "、".join(said.missing[:5])
            raise CommandError(f"备份已完成，但有 {len(said.missing)} 个文件在备份之前就已丢失：{some}")
