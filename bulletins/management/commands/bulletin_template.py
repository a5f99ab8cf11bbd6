"""The Word template of bulletins: written out to start from, or a house's own checked before it is put in place."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from bulletins.paper import BUILT_IN, Paper, Section, filled, unknown_names
from journal.refusal import Refused

EXAMPLE = Paper(
    issuer="示例市安全生产委员会办公室",
    number="示安委办通〔2026〕1号",
    title_lines=["关于2026年第46周", "安全隐患排查整治情况的通报"],
    addressed="各县（市、区）安全生产委员会",
    opening="现将有关情况通报如下：",
    sections=[Section("overall", "一、总体情况", [{"lead": "", "rest": "示例。"}])],
    attachments=[],
    date="2026年11月17日",
    copies="市委办公室",
)


class Command(BaseCommand):
    help = "写出通报的 Word 模板，或检查本单位的模板"

    def add_arguments(self, parser):
        way = parser.add_mutually_exclusive_group(required=True)
        way.add_argument("--write", metavar="文件", help="把系统自带的模板写到这个文件，在它的基础上修改")
        way.add_argument("--check", metavar="文件", help="检查这个模板能不能用")

    def handle(self, *args, write=None, check=None, **options):
        if write is not None:
            Path(write).write_bytes(BUILT_IN.read_bytes())
            self.stdout.write(f"已写出：{write}")
            return
        if not Path(check).is_file():
            raise CommandError(f"没有这个文件：{check}")
        try:
            filled(Path(check), EXAMPLE)
            unknown = unknown_names(Path(check))
        except Refused as refusal:
            raise CommandError(f"模板不能使用：{refusal.__cause__}") from refusal
        if unknown:
            raise CommandError(f"模板里有不认识的名称：{'、'.join(unknown)}；可用的名称见使用手册“通报”一页")
        self.stdout.write("模板可以使用")
