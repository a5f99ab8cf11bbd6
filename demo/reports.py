"""Reports of the last months, in time, late or missing as each township is diligent, with true chains and the ledger's own figures."""

import random
from datetime import timedelta

from demo.people import made_up_uid
from demo.tempers import GAMING, GOOD, IDLE, OVERLOADED
from journal import chronicle
from reporting import operations
from reporting.figures import figures_for
from reporting.models import Opening
from reporting.reminders import send_reminders
from reporting.terms import Kind, cut_off, last_closed
from workdays.operations import load_calendar

SEED = "信息报送"
MONTHS = 2
# Shares of reports that come in time, and that come late; the rest is missing. Who only wants figures is punctual.
PUNCTUAL = {GOOD: (0.98, 0.02), GAMING: (0.99, 0.01), OVERLOADED: (0.72, 0.22), IDLE: (0.5, 0.3)}
USUAL = (0.92, 0.06)
RETURNED = 0.02  # of those that came in time and are no zero reports
AT_MOST = 6 * 24 * 60  # minutes that a late one is late
WORDS = (
    "组织重点企业负责人学习重大事故隐患判定标准，督促逾期隐患整改。",
    "开展冬季消防和用电安全检查，对上期隐患逐条复查。",
    "对辖区冷库、加油站、商场开展专项检查，问题已交办。",
    "召开安全生产例会，研判本期风险，安排下期检查计划。",
    "",
    "",
)
EXPLANATION = "逾期的一条因设备采购未到货，已申请延期。"
REASON = "工作情况过于简单，请写明逾期隐患的督办措施。"


def write_reports(cast, tempers, now, *, weeks):
    """The reports of all units for the last ``weeks`` and of the firms with accounts, up to ``now``; returns how many. No number is drawn
    from the city's dice.

    The township of the accounts has its newest one back, the department and the firm have not filed theirs.
    """
    desk = _Desk(cast, tempers, now)
    lives = []
    for kind, count in ((Kind.WEEKLY, weeks), (Kind.MONTHLY, MONTHS)):
        for period in last_closed(kind, now).trail(count):
            lives += desk.of_period(kind, period)
    # Written as they were asked for: a list of reports runs by their ids.
    lives.sort(key=lambda life: life.events[0].at)
    chronicle.write(lives)
    send_reminders(at=now)
    return len(lives)


class _Desk:
    def __init__(self, cast, tempers, now):
        self.cast, self.tempers, self.now = cast, tempers, now
        self.rng, self.calendar = random.Random(SEED), load_calendar()  # noqa: S311 - made-up data
        self.office = cast.accounts["safety_office"]
        self.excused = False

    def of_period(self, kind, period):
        at = cut_off(period)
        Opening.objects.create(kind=kind, period=period.code, first=period.first, at=at)
        reports = operations.owing(kind, period, at, self.calendar)
        for report in reports:
            report.uid = made_up_uid(self.rng)
        bodies = [report.body for report in reports]
        figures = figures_for(kind, bodies, period, at)
        members = _members(bodies) if kind == Kind.MONTHLY else {}
        newest = period == last_closed(kind, self.now)
        lives = chronicle.born(reports, "open", by=None, at=at)
        for life in lives:
            body = life.record.body
            by = members[body.pk] if members else self.cast.officers_on(body, period.last)[0]
            self._live(life, figures.get(body.pk, []), by, newest)
        return lives

    def _live(self, life, figures, by, newest):
        report, rng = life.record, self.rng
        moment = self._moment(report)
        own = newest and by in (self.cast.accounts[name] for name in ("department", "enterprise"))
        if moment is None or own or moment >= self.now:
            self._missing(life, newest)
            return
        self._file(life, figures, by, moment)
        home = newest and by == self.cast.accounts["township"]
        if home or (not report.is_late and not report.is_zero and rng.random() < RETURNED):
            self._again(life, figures, by, moment, home)

    def _moment(self, report):
        """When it is filed by chance; None: never."""
        first, rng = cut_off(report.span), self.rng
        temper = self.tempers.get(report.division_code) if report.unit_id else None
        in_time, late = PUNCTUAL.get(temper, USUAL)
        chance = rng.random()
        if chance < in_time:
            return first + (report.due_at - first) * (0.02 + 0.95 * rng.random())
        return report.due_at + timedelta(minutes=rng.randrange(5, AT_MOST)) if chance < in_time + late else None

    def _file(self, life, figures, by, at):
        zero = not any(one.value for one in figures)
        overdue = any(one.name == "overdue" and one.value for one in figures)
        words = "" if zero else self.rng.choice(WORDS)
        explanation = EXPLANATION if overdue and self.rng.random() < 0.1 else ""
        said = operations.filing(life.record, figures, by, at, words, explanation, zero=zero)
        life.happen("file_zero" if zero else "file", by=by, at=at, **said)

    def _again(self, life, figures, by, at, home):
        """Sent back the same afternoon; filed again within the hours given, but for the newest of the accounts' township."""
        returned = max(at + timedelta(hours=3), self.now - timedelta(hours=11)) if home else at + timedelta(hours=3)
        if returned >= self.now:
            return
        life.happen("return_report", by=self.office, at=returned, **operations.returning(life.record, returned, REASON))
        refiled = returned + timedelta(hours=self.rng.randrange(1, 20))
        if not home and refiled < self.now:
            self._file(life, figures, by, refiled)

    def _missing(self, life, newest):
        """What is missing of the newest period is chased; one of an older one was excused."""
        report = life.record
        chased = report.due_at + timedelta(hours=26)
        if newest and chased < self.now:
            life.happen("chase", by=self.office, at=chased, note="请于今天内报送。", changes={"送达": "安全负责人"})
        elif not newest and not self.excused and report.unit_id and report.unit_id != self.cast.home.pk:
            self.excused = True
            reason = "当周参加抢险，经请示同意免报。"
            life.happen("excuse", by=self.office, at=report.due_at + timedelta(days=1), note=reason)


def _members(firms):
    """``{firm id: who files for it}``."""
    through = type(firms[0]).members.through.objects.filter(enterprise__in=firms).order_by("-pk") if firms else []
    return {row.enterprise_id: row.user for row in (through.select_related("user") if firms else ())}
