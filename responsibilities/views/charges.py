"""责任分工: who of each unit answers for which sector."""

from journal.views import Pages
from look import cells
from look.lists import Column, Empty, ListPage
from look.paging import NUMBER, Order
from responsibilities.filters import ChargeFilter
from responsibilities.models import Charge, serves
from responsibilities.views.periods import FROM_TO, STATE, ForReaders, PeriodAct, PeriodBirth, PeriodPage


def _person(name):
    def drawn(row):
        person = getattr(row, name)
        left = person is not None and row.valid_to is None and not serves(person, row.unit_id)
        return cells.NOTHING if person is None else f"{person}（已离岗）" if left else str(person)

    return drawn


class Charges(ForReaders, ListPage):
    title, label, url_name = "责任分工", "责任分工名单", "responsibilities:charges"
    sub = "共 {total} 条{narrowed}。登记和下达隐患时，责任人默认取自这里"
    columns = (
        Column("单位", cells.link("unit.short_name", "accounts:unit", "unit_id")),
        Column("行业领域", cells.link("sector_words", "responsibilities:charge"), "lead"),
        Column("责任人", _person("holder")),
        Column("副职（AB 角）", _person("deputy")),
        FROM_TO,
        STATE,
    )
    filter_class, fields = ChargeFilter, ("q", "sector")
    orders = (Order("unit", "unit_id", key=NUMBER), Order("newest", "pk", descending=True))
    empty = Empty("没有符合条件的责任分工", "由本单位安全负责人确定责任人，或导入责任分工表。", icon="users")
    template = "responsibilities/charge_list.html"

    def fetch(self, page):
        rows = Charge.objects.visible_to(self.request.user).filter(pk__in=page.ids)
        return rows.select_related("unit", "sector", "holder", "deputy")


charges = Charges.as_view()


class ChargePages(Pages):
    kind, related = Charge, ("unit__parent", "sector", "holder", "deputy")
    home, home_label = "responsibilities:charges", "责任分工"
    told = {"holder": "责任人", "deputy": "副职"}


class ChargePage(ChargePages, PeriodPage):
    def beside(self, record):
        return super().beside(record) | {"unit": record.unit, "left": not serves(record.holder, record.unit_id)}


class ChargeAct(ChargePages, PeriodAct):
    pass


class ChargeBirth(ChargePages, PeriodBirth):
    place = "unit"
