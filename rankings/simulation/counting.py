"""From a ledger of plain rows to the `Inputs` of one unit at one cut-off: the rules of formula 2, row by row, without a database.

Written from the published rules and not from the statistics that the house computes, so that the one can be held against the
other. Days are whole numbers (``date.toordinal()`` will do); the window is ``first`` … ``last``, both included, and everything is
told as it stood at the end of ``last``: what happened later is not looked at.
"""

from typing import NamedTuple

from quicktions import Fraction

from rankings.formula import Inputs

OWN, ENTERPRISE, OTHER = "own", "enterprise", "other"
# Working days within which a registered row is issued.
ISSUE_DAYS = {False: 3, True: 1}


class Round(NamedTuple):
    """A feedback, and its review when there was one."""

    feedback: int
    reviewed: int | None = None
    passed: bool = False


class Row(NamedTuple):
    """A hazard that the unit answers for. ``finder`` is `OWN` for its own visits, `ENTERPRISE` for a self-inspection, `OTHER`.

    ``deadline`` is the one it was issued with and ``extensions`` are granted ones, ``(day granted, new deadline)``; a deadline
    reset by a failed review is in neither. ``undated``: closed by an imported ledger that gives no day. ``approved`` is the day since which the safety office lets a longer deadline count.
    ``repeats`` is the day on which another body had found the same at the firm. ``closed_again`` follows ``reopened``.
    """

    firm: int
    subject: object
    found: int
    registered: int
    major: bool = False
    finder: str = OWN
    issued: int | None = None
    deadline: int | None = None
    extensions: tuple = ()
    approved: int | None = None
    rounds: tuple = ()
    closed: int | None = None
    on_the_spot: bool = False
    reopened: int | None = None
    closed_again: int | None = None
    repeats: int | None = None
    undated: bool = False


class Foreign(NamedTuple):
    """What a higher body found at a firm; ``later``: the unit showed that it arose after its own visit."""

    day: int
    firm: int
    subject: object
    later: bool = False


class Ledger(NamedTuple):
    """All of one unit: ``rows``, ``visits`` and ``punished`` as ``(day, firm)`` of its own, ``foreign`` of higher bodies.

    ``register`` are ``(day, firms)``, the number from that day on, in order of days; ``reports`` are ``(day due, on time)``.
    """

    rows: tuple = ()
    visits: tuple = ()
    punished: tuple = ()
    foreign: tuple = ()
    register: tuple = ()
    inspectors: int | None = None
    reports: tuple = ()


def every_day(day, count):
    """The day ``count`` working days after ``day`` where every day is one."""
    return day + count


def inputs(ledger, first, last, constants, *, working_days=every_day):
    """The `Inputs` of the unit whose ``ledger`` this is, in the window ``first`` … ``last``."""
    tally = dict.fromkeys(Inputs._fields, 0)
    finders = set()
    for row in ledger.rows:
        if row.registered > last:
            continue
        _count_rates(row, first, last, constants, working_days, tally)
        if first <= row.found <= last and _is_own_finding(row, constants):
            tally["own_found"] += 1
            tally["spot"] += row.on_the_spot
            finders.add(row.firm)
        if row.reopened is not None and first <= row.reopened <= last:
            tally["reopened"] += 1
    tally |= {
        "inspected": len(_firms(ledger.visits, first, last)),
        "finders": len(finders),
        "punished": len(_firms(ledger.punished, first, last)),
        "register": mean_register(ledger.register, first, last),
        "inspectors": ledger.inspectors,
        "reports_due": sum(first <= due <= last for due, _ in ledger.reports),
        "reports_on_time": sum(first <= due <= last and on_time for due, on_time in ledger.reports),
        "missed": _missed(ledger, first, last, constants),
    }
    return Inputs(**tally)


def scoring_deadline(row, last, constants):
    """The day on which an issued row is due for the score, as things stood on ``last``."""
    deadline = row.deadline
    for granted, until in row.extensions:
        if granted <= last:
            deadline = until
    if row.approved is not None and row.approved <= last:
        return deadline
    return min(deadline, row.found + (constants.limit_days_major if row.major else constants.limit_days_general))


