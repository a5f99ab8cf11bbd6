"""Lets one township work through the months, honest or not, and keeps its ledger as `counting` reads it."""

from math import log
from typing import NamedTuple

from rankings.simulation.city import BLUE, HIGHER_SEES, MONTH, WEEK
from rankings.simulation.counting import ENTERPRISE, OWN, Foreign, Ledger, Round, Row

NEVER = 10**6
# Deadlines that are given: general by lot, major with and without a hurry.
GENERAL_TERMS, MAJOR_TERMS = (7, 10, 15), (30, 45)
# What a reset deadline gives, an honest and a granted one.
RESET_DAYS, EXTENSION_DAYS = 30, 10
# A hazard that a firm mends within so many days is easy: some are mended while the inspector stands by.
EASY_DAYS, ON_THE_SPOT_CHANCE = 5, 0.35


class Played(NamedTuple):
    """The ``ledger``, and ``removed``: days that hazards would have gone on without the township, a major one ten times."""

    ledger: Ledger
    removed: int


def play(township, behaviour, months):
    """What `Township` did in so many months: a `Played`."""
    work = _Work(township, behaviour, months * MONTH)
    for day in range(months * MONTH):
        work.higher_bodies(day)
        work.firms_report(day)
        work.own_visits(day)
    return Played(work.ledger(), work.removed)


