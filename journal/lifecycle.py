"""What a law page is made of: the states of a record and the moves between them."""

from collections.abc import Callable
from dataclasses import dataclass

from journal.refusal import Conflict, NotPermitted

UNBORN = ""  # the state before the first move: whoever creates a record makes a move too
STAYS = None  # the target of a loop: an act that changes no state


def says(sentence):
    """Decorate a rule with what those whom it turns away are told."""

    def attach(rule):
        rule.sentence = sentence
        return rule

    return attach


@says("这一步由系统自动办理")
def by_system(user, record):
    """Nobody: the clock, a command on the server, the seeding of reference data."""
    return user is None


def not_from(record, what):
    """The sentence for who wants to do ``what`` to a record in a state that knows no such thing."""
    return f"该{record.noun}现在是“{record.state_label}”，不能{what}；请刷新页面看最新情况"


def guest_of(record):
    """The sentence for who reads the record without having a part in it."""
    return f"该{record.noun}不由本单位负责，这一步由负责的单位办理"


def always(record):
    return True


@dataclass(frozen=True)
class Move:
    """One line of a law page. ``allowed(user, record)`` is about the person, ``ready(record)`` about the record.

    ``target`` is a state, STAYS, or a tuple of states when the record brings its own (an imported row). Both rules carry
    the ``sentence`` for those they turn away; a rule may assume that the record is visible to the person.
    """

    name: str
    label: str
    sources: tuple
    target: str | tuple | None
    allowed: Callable
    ready: Callable = always
    act: str = ""  # two moves may share one act: a review passes or fails
    guests: bool = False  # whether it is also for those who read the record without having a part in it

    def __post_init__(self):
        object.__setattr__(self, "act", self.act or self.name)

    def targets_from(self, state):
        """The states this move may lead to from ``state``."""
        if self.target is STAYS:
            return (state,)
        return self.target if isinstance(self.target, tuple) else (self.target,)

    def refusal(self, user, record):
        """What stands against ``user`` (None: the system) making this move on ``record`` now; None when nothing does."""
        if record.state not in self.sources:
            return Conflict(not_from(record, self.label))
        if not self.ready(record):
            return Conflict(self.ready.sentence)
        if user is not None and not self.guests and record.is_guest(user):
            return NotPermitted(guest_of(record))
        if (user is None and self.allowed is not by_system) or not self.allowed(user, record):
            return NotPermitted(self.allowed.sentence)
        return None


class Lifecycle:
    """The law page of one kind of record: its ``states`` (TextChoices) and its moves, in the order acts are offered."""

    def __init__(self, states, *moves):
        self.states = states
        self.moves = {move.name: move for move in moves}
        self.acts = tuple(dict.fromkeys(move.act for move in moves))

    def moves_of(self, act):
        return [move for move in self.moves.values() if move.act == act]

    def moves_open_to(self, user, record):
        """The moves ``user`` may make on ``record`` now, in the order of the table."""
        return [move for move in self.moves.values() if move.refusal(user, record) is None]

    def label_of(self, state):
        return self.states(state).label if state else "未建立"

    def arrows(self):
        """Every ``(source, target, move)``; a loop arrives where it left."""
        return [(at, to, move) for move in self.moves.values() for at in move.sources for to in move.targets_from(at)]

    def final_states(self):
        """The states without a way out; loops do not count."""
        return set(self.states) - {source for source, target, _ in self.arrows() if source != target}

    def diagram(self):
        """The table as a Mermaid state diagram, for the docs."""
        lines = ["stateDiagram-v2", *(f"{state.value} : {state.label}" for state in self.states)]
        lines += [f"{at or '[*]'} --> {to} : {move.label}" for at, to, move in self.arrows()]
        lines += [f"{state.value} --> [*]" for state in self.states if state in self.final_states()]
        return "\n    ".join(lines)