def rectified_on(row, last, constants):
    """The day since which the row counts as rectified on ``last``; None while it does not.

    That is the day of its feedback, unless its review came only when the feedback had ceased to count: then it is the day of the
    review. Otherwise an empty feedback on the last day, reviewed whenever the hazard is mended, would be on time for ever.
    """
    since = None
    for feedback, reviewed, passed in row.rounds:
        if feedback > last:
            break
        waits = reviewed is None or reviewed > last
        parked = (last if waits else reviewed) - feedback > constants.review_days
        if waits:
            since = None if parked else feedback
        else:
            since = (reviewed if parked else feedback) if passed else None
    if row.reopened is not None and row.reopened <= last and (row.closed_again is None or row.closed_again > last):
        return None
    return since


def _closed_by(row, last):
    """Whether the newest feedback up to ``last`` was accepted by then."""
    given = [one for one in row.rounds if one.feedback <= last]
    return bool(given) and given[-1].passed and given[-1].reviewed <= last


def mean_register(register, first, last):
    """Firms on register, meant over the days of the window: an exact Fraction."""
    total = 0
    for index, (day, firms) in enumerate(register):
        until = register[index + 1][0] if index + 1 < len(register) else last + 1
        total += firms * max(0, min(until, last + 1) - max(day, first))
    return Fraction(total, last - first + 1)


def _count_rates(row, first, last, constants, working_days, tally):
    """Adds the row to due, unrectified, late and the overdue."""
    if row.on_the_spot or row.closed == row.registered:
        return
    overdue = "overdue_major" if row.major else "overdue_general"
    issue_by = working_days(row.registered, ISSUE_DAYS[row.major])
    issued = row.issued is not None and row.issued <= last
    if issue_by <= last and (row.issued is None or row.issued > issue_by):
        if first <= issue_by:
            _add(tally, unrectified=True, late=True)
        if not issued:
            tally[overdue] += 1
    if not issued:
        return
    due = scoring_deadline(row, last, constants)
    if due > last:
        return
    if row.undated:
        if due >= first:
            tally["due"] += 1
            tally["undated"] += 1
        return
    since = rectified_on(row, last, constants)
    refused = [
        one.reviewed
        for one in row.rounds
        if not one.passed and one.reviewed is not None and first <= one.reviewed <= last
    ]
    if refused and (due < first or max(refused) > due):
        # It counted as rectified at a cut-off before, on the word of a feedback that was refused since: else an empty one before
        # each cut-off and a refusal after it would cost nothing.
        _add(tally, unrectified=True, late=True)
        if not _closed_by(row, last):
            since = None
    elif due >= first:
        _add(tally, unrectified=since is None, late=since is None or since > due)
    if since is None:
        tally[overdue] += 1


def _add(tally, *, unrectified, late):
    tally["due"] += 1
    tally["unrectified"] += unrectified
    tally["late"] += late


def _is_own_finding(row, constants):
    if row.finder != OWN or (row.closed == row.registered and not row.on_the_spot):
        return False
    return row.repeats is None or row.found - row.repeats > constants.repeat_days


def _firms(pairs, first, last):
    return {firm for day, firm in pairs if first <= day <= last}


def _missed(ledger, first, last, constants):
    """What higher bodies found, in the window, at firms where the unit had been shortly before without recording it."""
    found = [one for one in ledger.foreign if first <= one.day <= last and not one.later]
    if not found:
        return 0
    recorded = {}
    for row in ledger.rows:
        if row.finder == OWN:
            recorded.setdefault((row.firm, row.subject), []).append(row.found)
    visits = {}
    for day, firm in ledger.visits:
        visits.setdefault(firm, []).append(day)
    return sum(
        any(one.day - constants.missed_days <= day < one.day for day in visits.get(one.firm, ()))
        and not any(day <= one.day for day in recorded.get((one.firm, one.subject), ()))
        for one in found
    )
