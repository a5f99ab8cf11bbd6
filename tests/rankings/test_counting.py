"""The rules by which a ledger becomes the inputs of the formula, one by one: a window of 90 days, 100 … 189."""

from fractions import Fraction

import pytest

from rankings.formula import Constants, Inputs
from rankings.simulation.counting import ENTERPRISE, OTHER, Foreign, Ledger, Round, Row, inputs

FIRST, LAST = 100, 189
LATE = {"due": 1, "unrectified": 1, "late": 1}
FOUND = {"own_found": 1, "finders": 1}


def counted(*rows, **ledger):
    """What is not nothing of the inputs."""
    found = inputs(Ledger(rows=rows, **ledger), FIRST, LAST, Constants())
    return {name: value for name, value in found._asdict().items() if value}


def row(found=100, **options):
    """A row of a visit, issued at once for ten days, mended on the ninth and reviewed on the eleventh; found long ago: no finding
    of the window."""
    known = {
        "firm": 1,
        "subject": "a",
        "registered": found,
        "issued": found,
        "deadline": found + 10,
        "rounds": (Round(found + 9, found + 11, True),),
        "closed": found + 11,
    }
    return Row(found=found, **known | options)


def waiting(found, fed_back):
    return row(found, rounds=(Round(fed_back),), closed=None)


OPEN = {"rounds": (), "closed": None}


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        pytest.param([row()], {"due": 1} | FOUND, id="on time"),
        pytest.param([row(95)], {"due": 1}, id="found before the window, due in it"),
        pytest.param([row(89)], {}, id="due before the window"),
        pytest.param([row(180)], FOUND, id="due after the window"),
        pytest.param([row(190)], {}, id="not yet registered"),
        pytest.param([row(rounds=(Round(111, 112, True),))], {"due": 1, "late": 1} | FOUND, id="a day late"),
        pytest.param([row(rounds=(Round(110, 112, True),))], {"due": 1} | FOUND, id="on the last day"),
        pytest.param([row(**OPEN)], LATE | {"overdue_general": 1} | FOUND, id="overdue"),
        pytest.param([row(20, **OPEN)], {"overdue_general": 1}, id="overdue since before the window"),
        pytest.param([row(20, major=True, **OPEN)], {"overdue_major": 1}, id="major, overdue since before"),
        pytest.param(
            [row(deadline=190, rounds=(Round(121, 122, True),))], {"due": 1, "late": 1} | FOUND, id="far deadline"
        ),
        pytest.param([row(deadline=190, rounds=(Round(120, 122, True),))], {"due": 1} | FOUND, id="within the limit"),
        pytest.param([row(deadline=190, approved=150, **OPEN)], FOUND, id="a longer one approved"),
        pytest.param(
            [row(deadline=180, approved=190, **OPEN)], LATE | {"overdue_general": 1} | FOUND, id="approved afterwards"
        ),
        pytest.param(
            [row(129, major=True, deadline=300, **OPEN)], LATE | {"overdue_major": 1} | FOUND, id="major at 60"
        ),
        pytest.param([row(130, major=True, deadline=300, **OPEN)], FOUND, id="major before 60"),
        pytest.param(
            [row(extensions=((109, 118),), rounds=(Round(118, 119, True),))], {"due": 1} | FOUND, id="extended"
        ),
        pytest.param(
            [row(170, deadline=180, extensions=((190, 200),), rounds=(Round(189),), closed=None)],
            {"due": 1, "late": 1} | FOUND,
            id="extended after the cut-off",
        ),
        pytest.param([waiting(170, 179)], {"due": 1} | FOUND, id="waits for review, ten days"),
        pytest.param([waiting(169, 178)], LATE | {"overdue_general": 1} | FOUND, id="waits for review, eleven days"),
        pytest.param([row(rounds=(Round(109, 119, True),))], {"due": 1} | FOUND, id="reviewed after ten days"),
        pytest.param(
            [row(rounds=(Round(109, 120, True),))], {"due": 1, "late": 1} | FOUND, id="reviewed after eleven days"
        ),
        pytest.param(
            [row(rounds=(Round(109, 112, False), Round(118, 119, True)))], LATE | FOUND, id="refused after it was due"
        ),
        pytest.param(
            [row(rounds=(Round(105, 110, False), Round(118, 119, True)))],
            {"due": 1, "late": 1} | FOUND,
            id="refused before it was late",
        ),
        pytest.param(
            [row(rounds=(Round(109, 112, False), Round(189)), closed=None)],
            LATE | {"overdue_general": 1} | FOUND,
            id="refused after it was due, and answered before the cut-off",
        ),
        pytest.param(
            [row(170, rounds=(Round(180, 200, False),), closed=None)],
            {"due": 1} | FOUND,
            id="refused after the cut-off",
        ),
        pytest.param(
            [row(80, rounds=(Round(90, 100, False), Round(101, 102, True)))], LATE, id="refused after its period"
        ),
        pytest.param(
            [row(80, rounds=(Round(89, 91, False), Round(101, 102, True)))], {}, id="refused before the window"
        ),
        pytest.param([Row(1, "a", 150, 150)], LATE | {"overdue_general": 1} | FOUND, id="never issued"),
        pytest.param([Row(1, "a", 187, 187)], FOUND, id="not issued, two days"),
        pytest.param([Row(1, "a", 186, 186)], LATE | {"overdue_general": 1} | FOUND, id="not issued, three days"),
        pytest.param([Row(1, "a", 188, 188, True)], LATE | {"overdue_major": 1} | FOUND, id="major not issued, a day"),
        pytest.param([row(issued=104)], {"due": 2, "unrectified": 1, "late": 1} | FOUND, id="issued late: due twice"),
        pytest.param([row(issued=103)], {"due": 1} | FOUND, id="issued on the third day"),
        pytest.param([row(90, issued=110, deadline=115)], {"due": 1}, id="issued late before the window"),
        pytest.param([Row(1, "a", 150, 150, on_the_spot=True, closed=150)], {"spot": 1} | FOUND, id="on the spot"),
        pytest.param([row(closed=100)], {}, id="registered and closed on one day"),
        pytest.param([row(finder=ENTERPRISE)], {"due": 1}, id="self-inspection"),
        pytest.param([row(finder=OTHER)], {"due": 1}, id="found by another body"),
        pytest.param([row(repeats=85)], {"due": 1}, id="repeats, fifteen days"),
        pytest.param([row(repeats=84)], {"due": 1} | FOUND, id="repeats, sixteen days"),
        pytest.param(
            [row(reopened=150)],
            LATE | {"reopened": 1, "overdue_general": 1} | FOUND,
            id="came back and is open",
        ),
        pytest.param(
            [row(reopened=150, closed_again=160, rounds=(Round(109, 111, True), Round(159, 160, True)))],
            {"due": 1, "late": 1, "reopened": 1} | FOUND,
            id="came back and was closed again",
        ),
        pytest.param([row(undated=True, rounds=())], {"due": 1, "undated": 1} | FOUND, id="imported without a day"),
        pytest.param([row(), row(subject="b")], {"due": 2, "own_found": 2, "finders": 1}, id="one firm, two rows"),
    ],
)
def test_what_a_row_counts_as(rows, expected):
    assert counted(*rows) == expected


