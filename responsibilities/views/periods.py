"""What the pages of both halves of the matrix share."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect

from accounts.models import Unit
from journal.views import ActPage, BirthPage, RecordPage
from look import cells
from look.lists import Column, Tab
from look.words import full_date
from responsibilities import rules

NO_READER = "责任分工由政府部门的人员查看"
SHOWN = 50  # earlier rows of one place in the matrix
TABS = (Tab("现行", {}, default=True), Tab("已止", {"view": "ended"}), Tab("全部", {"view": "all"}))


def period_words(row):
    """From when to when it is in force, as a list says it."""
    return (
        f"{full_date(row.valid_from)} 起"
        if row.valid_to is None
        else f"{full_date(row.valid_from)} 至 {full_date(row.valid_to)}"
    )


FROM_TO = Column("有效期", period_words, "num")
STATE = Column("状态", cells.text("state_label"))


class ForReaders:
    """A list for those who read the ledger of a territory, before :class:`look.lists.ListPage`."""

    def rows(self):
        if not self.request.user.reads_rankings:
            raise PermissionDenied(NO_READER)
        return super().rows()

    def tabs(self):
        return TABS

    def besides(self):
        return {"may_settle_lines": rules.is_office(self.request.user)}


class PeriodPage(RecordPage):
    """One row, and those that were in force in its place before or after it."""

    template = "responsibilities/period.html"

    def beside(self, record):
        rows = self.kind.objects.visible_to(self.request.user).beside(record).select_related(*self.related)
        others = [row for row in rows.order_by("-valid_from", "-pk")[: SHOWN + 1] if row.pk != record.pk]
        return {
            "period": period_words(record),
            "told": [(label, record_words(getattr(record, name))) for name, label in self.told.items()],
            "others": [(row, period_words(row), self.words_of(row)) for row in others[:SHOWN]],
        }

    def words_of(self, row):
        """Whom a row names, in a line."""
        named = [(label, getattr(row, name)) for name, label in self.told.items() if getattr(row, name)]
        return "，".join(f"{label} {one}" for label, one in named)


def record_words(row):
    return str(row) if row is not None else ""


class PeriodAct(ActPage):
    def done(self, request, record, made):
        """To the row in force now, where one took the place of this."""
        messages.success(request, self.act.said(record, made, self.today))
        now = self.kind.objects.visible_to(request.user).current().beside(record).first()
        return redirect(now or record)


class PeriodBirth(BirthPage):
    """``?<place>=code`` says for which unit, that of the visitor when it is left out; the form says it again when it is sent."""

    place = ""  # the column that names it

    def get(self, request, unborn, at):
        return super().get(request, self._placed(unborn, request.GET), at)

    def post(self, request, unborn, at):
        return super().post(request, self._placed(unborn, request.POST), at)

    def _placed(self, unborn, data):
        """``unborn`` with the unit that the address or the form names; one outside the scope does not exist."""
        code = data.get(self.place, "")
        units = Unit.objects.in_territory_of(self.request.user).active()
        named = (
            units.filter(code=code) if code.isprintable() else units.none()
        )  # PostgreSQL takes no NUL, not even to compare
        unit = named.first() if code else self.usual(units)
        if code and unit is None and self.request.method != "POST":
            raise Http404("no such unit in scope")
        setattr(unborn, self.place, unit)
        return unborn

    def usual(self, units):
        """The unit when none is named."""
        return units.filter(pk=self.request.user.unit_id).first()
