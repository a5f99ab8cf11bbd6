"""What was done against firms: orders, fines and suspensions, more where a township is diligent, with true chains."""

import random
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from decimal import Decimal
from functools import partial
from operator import itemgetter

from demo.people import made_up_uid
from demo.tempers import GOOD, IDLE, LENIENT, OVERLOADED, PLAIN
from enforcement.kinds import Kind
from enforcement.models import Measure, Resumption, ResumptionDecision
from enforcement.operations import NO_MORE, name_of, said_of
from hazards.lifecycle import OPEN_STATES, State
from hazards.models import Hazard
from inspections import operations as enterprises
from journal import chronicle
from journal.chronicle import Life
from workdays.operations import load_calendar

CHUNK = 500
# Shares of the hazards found: ordered in writing, and fined. Who only wants figures fines nobody.
RATES = {GOOD: (0.14, 0.06), PLAIN: (0.08, 0.025), OVERLOADED: (0.06, 0.02), IDLE: (0.02, 0.005), LENIENT: (0, 0)}
ON_SPOT, EQUIPMENT, SEIZURE, SUSPENDED = 0.3, 0.12, 0.05, 0.08  # of what is fixed on the spot; of major hazards
SUSPENSIONS = 30  # at most
BASIS = {
    Kind.ON_SPOT: "《安全生产法》第六十五条第一款第二项", Kind.ORDER: "《安全生产法》第六十五条第一款第二项",
    Kind.PENALTY: "《安全生产法》第一百零二条", Kind.SUSPENSION: "《安全生产法》第六十五条第一款第三项",
    Kind.EQUIPMENT: "《安全生产法》第六十五条第一款第三项", Kind.SEIZURE: "《安全生产法》第六十五条第一款第四项",
    Kind.UTILITIES: "《安全生产法》第七十条", Kind.CLOSURE: "《安全生产法》第一百一十三条", Kind.TRANSFER: "《刑法》第一百三十四条之一",
}  # fmt: skip
CONTENT = {
    Kind.ON_SPOT: "当场纠正，检查人员现场核实", Kind.ORDER: "责令按期消除事故隐患，逾期依法处理", Kind.PENALTY: "未按期消除事故隐患，给予罚款",
    Kind.SUSPENSION: "重大隐患排除之前无法保证安全，责令停产停业整顿", Kind.EQUIPMENT: "停止使用存在重大隐患的设备",
    Kind.SEIZURE: "查封不符合安全标准的设备", Kind.UTILITIES: "拒不执行停产决定，通知供电企业停止供电",
    Kind.CLOSURE: "提请县级人民政府依法予以关闭", Kind.TRANSFER: "涉嫌危险作业罪，移送公安机关",
}  # fmt: skip
PUNISHED = (22, 85, 150)  # days ago, of the firms that meet the condition of being proposed for closure
COLUMNS = ("pk", "level", "found_on", "closed_on", "fixed_on_spot", "enterprise_id", "found_by_unit_id")