def test_what_is_not_yet_the_case_at_the_cut_off_is_not_looked_at():
    early = inputs(Ledger(rows=(row(),)), 26, 115, Constants())

    assert early.due == 1
    assert inputs(Ledger(rows=(row(**OPEN),)), 20, 109, Constants()).due == 0


def test_working_days_are_those_of_the_calendar_given():
    late = Row(1, "a", 150, 150)
    found = inputs(Ledger(rows=(late,)), FIRST, LAST, Constants(), working_days=lambda day, count: day + 40)

    assert found.due == 0


def test_the_register_is_the_mean_over_the_days():
    found = inputs(Ledger(register=((0, 100), (160, 200), (189, 50), (190, 999))), FIRST, LAST, Constants())

    assert found.register == Fraction(60 * 100 + 29 * 200 + 50, 90)


def test_firms_count_once_and_reports_in_the_window():
    found = inputs(
        Ledger(
            visits=((99, 1), (100, 2), (150, 2), (189, 3)),
            punished=((150, 2), (151, 2), (190, 3)),
            reports=((99, True), (100, True), (107, False), (190, True)),
            inspectors=4,
        ),
        FIRST,
        LAST,
        Constants(),
    )

    assert found == Inputs(
        inspected=2, punished=1, reports_due=2, reports_on_time=1, inspectors=4, register=Fraction(0)
    )


@pytest.mark.parametrize(
    ("visited", "foreign", "rows", "missed"),
    [
        (130, Foreign(140, 1, "a"), (), 1),
        (110, Foreign(140, 1, "a"), (), 1),
        (109, Foreign(140, 1, "a"), (), 0),
        (140, Foreign(140, 1, "a"), (), 0),
        (130, Foreign(140, 2, "a"), (), 0),
        (130, Foreign(140, 1, "a", later=True), (), 0),
        (90, Foreign(99, 1, "a"), (), 0),
        (130, Foreign(140, 1, "a"), (row(130),), 0),
        (130, Foreign(140, 1, "b"), (row(130),), 1),
        (130, Foreign(140, 1, "a"), (row(141),), 1),
        (130, Foreign(140, 1, "a"), (row(130, finder=ENTERPRISE),), 1),
    ],
)
def test_what_a_higher_body_finds_where_the_unit_had_been_is_missed(visited, foreign, rows, missed):
    found = inputs(Ledger(rows=rows, visits=((visited, 1),), foreign=(foreign,)), FIRST, LAST, Constants())

    assert found.missed == missed
