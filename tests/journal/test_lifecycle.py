"""What a law page answers, asked of one made up for it: a way without loops, a loop, a move of the clock, and an end."""

from dataclasses import dataclass

import pytest
from django.db import models

from journal.lifecycle import STAYS, UNBORN, Lifecycle, Move, by_system, says
from journal.refusal import Conflict, NotPermitted


class State(models.TextChoices):
    OPEN = "open", "开着"
    SHUT = "shut", "关着"
    GONE = "gone", "没了"


@says("须由看门人办理")
def is_keeper(user, record):
    return user == "keeper"


@says("须有礼貌")
def is_polite(user, record):
    return user in ("keeper", "visitor")


@says("锁着")
def is_unlocked(record):
    return not record.locked


LAW = Lifecycle(
    State,
    Move("make", "安装", (UNBORN,), (State.OPEN, State.SHUT), is_keeper),
    Move("shut", "关", (State.OPEN,), State.SHUT, is_keeper),
    Move("paint", "刷", (State.SHUT, State.GONE), STAYS, is_keeper, ready=is_unlocked),
    Move("fall", "倒", (State.SHUT,), State.GONE, by_system, act="end"),
    Move("knock", "敲", (State.SHUT,), STAYS, is_polite, guests=True),
)


@dataclass
class Door:
    state: str = State.OPEN
    locked: bool = False
    noun = "门"

    def is_guest(self, user):
        return user == "visitor"

    @property
    def state_label(self):
        return LAW.label_of(self.state)


def test_an_end_is_a_state_that_nothing_but_loops_leaves():
    assert LAW.final_states() == {State.GONE}


def test_a_state_is_called_by_its_label_and_what_was_never_made_by_words():
    assert [LAW.label_of(state) for state in (*State, UNBORN)] == ["开着", "关着", "没了", "未建立"]


@pytest.mark.parametrize(
    ("state", "locked", "user", "moves"),
    [
        (UNBORN, False, "keeper", ["make"]),
        (UNBORN, False, "guest", []),
        (State.OPEN, False, "keeper", ["shut"]),
        (State.SHUT, False, "keeper", ["paint", "knock"]),
        (State.SHUT, False, "visitor", ["knock"]),
        (State.SHUT, True, "keeper", ["knock"]),
        (State.SHUT, False, "guest", []),
        (State.SHUT, False, None, ["fall"]),
        (State.GONE, False, None, []),
        (State.GONE, False, "keeper", ["paint"]),
    ],
)
def test_moves_open_to_a_person_or_the_system_are_those_not_refused(state, locked, user, moves):
    assert [move.name for move in LAW.moves_open_to(user, Door(state, locked))] == moves


@pytest.mark.parametrize(
    ("name", "state", "locked", "user", "refusal", "words"),
    [
        ("shut", State.SHUT, False, "keeper", Conflict, "该门现在是“关着”，不能关；请刷新页面看最新情况"),
        ("paint", State.SHUT, True, "keeper", Conflict, "锁着"),
        ("paint", State.SHUT, True, "guest", Conflict, "锁着"),
        ("shut", State.OPEN, False, "guest", NotPermitted, "须由看门人办理"),
        ("fall", State.SHUT, False, "keeper", NotPermitted, "这一步由系统自动办理"),
        ("shut", State.OPEN, False, "visitor", NotPermitted, "该门不由本单位负责，这一步由负责的单位办理"),
    ],
)
def test_a_refusal_names_the_state_first_then_the_record_then_the_person(name, state, locked, user, refusal, words):
    said = LAW.moves[name].refusal(user, Door(state, locked))
    assert (type(said), str(said)) == (refusal, words)


def test_no_rule_is_asked_about_the_system_but_the_systems_own():
    """A rule reads the person; of the clock there is nothing to read."""

    @says("须有人")
    def explodes(user, record):
        return user.anything

    assert isinstance(Move("shut", "关", (State.OPEN,), State.SHUT, explodes).refusal(None, Door()), NotPermitted)


def test_moves_are_drawn_from_where_they_start_to_where_they_may_lead():
    assert [(at, to) for at, to, move in LAW.arrows() if move.name in ("make", "paint")] == [
        (UNBORN, State.OPEN), (UNBORN, State.SHUT), (State.SHUT, State.SHUT), (State.GONE, State.GONE),
    ]  # fmt: skip
    assert LAW.acts == ("make", "shut", "paint", "end", "knock")
    assert [move.name for move in LAW.moves_of("end")] == ["fall"]
