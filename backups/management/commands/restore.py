from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from backups.failures import passphrase_from
from backups.restoring import check, restore
from journal.refusal import Refused


class Command(BaseCommand):
    help = "从备份 DIR 恢复数据库、照片、附件和密钥；加 --check 只校验备份能否恢复，不动现有数据。"
    # An empty database has no tables yet, and a check of it would say so.
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("directory", metavar="DIR", type=Path, help="一份备份，或存放备份的目录（取最近一份）")
        parser.add_argument("--check", action="store_true", dest="only_check", help="只校验：行数、文件、办理记录")
        parser.add_argument("--replace", action="store_true", help="现有台账不是空的也覆盖")
        parser.add_argument("--keys", type=Path, metavar="FILE", help="密钥文件，或它所在的目录，默认与备份并列")
        parser.add_argument("--without-keys", action="store_true", help="不恢复密钥")
        parser.add_argument("--passphrase-file", type=Path, metavar="FILE", help="文件第一行是备份时的口令")

    def handle(self, *args, directory, only_check, passphrase_file, **options):
        try:
            passphrase = passphrase_from(passphrase_file)
            if only_check:
                keys = options["keys"] and options["keys"].absolute()
                self.tell(check(directory.absolute(), passphrase=passphrase, keys_from=keys))
            else:
                self.restore(directory.absolute(), passphrase, **options)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal

    def restore(self, directory, passphrase, *, replace, keys, without_keys, **options):
        backup, other_keys, other_anchors = restore(
            directory,
            passphrase=passphrase,
            keys_from=keys and keys.absolute(),
            without_keys=without_keys,
            replace=replace,
        )
        self.stdout.write(f"已恢复 {backup.path.name}（{backup.manifest.made_at}），所有人需要重新登录")
        for name in other_keys:
            self.stderr.write(f"{name} 与备份时不同：请把密钥文件里的 {name} 写进运行环境，再启动")
        if other_anchors:
            self.stderr.write(
                "本机的锚点文件与备份里的不同，没有改动它；请执行 anchor_audit --accept-loss 登记恢复的原因"
            )

    def tell(self, checked):
        said = checked.backup.manifest
        for problem in checked.breaks:
            self.stderr.write(str(problem))
        self.stdout.write(
            f"{checked.backup.path.name}：{len(said.tables)} 张表 {sum(said.tables.values())} 行，文件 {said.files} 个，"
            f"办理对象 {checked.records} 个，办理记录 {checked.events} 条"
        )
        if said.missing:
            self.stderr.write(f"备份之前就已丢失的文件 {len(said.missing)} 个：{'、'.join(said.missing[:5])}")
        if checked.breaks:
            raise CommandError(f"备份可以恢复，但其中有 {len(checked.breaks)} 处与办理记录不符，见上")
        self.stdout.write("可以恢复，全部完好")