@dataclass
class Inspectorate:
    """Who acts where: ``units`` and ``firms`` by their keys, and the last number of each unit and year."""

    cast: object
    register: object
    now: datetime
    rng: random.Random
    numbers: dict = field(default_factory=dict)
    room: int = SUSPENSIONS  # so many suspensions by chance are left
    kept: set = field(default_factory=set)  # firms that are stopped by no chance, because they are staged
    suspended: dict = field(default_factory=dict)  # {firm's id: (the Life of its measure, moment it resumed or None)}

    def __post_init__(self):
        self.units = {unit.pk: unit for unit in self.cast.units.values()}
        self.firms = {firm.pk: firm for firm in self.register.firms}
        self.today, self.calendar = self.now.date(), load_calendar()

    def moment(self, day, hour):
        """At ``hour`` on the first working day from ``day``; None where that is not past."""
        day = self.calendar.first_working_day(day)
        return datetime.combine(day, hour, self.now.tzinfo) if day < self.today else None

    def decide(self, kind, firm, unit, day, *, hazard=None, **besides):
        """The Life of a measure on the first working day from ``day``; None where that is not past."""
        at = self.moment(day, time(17, 30))
        if at is None or not self.register.working_on(firm, at.date()):
            return None
        manager, *others = self.cast.officers_on(unit, at.date())
        officer, second = others[-1] if others else manager, manager
        if officer == second:
            return None
        if kind == Kind.PENALTY:
            besides |= {"number": self._number(unit, at.year)}
        if kind == Kind.SUSPENSION:
            besides |= {"status_before": firm.status}
        measure = Measure(
            uid=made_up_uid(self.rng), kind=kind, enterprise=firm, hazard_id=hazard, on=at.date(), content=CONTENT[kind], basis=BASIS[kind],
            unit=unit, officer=officer, second_officer=second, second_officer_name=str(second), recorded_by=officer, **besides,
        )  # fmt: skip
        life = Life(measure)
        life.happen("record_measure", by=officer, at=at, note=measure.content, changes=said_of(measure))
        return life

    def _number(self, unit, year):
        self.numbers[unit.pk, year] = number = self.numbers.get((unit.pk, year), 0) + 1
        return f"（{unit.short_name}）应急罚〔{year}〕{number}号"

    def fine(self, firm, unit, day, level, hazard=None):
        amount = self.rng.randrange(30, 150) if level == "major" else self.rng.randrange(5, 30)
        return self.decide(Kind.PENALTY, firm, unit, day, hazard=hazard, amount=Decimal(amount * 1000))

    def apply(self, life, day):
        """The firm, or its township in its stead, applies to resume."""
        measure, at = life.record, self.moment(day, time(10, 20))
        if at is None:
            return None
        by = (
            self.register.members.get(measure.enterprise.pk)
            or self.cast.officers_on(measure.enterprise.township, at.date())[0]
        )
        due_on = self.calendar.add_working_days(at.date(), 5).date
        text = "已按要求整改到位，安排专人值守，附整改报告。"
        asked = Resumption(uid=made_up_uid(self.rng), measure=measure, text=text, due_on=due_on, by=by, at=at)
        life.happen(
            "apply_resumption", by=by, at=at, note=text, changes={"审查期限": due_on}, beside=[asked], resumption_due_on=due_on,
            resumption_asked_by=by,
        )  # fmt: skip
        return asked

    def resume(self, life, day):
        """Application and consent; returns the moment of the consent, None where it has not come yet."""
        asked = self.apply(life, day)
        at = asked and self.moment(asked.at.date() + timedelta(days=2), time(15, 10))
        if at is None:
            return None
        by = self.cast.officers_on(life.record.unit, at.date())[0]
        by = self.cast.accounts["safety_office"] if by == asked.by else by
        opinion = "现场核实，整改到位，同意恢复"
        decision = ResumptionDecision(
            uid=made_up_uid(self.rng), application=asked, granted=True, opinion=opinion, by=by, at=at
        )
        life.happen(
            "grant_resumption", by=by, at=at, note=opinion, beside=[decision], lifted_on=at.date(), **NO_MORE
        )  # fmt: skip
        return at

    def stop(self, kind, firm, unit, day, *, hazard=None, closed_on=None):
        """A suspension, or equipment out of use, taken up again where its hazard is closed."""
        if kind == Kind.SUSPENSION and firm.pk in self.suspended:
            return None
        life = self.decide(kind, firm, unit, day, hazard=hazard)
        if life is None:
            return None
        resumed = self.resume(life, max(closed_on, life.record.on) + timedelta(days=1)) if closed_on else None
        if kind == Kind.SUSPENSION:
            self.suspended[firm.pk] = life, resumed
        return life

    def of_hazard(self, row, temper):
        """What one hazard brings upon its firm, by chance: ``[(day, what to do then), …]``."""
        pk, level, found_on, closed_on, on_spot, firm, unit = row
        firm, unit, rng = self.firms[firm], self.units[unit], self.rng
        ordered, fined = RATES.get(temper, (0.04, 0))
        chance, doings = rng.random(), []
        if on_spot:
            do = partial(self.decide, Kind.ON_SPOT, firm, unit, found_on, hazard=pk)
            return [(found_on, do)] if chance < ON_SPOT else []
        stop = partial(self.stop, firm=firm, unit=unit, day=found_on, hazard=pk, closed_on=closed_on)
        if level == "major" and chance < SUSPENDED and self.room and firm.pk not in self.kept:
            self.room -= 1
            doings.append((found_on, partial(stop, Kind.SUSPENSION)))
        elif level == "major" and chance < SUSPENDED + EQUIPMENT:
            doings.append((found_on, partial(stop, Kind.EQUIPMENT)))
        elif level == "major" and chance < SUSPENDED + EQUIPMENT + SEIZURE:
            doings.append((found_on, partial(self._seize, firm, unit, found_on, pk)))
        elif chance < ordered:
            doings.append((found_on, partial(self.decide, Kind.ORDER, firm, unit, found_on, hazard=pk)))
        if rng.random() < fined:
            day = found_on + timedelta(days=rng.randrange(5, 25))
            doings.append((day, partial(self.fine, firm, unit, day, level, hazard=pk)))
        return doings

    def _seize(self, firm, unit, day, hazard):
        life = self.decide(Kind.SEIZURE, firm, unit, day, hazard=hazard)
        at = life and self.moment(life.record.on + timedelta(days=18), time(11, 0))
        if at is not None:
            by, on, reason = self.cast.officers_on(unit, at.date())[0], at.date(), "设备已更换并检验合格"
            life.happen("lift_measure", by=by, at=at, note=reason, changes={"解除日期": on}, lifted_on=on)
        return life


