import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import Unit, User
from accounts.operations import add_person
from accounts.roles import MANAGERS, Role
from accounts.scope import Reach, scope_of
from imports.answers import Answers
from imports.reading import commit, read_ledger, units_to_import_into
from imports.reporting import report_of
from journal.gate import day_of
from journal.refusal import Refused
from workbooks.reading import Unreadable

SHOWN = 50


class Command(BaseCommand):
    help = (
        "导入隐患台账（Excel、WPS 表格、CSV），与网页导入是同一套程序：先整体识别，再一次写入，中断则一行也不写入。"
        "同一份台账再导入一次不新增。有任何一行因错误没有导入时，其余行照常导入，退出码为 1，错误逐行逐列列出；"
        "全部导入（或已在台账中、或不是隐患而跳过）时退出码为 0。"
        "不指定 --user 时，以管辖该单位的第一个安委办或安全负责人账号办理；一个都没有时，"
        "建立一个不能登录的“台账导入”账号（import-市代码）来办理。"
    )

    def add_arguments(self, parser):
        parser.add_argument("file", help="台账文件")
        parser.add_argument(
            "--unit", help="导入到哪个政府单位（代码，例如 411402001）；不写则为 --user 的单位，或唯一的市"
        )
        parser.add_argument("--dry-run", action="store_true", help="只识别、不写入")
        parser.add_argument("--report", help="把逐行结果写成 JSON 文件")
        parser.add_argument("--user", help="以哪个账号办理（用户名）")
        told = parser.add_argument_group("整份台账都没有写的内容（没有这一列时才用）")
        told.add_argument("--enterprise", help="全部属于哪家企业")
        told.add_argument("--found-on", help="全部在哪一天排查，例如 2026-11-20")
        told.add_argument("--level", help="全部是“一般”还是“重大”；不写为一般")
        told.add_argument("--sector", help="新企业的行业领域（代码）；不写则部门导入的新企业不能登记")
        told.add_argument(
            "--holds",
            action="store_const",
            const="1",
            help="没有写明责任人、按职责由办理账号担任的，由其担任；不写则留空",
        )

    def handle(self, *args, **options):
        _check_report(options["report"])
        at = timezone.now()
        user = _named_user(options["user"])
        unit = _unit(options["unit"], user)
        path, dry_run = Path(options["file"]), options["dry_run"]
        try:
            with path.open("rb") as file:
                reading = read_ledger(
                    file, path.name[-200:], unit=unit, today=day_of(at), by=user, answers=Answers.of(options)
                )
            report = report_of(reading, dry_run=dry_run)
            if not dry_run:
                commit(reading, by=user or _officer_for(unit, at), at=at)
        except OSError as error:
            sentence = f"打不开文件“{path.name}”，请检查路径和权限"
            self._write(options["report"], {"file": path.name, "refused": sentence, "sheets": []})
            raise CommandError(sentence) from error
        except (Unreadable, Refused) as refusal:
            self._write(options["report"], {"file": path.name, "refused": str(refusal), "sheets": []})
            raise CommandError(str(refusal)) from refusal
        self._tell(report)
        self._write(options["report"], report)
        if not reading.is_clean:
            raise CommandError(
                f"有 {reading.error_rows} 行没有导入，原因见上；改正后重新导入同一文件即可，已导入的不会重复。"
            )

    def _write(self, target, report):
        if not target:
            return
        try:
            Path(target).write_text(json.dumps(report, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        except OSError as error:
            did = "台账已经导入，但" if report.get("dry_run") is False else ""
            raise CommandError(f"{did}写不了报告文件“{Path(target).name}”，请检查磁盘空间") from error

    def _tell(self, report):
        did = "可导入" if report["dry_run"] else "导入"
        for sheet in report["sheets"]:
            if not sheet["columns"]:
                self.stdout.write(f"工作表“{sheet['name']}”：{sheet['note']}")
                continue
            self.stdout.write(
                f"工作表“{sheet['name']}”：{sheet['rows']} 行，{did} {sheet['imported']}，已在台账中 {sheet['unchanged']}，"
                f"跳过 {sheet['skipped_count']}，错误 {sheet['error_rows']}"
            )
            for line in [*sheet["errors"], *sheet["notices"]][:SHOWN]:
                where = f"{line['column']} 列" if line["column"] else ""
                self.stdout.write(f"  第 {line['row']} 行 {where}{line['heading']}：{line['message']}")
        self.stdout.write(f"新建企业 {report['new_enterprises']} 家。")


def _check_report(target):
    """Refuse a report that cannot be written before a row is."""
    if not target:
        return
    try:
        with Path(target).open("a"):
            pass
    except OSError as error:
        raise CommandError(f"写不了报告文件“{target}”，请检查路径和权限；台账没有导入") from error


def _named_user(username):
    if not username:
        return None
    user = User.objects.select_related("unit").named(username).first()
    if user is None or not user.is_officer:
        raise CommandError(f"“{username}”不是可以办理导入的账号（检查人员、安全负责人或安委办）")
    return user


def _unit(code, user):
    governments = Unit.objects.active().filter(kind=Unit.Kind.GOVERNMENT)
    if user is not None:
        governments = units_to_import_into(user)
    if code:
        unit = governments.filter(code=code).first()
        if unit is None:
            raise CommandError(f"没有代码为“{code}”的政府单位，或不在该账号的管辖范围内")
        return unit
    if user is not None:
        unit = governments.filter(division_code=user.unit.division_code).first()
        if unit is None:
            raise CommandError("该账号的单位没有对应的政府单位，请用 --unit 写明导入到哪里")
        return unit
    cities = list(governments.filter(level=Unit.Level.CITY)[:2])
    if len(cities) != 1:
        raise CommandError("请用 --unit 写明导入到哪个单位" if cities else "还没有单位，请先运行 manage.py init_city")
    return cities[0]


def _officer_for(unit, at):
    """Who answers for an import nobody put a name to: the first manager whose territory holds ``unit``, else our own account."""
    above = [unit.division_code[:length] for length in (4, 6, 9) if length <= len(unit.division_code)]
    people = User.objects.filter(role__in=MANAGERS, is_active=True, unit__division_code__in=above).select_related(
        "unit"
    )
    for person in people.order_by("unit__division_code", "pk"):
        if scope_of(person).reach is Reach.TERRITORY:
            return person
    return _system_account(unit, at)


def _system_account(unit, at):
    city = unit.division_code[:4]
    body = Unit.objects.filter(code=f"{city}-AWB").first() or unit
    username = f"import-{city}"
    if known := User.objects.named(username).first():
        return known
    role = Role.SAFETY_OFFICE
    person, _ = add_person(at=at, username=username, full_name="台账导入", role=role, unit=body)
    person.set_unusable_password()
    person.save(update_fields=["password"])
    return person
