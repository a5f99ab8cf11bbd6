from pathlib import Path

from django.contrib.auth.models import AnonymousUser
from django.core.management.base import BaseCommand, CommandError
from django.http import QueryDict
from django.utils import timezone

from accounts.models import User
from doors.names import many, of_filter
from hazards.export import stream_ledger
from hazards.filters import HazardFilter, View, hazard_filter
from hazards.lifecycle import UNNUMBERED_STATES
from hazards.models import Hazard
from hazards.ordering import order_of
from inspections.models import Enterprise, Inspection
from journal.gate import day_of
from look.lists import SHOWN
from look.paging import BadCursor


class Command(BaseCommand):
    help = "把隐患台账导出为 .xlsx，与网页导出是同一套程序。不指定 --user 时导出全部单位的台账。"

    def add_arguments(self, parser):
        parser.add_argument("out", help="写到哪个文件")
        parser.add_argument("--query", default="", help="筛选条件，与台账网址的写法相同，例如 'level=major&overdue=1'")
        parser.add_argument("--user", help="只导出该账号看得到的隐患（用户名）")

    def handle(self, *args, out, query, user, **options):
        at = timezone.now()
        params = QueryDict(query.lstrip("?"))
        if wrong := (of_filter(HazardFilter) | many(*SHOWN)).refused(params):
            raise CommandError("；".join(wrong.values()))
        asked = _filter(params, user, today=day_of(at))
        if asked.errors:
            raise CommandError("；".join(asked.sentences))
        try:
            rows = asked.qs.order_by(*order_of(asked.data).by())
        except BadCursor as refusal:
            raise CommandError(str(refusal)) from refusal
        # Written beside and renamed: an interrupted export leaves no file that looks complete.
        target, part = Path(out), Path(f"{out}.part")
        try:
            with part.open("wb") as file:
                file.writelines(stream_ledger(rows, title="隐患台账", at=at))
            part.replace(target)
        except OSError as error:
            raise CommandError(f"写不了文件“{target.name}”，请检查路径、权限和磁盘空间") from error
        finally:
            part.unlink(missing_ok=True)
        self.stdout.write(f"已导出到 {target.name}。")


def _filter(params, username, *, today):
    if username:
        person = User.objects.select_related("unit").named(username).first()
        if person is None:
            raise CommandError(f"没有用户名为“{username}”的账号")
        return hazard_filter(params, user=person, today=today)
    if params.get("view") == View.DRAFTS or set(params.getlist("state")) & set(UNNUMBERED_STATES):
        raise CommandError("草稿只属于记录人，请用 --user 写明是谁的")
    asked = HazardFilter(params, Hazard.objects.all(), user=AnonymousUser(), today=today)
    asked.choose_among(lambda nobody: Enterprise.objects.all(), lambda nobody: Inspection.objects.all())
    return asked