def write_measures(cast, register, tempers, now, seed):
    """Everything, in the order of the days, so that numbers run with time; returns how many."""
    office = Inspectorate(cast, register, now, random.Random(seed))  # noqa: S311 - made-up data, and the same every time
    doings = list(_staged(office))
    rows = Hazard.objects.filter(origin=Hazard.Origin.INSPECTION).exclude(state__in=[State.DRAFT, State.DISCARDED])
    for row in rows.order_by("pk").values_list(*COLUMNS).iterator(chunk_size=2000):
        doings += office.of_hazard(row, tempers[office.firms[row[5]].division_code])
    doings.sort(key=itemgetter(0))
    lives = [life for _, do in doings if (life := do()) is not None]
    for start in range(0, len(lives), CHUNK):
        chronicle.write(lives[start : start + CHUNK])
    for life, resumed in office.suspended.values():
        measure, firm = life.record, life.record.enterprise
        enterprises.suspend(firm, by=None, at=life.events[0].at, note=name_of(measure))
        if resumed is not None:
            note = f"同意复工：{name_of(measure)}"
            enterprises.resume(firm, by=None, at=resumed, note=note, status=firm.Status.RESUMED)
    return len(lives)


def _staged(office):
    """What must not be left to chance: work for the accounts, and firms that are to be proposed for closure."""
    home, department = office.cast.home, office.cast.accounts["department"].unit
    own, firms = office.register.firms[0], office.firms
    majors = Hazard.objects.filter(level=Hazard.Level.MAJOR, state__in=OPEN_STATES).order_by("pk")
    ids = dict.fromkeys(majors.exclude(enterprise=own).values_list("enterprise_id", flat=True))
    near = [firms[pk] for pk in ids if firms[pk].division_code == home.division_code]
    far = [firms[pk] for pk in ids if firms[pk].division_code != home.division_code]
    yield _ago(office, 66, office.fine, own, home, level="general")
    yield _ago(office, 12, _asked, office, Kind.EQUIPMENT, own, home, applied=3)
    punished = [*near[:2], *far[-1:]]
    for firm, unit in zip(punished, (home, department, department), strict=False):
        for ago in PUNISHED:
            yield _ago(office, ago, office.fine, firm, unit, level="major")
    others = [firm for firm in office.register.of_township[home.division_code] if firm not in (own, *punished)]
    others.sort(key=lambda firm: firm.pk not in office.register.members)  # first those that apply themselves
    office.kept |= {firm.pk for firm in others[:3]}
    for firm, (unit, ago, applied) in zip(others, ((home, 30, 14), (department, 20, 4)), strict=False):
        yield _ago(office, ago, _asked, office, Kind.SUSPENSION, firm, unit, applied=applied)
    for firm in others[2:3]:
        yield _ago(office, 24, office.stop, Kind.SUSPENSION, firm, home)
        yield _ago(office, 9, _cut_off, office, firm, home)
        yield _ago(office, 40, office.decide, Kind.TRANSFER, firm, department)
        yield _ago(office, 35, office.decide, Kind.CLOSURE, firm, department)


def _ago(office, days, do, *given, **besides):
    """``(day, what to do then)``; what is done is told the ``day``."""
    day = office.today - timedelta(days=days)
    return day, partial(do, *given, day=day, **besides)


def _asked(office, kind, firm, unit, *, day, applied):
    """Stopped on ``day``; an application to resume has waited for ``applied`` days."""
    life = office.stop(kind, firm, unit, day)
    if life is not None:
        office.apply(life, office.today - timedelta(days=applied))
    return life


def _cut_off(office, firm, unit, *, day):
    """Power cut at nine, a day and two hours after notice."""
    at = office.moment(day, time(9, 0))
    given = {"approver": str(office.cast.accounts["township"]), "cut_at": at, "notified_at": at - timedelta(hours=26)}
    return office.decide(Kind.UTILITIES, firm, unit, at.date(), **given)
