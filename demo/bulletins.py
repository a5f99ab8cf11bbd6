"""通报 of the last weeks and of the last month, of the city and of the home county: written, signed, read by most."""

import random
from datetime import datetime, time, timedelta

from accounts.models import User
from accounts.roles import RANKING_READERS
from bulletins import operations
from bulletins.frozen import candidates
from bulletins.models import Receipt
from demo.handling import uids_from
from demo.people import made_up_uid
from journal.bulk import insert
from rankings.operations import freeze
from rankings.operations.freezing import due_at
from workdays.periods import month_of, week_of

SEED = "通报"
HOURS = 10  # of the day on which people open what was issued in the morning
READ_AT_ONCE, READ_LATER = 0.72, 0.93  # shares of the bodies that had opened it after a day, and after a week
DEMAND = "各县（市、区）要在{day}前把本期通报的问题逐条整改到位，市安委办将抽查核实。"
LETTER = "逾期的重大隐患由分管县区长到现场督办，整改情况每周五报市安委办。"


def write_bulletins(cast, now):
    """Everything, in the order of the periods; what would have happened at ``now`` or later has not happened yet."""
    rng = random.Random(SEED)  # noqa: S311 - made-up data, and the same every time
    with uids_from(lambda: made_up_uid(rng)):
        Desk(cast, now, rng).work()


class Desk:
    """The two of the city's office, its leader, and the office of the home county."""

    def __init__(self, cast, now, rng):
        self.cast, self.now, self.rng = cast, now, rng
        self.writer, self.head = cast.officers[cast.units[f"{cast.city}-AWB"].pk][1], cast.accounts["safety_office"]
        self.leader = cast.accounts["leader"]
        county = cast.home.division_code[:6]
        self.local = cast.officers[cast.units[f"{county}-AWB"].pk][0]
        self.local_leader = User.objects.select_related("unit").get(unit=cast.units[county], role="leader")

    def work(self):
        today = self.now.date()
        week, month = week_of(today).previous(), month_of(today).previous()
        newest, *_, oldest = (self._frozen(period) for period in (week, week.previous(), week.previous().previous()))
        between = self._frozen(week.previous())
        self._local(self._frozen(month), oldest)
        self._monthly(self._frozen(month))
        self._weekly(oldest)
        self._weekly(between, rewritten=True)
        self._waiting(newest)

    def _frozen(self, period):
        return freeze(self.cast.city, period, at=min(due_at(period), self.now))

    def _at(self, one, days, hour, minute=0):
        """So many working hours after ``one`` was frozen; never after yesterday, for today has not begun."""
        day = min(one.last + timedelta(days=1 + days), self.now.date() - timedelta(days=1))
        return datetime.combine(day, time(hour, minute), self.now.tzinfo)

    def _draft(self, frozen, by, at, told=2):
        one = operations.draft_bulletin(by=by, at=at, freeze=frozen)
        offered = [candidate.hazard.pk for candidate in candidates(frozen, one.division)][:told]
        cases = {pk: place == 0 for place, pk in enumerate(offered)}
        operations.choose_cases(one, by=by, at=at + timedelta(minutes=12), cases=cases)
        return one

    def _weekly(self, frozen, rewritten=False):
        one = self._draft(frozen, self.writer, self._at(frozen, 0, 9, 20))
        if rewritten:
            text = f"{one.requirements}\n请各单位于下周一前报整改情况。"
            operations.edit_bulletin(one, by=self.writer, at=self._at(frozen, 0, 9, 50), requirements=text)
            operations.recompose_bulletin(one, by=self.writer, at=self._at(frozen, 0, 10, 5))
        operations.submit_bulletin(one, by=self.writer, at=self._at(frozen, 0, 10, 30))
        operations.issue_bulletin(one, by=self.head, at=self._at(frozen, 0, 11, 10))
        self._read(one)

    def _monthly(self, frozen):
        """Sent back once, with a deadline put into words; the leader writes on it, the office reminds who has not read it."""
        one = self._draft(frozen, self.writer, self._at(frozen, 0, 9, 30), told=3)
        operations.submit_bulletin(one, by=self.writer, at=self._at(frozen, 0, 10))
        reason = "工作要求里写明完成时间"
        operations.return_bulletin(one, by=self.head, at=self._at(frozen, 0, 10, 40), reason=reason)
        due = frozen.last + timedelta(days=20)
        text = f"{one.requirements}\n{DEMAND.format(day=f'{due.month}月{due.day}日')}"
        operations.edit_bulletin(one, by=self.writer, at=self._at(frozen, 0, 10, 55), requirements=text)
        operations.submit_bulletin(one, by=self.writer, at=self._at(frozen, 0, 11))
        operations.issue_bulletin(one, by=self.head, at=self._at(frozen, 0, 11, 20))
        operations.instruct_readers(one, by=self.leader, at=self._at(frozen, 0, 15, 30), text=LETTER)
        self._read(one)
        if operations.unread_of(one).exists():
            operations.urge_readers(one, by=self.writer, at=self._at(frozen, 2, 17, 10))

    def _waiting(self, frozen):
        one = self._draft(frozen, self.writer, self._at(frozen, 0, 9, 15))
        operations.submit_bulletin(one, by=self.writer, at=self._at(frozen, 0, 10, 20))

    def _local(self, month, week):
        """The county gives its month up for the city's, and issues its week."""
        given_up = operations.draft_bulletin(by=self.local, at=self._at(month, 0, 9, 5), freeze=month)
        reason = "市里已通报全市月度情况，不再另发"
        operations.discard_bulletin(given_up, by=self.local, at=self._at(month, 0, 16), reason=reason)
        one = self._draft(week, self.local, self._at(week, 0, 14), told=1)
        operations.submit_bulletin(one, by=self.local, at=self._at(week, 0, 14, 40))
        operations.issue_bulletin(one, by=self.local_leader, at=self._at(week, 0, 16, 5))
        self._read(one)

    def _read(self, one):
        """Most bodies open it within a day, a few later, some not at all: by whoever sits there."""
        people = {}
        seated = User.objects.filter(is_active=True, role__in=RANKING_READERS).order_by("pk")
        for person in seated.filter(unit__in=one.addressees.values("unit")):
            people.setdefault(person.unit_id, person)
        share = READ_LATER if (self.now - one.issued_at).days >= 7 else READ_AT_ONCE
        rows = []
        for unit, person in sorted(people.items()):
            if self.rng.random() < share:
                at = one.issued_at + timedelta(minutes=self.rng.randrange(5, HOURS * 60))
                rows.append(
                    Receipt(bulletin=one, unit_id=unit, person=person, at=min(at, self.now - timedelta(minutes=1)))
                )
        insert(Receipt, rows)
