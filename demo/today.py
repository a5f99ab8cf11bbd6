"""What must not be left to chance: every step of the ladder today, every part of every desk, and what was taken over from old ledgers."""

from dataclasses import dataclass
from datetime import timedelta

from demo.lives import DISCARDED, DRAFT, NEVER, Plan
from demo.majors import FILED, NONE, RETURNED
from demo.people import made_up_name, made_up_uid
from demo.texts import draw_text
from hazards.deadlines import LADDERS, RECTIFY
from hazards.lifecycle import State
from hazards.operations import adopt

# What the enterprise account sees: days ago it was found, and what became of it.
FIRM = (
    (430, Plan(allowed=10, rounds=((6, 2),))),
    (300, Plan(level="major", allowed=30, rounds=((20, 4),))),
    (160, Plan(rounds=((5, 2),))),
    (90, Plan(allowed=10, rounds=((14, 3),))),
    (40, Plan(rounds=((4, 2), (5, 2)))),
    (31, Plan(level="major", allowed=30, rounds=((12, 3), (NEVER, 0)), extra_after_failure=14)),
    (26, Plan(allowed=15, rounds=((NEVER, 0),))),
    (19, Plan(allowed=10, rounds=((7, 3), (NEVER, 0)), extra_after_failure=14)),
    (12, Plan(allowed=15, rounds=((NEVER, 0),))),
    (10, Plan(rounds=((5, NEVER),))),
    (125, Plan(level="major", allowed=160, rounds=((NEVER, 0),), progress=35)),
    (100, Plan(level="major", allowed=120, rounds=((NEVER, 0),), progress=NEVER)),
    (21, Plan(level="major", allowed=45, rounds=((NEVER, 0),), scheme=RETURNED)),
    (9, Plan(level="major", allowed=60, rounds=((NEVER, 0),), scheme=NONE)),
    (6, Plan(rounds=((NEVER, 0),))),
    (4, Plan(issue_after=NEVER)),
    (3, Plan(on_spot=True)),
    (22, Plan(allowed=25, rounds=((NEVER, 0),))),
    (20, Plan(allowed=30, rounds=((NEVER, 0),))),
    (18, Plan(allowed=30, rounds=((NEVER, 0),))),
    (16, Plan(allowed=30, rounds=((NEVER, 0),))),
)  # fmt: skip
# What waits in a body that one of the accounts serves, besides what the weeks bring.
BODY = (
    (55, Plan(allowed=15, rounds=((12, 4), (9, 3), (8, NEVER)))),
    (48, Plan(level="major", allowed=30, rounds=((NEVER, 0),))),
    (33, Plan(allowed=7, rounds=((NEVER, 0),))),
    (28, Plan(allowed=10, rounds=((6, NEVER),))),
    (24, Plan(level="major", allowed=30, rounds=((15, NEVER),))),
    (21, Plan(allowed=10, rounds=((NEVER, 0),))),
    (14, Plan(allowed=10, rounds=((8, 2), (NEVER, 0)), extra_after_failure=7)),
    (12, Plan(allowed=15, working=True, rounds=((NEVER, 0),))),
    (9, Plan(level="major", allowed=15, rounds=((NEVER, 0),))),
    (8, Plan(rounds=((5, NEVER),))),
    (6, Plan(rounds=((NEVER, 0),))),
    (5, Plan(issue_after=NEVER)),
    (4, Plan(rounds=((2, NEVER),))),
    (3, Plan(level="major", issue_after=NEVER, reported=False)),
    (2, Plan(issue_after=NEVER)),
    (2, Plan(on_spot=True)),
)  # fmt: skip
# What lies there to be handled in every other way: `demo.stories`.
IN_LINE = 18  # of them, those that the department has too
TO_HANDLE = (
    *((days, Plan(allowed=30, rounds=((NEVER, 0),))) for days in range(12, 12 + IN_LINE)),
    (30, Plan(rounds=((4, 2),))),
    (26, Plan(rounds=((5, 1),))),
    (11, Plan(level="major", allowed=30, rounds=((NEVER, 0),), scheme=NONE)),
    (5, Plan(issue_after=NEVER)),
    (4, Plan(issue_after=NEVER)),
)
# Plans that the department of the account has to decide on.
TO_DECIDE = (
    (13, Plan(level="major", allowed=40, rounds=((NEVER, 0),), scheme=FILED)),
    (8, Plan(level="major", allowed=60, rounds=((NEVER, 0),), scheme=FILED)),
)
OFFICE_VISITS = (
    (37, Plan(level="major", allowed=15, rounds=((11, NEVER),))),
    (16, Plan(rounds=((5, 2),))),
    (3, Plan(issue_after=NEVER)),
)
DRAFTS = {"inspector": 3, "township": 2, "department": 2, "safety_office": 1}
UNREPORTED = ("inspector", "safety_office")
GIVEN_UP = 8
AHEAD = {"general": 10, "major": 30}  # days given where a ladder is to stand on a certain step
BEYOND = (6, 9, 21)  # days overdue, besides the fixed steps
LATELY = timedelta(days=120)
TAKEN_OVER = ((610, 90), (24, 40))  # days ago an old ledger was imported, and its rows


