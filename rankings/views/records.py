"""The pages of freezes, with their acts."""

from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone

from journal.views import ActPage, Pages, RecordPage
from look.words import full_date
from rankings.models import Freeze


class Freezes(Pages):
    kind = Freeze
    related = ("formula",)
    home, home_label = "rankings:index", "统计排名"


class FreezeAct(Freezes, ActPage):
    pass


class FreezePage(Freezes, RecordPage):
    """What was frozen, in words; the way to its figures and, of one that was revised, to what took its place."""

    template = "rankings/freeze.html"

    def beside(self, record):
        newer = None
        if record.state == "superseded":
            newer = Freeze.objects.visible_to(self.request.user).of(record.city_code, record.asked_period)
        return {
            "told": [
                ("统计时段", f"{full_date(record.first)} 至 {full_date(record.last)}"),
                ("计分时段", f"{full_date(record.window_first)} 至 {full_date(record.last)}"),
                ("截止", f"{timezone.localtime(record.cut_off):%Y-%m-%d %H:%M}，这一刻及以后的办理不计"),
                ("第几次", f"第 {record.revision} 次"),
                ("更正原因", record.reason),
                ("公式", str(record.formula)),
                ("校验值", record.figures_digest),
            ],
            "figures": figures_of(record),
            "newer": newer,
            "newer_figures": newer and figures_of(newer),
        }


def figures_of(freeze):
    """The address of the ranking of ``freeze``."""
    asked = {freeze.asked_period.unit: freeze.period, "revision": freeze.revision}
    return f"{reverse('rankings:index')}?{urlencode(asked)}"