class _Work:
    """One township at work. ``gone`` and ``free`` say, by hazard, since when it is no more and until when it is in the ledger."""

    def __init__(self, township, behaviour, days):
        self.township, self.how, self.days = township, behaviour, days
        self.gone = [one.gone for firm in township.hazards for one in firm]
        self.free = [0] * len(self.gone)
        self.looked = [0] * len(self.gone)
        self.last_visit = [-1] * len(township.firms)
        self.rows, self.visits, self.punished, self.foreign = [], [], [], []
        self.claims, self.paid, self.credit, self.removed, self.next_report = [], 0, 0.0, 0, 0
        self.made_up = 0
        # Days that a firm takes for a day of need: more where nobody asks.
        self._pace = 1.5 - 0.7 * behaviour.follow_up
        self.pickable = range(len(township.firms))
        if behaviour.only_safe:
            safe = [firm for firm, grade in enumerate(township.firms) if grade == BLUE]
            self.pickable = safe or self.pickable

    def higher_bodies(self, day):
        for firm in self.township.higher.get(day, ()):
            for one in self._seen(firm, day, HIGHER_SEES):
                # It arose after the township's visit, as the township can show.
                self.foreign.append(Foreign(day, firm, one.number, one.appears > self.last_visit[firm]))
                if self.how.claims_others:
                    self.claims.append((day, one))
                # The higher body sees to it itself.
                self.free[one.number] = NEVER
                self.gone[one.number] = min(self.gone[one.number], day + one.need)

    def firms_report(self, day):
        reports = self.township.self_reports
        while self.next_report < len(reports) and reports[self.next_report].self_day <= day:
            one = reports[self.next_report]
            self.next_report += 1
            if one.self_lot < self.how.self_reported and self._there(one, day):
                self._register(one, day, ENTERPRISE)

    def own_visits(self, day):
        fullness, _ = self.township.weeks[day // WEEK]
        self.credit += self.how.visits * fullness / WEEK
        claims, self.claims = self.claims, []
        for found, one in claims:
            # A firm called at to copy what another body wrote there is a visit the township does not pay elsewhere.
            if self.last_visit[one.firm] != day:
                self._visit(one.firm, day)
                self.credit -= 1
            self._register(one, day, OWN, repeats=found)
        while self.credit >= 1 and self.paid < len(self.township.choices):
            self.credit -= 1
            lots = self.township.choices[self.paid]
            self.paid += 1
            # Of three that come to mind the one that nobody has visited for longest.
            firm = min((self.pickable[int(lot * len(self.pickable))] for lot in lots), key=self.last_visit.__getitem__)
            # Multiples of the golden ratio spread any share evenly over the visits.
            self._inspect(firm, day, on_paper=self.how.on_paper > (self.paid * 0.618) % 1)

    def ledger(self):
        weeks = self.township.weeks
        return Ledger(
            tuple(self.rows),
            tuple(self.visits),
            tuple(self.punished),
            tuple(self.foreign),
            tuple(self._register_by_day()),
            self.township.inspectors,
            tuple((week * WEEK + WEEK - 1, lot < self.how.reports) for week, (_, lot) in enumerate(weeks)),
        )

    def _register_by_day(self):
        firms = len(self.township.firms)
        yield 0, firms
        if self.how.last_day_register != 1:
            for last in range(MONTH - 1, self.days, MONTH):
                yield last, round(firms * self.how.last_day_register)
                yield last + 1, firms

    def _visit(self, firm, day):
        self.visits.append((day, firm))
        self.last_visit[firm] = day

    def _inspect(self, firm, day, *, on_paper):
        found = [] if on_paper else self._seen(firm, day, self.how.thoroughness)
        self._visit(firm, day)
        for one in found:
            if not (self.how.hides_late and self._looks_late(one)):
                self._register(one, day, OWN)
        for _ in range(self.how.invented):
            self._invent(firm, day)
        if self.how.punishes_all or any(one.order_lot < 0.04 + 0.1 * self.how.follow_up for one in found):
            self.punished.append((day, firm))

    def _seen(self, firm, day, share):
        """The hazards of the firm that somebody who sees ``share`` of them sees today."""
        found = []
        for one in self.township.hazards[firm]:
            if one.appears > day:
                break
            if self._there(one, day):
                lot = one.seen[self.looked[one.number] % 3]
                self.looked[one.number] += 1
                if lot < share:
                    found.append(one)
        return found

    def _there(self, one, day):
        return self.free[one.number] <= day < self.gone[one.number]

    def _term(self, one):
        if self.how.deadline is not None:
            return self.how.deadline
        terms = MAJOR_TERMS if one.major else GENERAL_TERMS
        return terms[int(one.term_lot * len(terms))]

    def _looks_late(self, one):
        """Whether the work is more than the deadline allows, as far as can be told by looking: not whether the firm will heed."""
        return one.need * self._pace > self._term(one)

    def _mended(self, one, issued):
        """The day on which the firm has mended it: later where nobody asks, and towards the end of what it was given."""
        care = self.how.follow_up
        day = issued + max(one.need * self._pace, one.slack_lot * self._term(one) * (1.2 - 0.2 * care))
        if one.heed_lot < 0.22 * (1 - care):
            # The firm takes no notice at first; within a month or more somebody comes back to it.
            day += 60 * one.heed_lot / 0.22 + 15
        return int(day)

    def _invent(self, firm, day):
        self.made_up -= 1
        closed = day + self.how.invented_days
        if closed == day:
            self.rows.append(Row(firm, self.made_up, day, day, issued=day, deadline=day, closed=day))
        else:
            rounds = (Round(closed - 1, closed, True),)
            self.rows.append(
                Row(firm, self.made_up, day, day, issued=day, deadline=day + 10, rounds=rounds, closed=closed)
            )

    def _register(self, one, day, finder, repeats=None):
        own = finder == OWN
        easy = one.need <= EASY_DAYS and not one.major
        if own and (self.how.all_on_the_spot or (easy and one.easy_lot < ON_THE_SPOT_CHANCE)):
            self.rows.append(
                Row(one.firm, one.number, day, day, one.major, finder, closed=day, on_the_spot=True, repeats=repeats)
            )
            self.free[one.number] = day + 1
            if easy and one.easy_lot < ON_THE_SPOT_CHANCE:
                self._remove(one, day)
            return
        if not self.how.issues:
            # It stands in the ledger, and nobody asks the firm for anything.
            self.rows.append(Row(one.firm, one.number, day, day, one.major, finder, repeats=repeats))
            self.free[one.number] = NEVER
            return
        row = self._row(one, day, finder, repeats)
        self.rows.extend([row] * (self.how.rows_per_easy if own and easy else 1))

    def _row(self, one, day, finder, repeats):
        """The row of a hazard that is issued and seen to, with all that becomes of it."""
        care = self.how.follow_up
        late = one.issue_lot < 0.12 * (1 - care)
        issued = day + (5 + int(100 * one.issue_lot) if late else int(one.issue_lot * 3) % 2)
        deadline, mended = issued + self._term(one), self._mended(one, issued)
        extensions, rounds = (), []
        if mended > deadline:
            if self.how.on_last_day == "refuse":
                # Each refusal of an empty feedback gives a new deadline, until the hazard is mended.
                for last in range(deadline, mended, RESET_DAYS):
                    rounds.append(Round(last, last, False))
            elif self.how.on_last_day == "renew":
                # Before each cut-off an empty feedback, and on the day after it a refusal.
                for last in range(deadline + (MONTH - 1 - deadline) % MONTH, mended, MONTH):
                    rounds.append(Round(last, last + 1, False))
            elif self.how.on_last_day == "park":
                reviewed = max(mended + self._until_review(one), deadline + self.how.parked_days)
                rounds.append(Round(deadline, reviewed, True))
            elif one.extend_lot < 0.25:
                extensions = ((deadline, deadline + EXTENSION_DAYS),)
        if not (rounds and rounds[-1].passed):
            reviewed = mended + self._until_review(one)
            if one.verdict_lot < 0.06:
                rounds.append(Round(mended, reviewed, False))
                mended = reviewed + 2 + one.need // 2
                reviewed = mended + self._until_review(one)
            rounds.append(Round(mended, reviewed, True))
        closed = rounds[-1].reviewed
        reopened = again = None
        if one.relapse_lot < 0.06 * (1.3 - care):
            reopened = closed + 15 + int(400 * one.relapse_lot)
            again = reopened + 10 + one.need
            rounds.append(Round(again - 1, again, True))
        self._remove(one, mended)
        self.free[one.number] = NEVER
        return Row(
            one.firm,
            one.number,
            day,
            day,
            one.major,
            finder,
            issued,
            deadline,
            extensions,
            None,
            tuple(rounds),
            closed,
            reopened=reopened,
            closed_again=again,
            repeats=repeats,
        )

    def _until_review(self, one):
        """Days that a feedback waits: a day or two where the township is diligent, weeks where it is not."""
        return 1 + int(-log(1 - one.review_lot) * (1 + 9 * (1 - self.how.follow_up)))

    def _remove(self, one, day):
        if day < self.gone[one.number]:
            self.removed += (self.gone[one.number] - day) * (10 if one.major else 1)
            self.gone[one.number] = day