@dataclass(frozen=True)
class Staged:
    """One visit by ``unit`` on the first working day from ``days_ago`` with one hazard on it, without a ``plan`` with none; ``by`` None:
    whoever serves there. Of the hazard ``text`` says something else than chance would, and ``resent`` that the picture before is sent
    as the one after; it is said to have been found so many days before it was entered (``late``).
    """

    days_ago: int
    firm: object
    unit: object
    plan: Plan | None
    by: object = None
    text: dict | None = None
    resent: bool = False
    late: int = 0


def stage(cast, register, today, rng):
    """The `Staged` visits, the same for the same ``rng``."""
    department, office = cast.accounts["department"].unit, cast.accounts["safety_office"].unit
    neighbours = register.of_township[cast.home.division_code][1:]
    in_line = [firm for firm in register.firms[1:] if _answers(department, firm)]
    competent = [firm for firm in in_line if firm.sector.competent_function == department.function]
    bodies = (
        (cast.home, neighbours, BODY),
        (department, in_line, BODY),
        (cast.home, neighbours, TO_HANDLE),
        (department, in_line, TO_HANDLE[:IN_LINE]),
        (department, competent, TO_DECIDE),
        (office, register.firms[1:], OFFICE_VISITS),
    )
    return [
        *(Staged(days, register.firms[0], cast.home, plan) for days, plan in FIRM),
        *(
            Staged(days, rng.choice(register.fitting(firms, plan.level) or register.firms[:1]), unit, plan)
            for unit, firms, plans in bodies
            for days, plan in plans
        ),
        *_drafts(cast, neighbours, in_line, rng),
        *_unreported(cast, register, neighbours, rng),
        *_ladders(register, today, rng),
    ]


def _answers(department, firm):
    return firm.division_code.startswith(department.division_code) and department.function in (
        firm.sector.competent_function,
        firm.sector.supervising_function,
    )


def _drafts(cast, neighbours, in_line, rng):
    """What the accounts have begun and not sent, and what others began and gave up."""
    for name, count in DRAFTS.items():
        person = cast.accounts[name]
        firms = in_line if name == "department" and in_line else neighbours
        for n in range(count):
            yield Staged(n + 1, rng.choice(firms), person.unit, Plan(fate=DRAFT), person)
    for n in range(GIVEN_UP):
        yield Staged(n * 9 + 4, rng.choice(neighbours), cast.home, Plan(fate=DISCARDED))


def _unreported(cast, register, neighbours, rng):
    """What the accounts have registered and not reported yet."""
    for name in UNREPORTED:
        person = cast.accounts[name]
        firm = rng.choice(register.fitting(neighbours, "major") or neighbours)
        yield Staged(2, firm, person.unit, Plan(level="major", issue_after=NEVER, reported=False), person)


def _ladders(register, today, rng):
    """For every step of the ladders two hazards that stand on it today, anywhere in the city."""
    for level, ladder in LADDERS[RECTIFY].items():
        firms = register.fitting(register.firms[1:], level)
        for offset in sorted({offset for offsets in ladder.offsets.values() for offset in offsets} | set(BEYOND)):
            for _ in range(2):
                due = today - timedelta(days=offset)
                plan, firm = Plan(level=level, due=due, rounds=((NEVER, 0),)), rng.choice(firms)
                yield Staged(offset + AHEAD[level], firm, firm.township, plan)


def take_over(cast, register, matrix, rows, *, days_ago, now, rng):
    """Import ``rows`` rows of an old ledger of the home township, as its manager, through the verb that does it."""
    by, today = cast.accounts["township"], now.date() - timedelta(days=days_ago)
    firms = register.of_township[cast.home.division_code]
    lines = (_line(register, rng.choice(firms), matrix, n, today, now, rng) for n in range(rows))
    return adopt(lines, by=by, at=now - timedelta(days=days_ago, hours=-10), source="双八镇安全隐患台账.xlsx（Sheet1）")


def _line(register, firm, matrix, n, today, now, rng):
    """A row as a township wrote it down before there was this system: found up to a year before it was imported."""
    text = draw_text(register.groups[firm.pk], "general", rng)
    found = today - timedelta(days=rng.randrange(10, 45 if now.date() - today < LATELY else 360))
    issued, due = found + timedelta(days=1), found + timedelta(days=rng.choice((8, 11, 16)))
    # What was open when an older ledger came has been closed in it long since.
    others = 2 if now.date() - today < LATELY else 0
    states = (State.CLOSED, State.RECTIFYING, State.PENDING_REVIEW, State.REGISTERED)
    state = rng.choices(states, (20, others, others, others))[0]
    days = {} if state == State.REGISTERED else {"issued_on": issued, "deadline": due, "original_deadline": due}
    if state in (State.CLOSED, State.PENDING_REVIEW):
        days["feedback_on"] = found + timedelta(days=rng.randrange(3, 12))
    if state == State.CLOSED:
        closed = days["feedback_on"] + timedelta(days=2)
        done = {"rectified_on": days["feedback_on"], "reviewed_on": closed, "closed_on": closed}
        days |= done | {"reviewer_name": made_up_name(rng), "review_result": "已整改到位"}
    return {
        "uid": made_up_uid(rng),
        "import_key": f"demo:{today}:{n}",
        "enterprise": firm,
        "state": state,
        "found_on": found,
        "inspectors": made_up_name(rng),
        **{name: text[name] for name in ("description", "location", "accident_type", "requirement")},
        **matrix.fields(firm),
        **days,
    }
