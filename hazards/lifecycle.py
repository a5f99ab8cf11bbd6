"""The whole life of a hazard on one page: its states, and the moves between them.

Buttons, API actions, permission checks, the diagram in docs/ARCHITECTURE.md and the law tests are all read from here.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import models

from hazards import rules


class State(models.TextChoices):
    DRAFT = "draft", "草稿"
    REGISTERED = "registered", "已登记"
    RECTIFYING = "rectifying", "整改中"
    PENDING_REVIEW = "pending_review", "待复查"
    CLOSED = "closed", "已销号"
    VOIDED = "voided", "已作废"


OPEN_STATES = (State.REGISTERED, State.RECTIFYING, State.PENDING_REVIEW)
FINAL_STATES = (State.CLOSED, State.VOIDED)
# States a hazard has before it enters the ledger, or when it never did.
UNNUMBERED_STATES = (State.DRAFT, State.VOIDED)


@dataclass(frozen=True)
class Move:
    """One arrow. ``act`` is the verb in operations, the page and the API action that make it; two moves may share one act."""

    name: str
    act: str
    label: str
    source: State
    target: State
    allowed: Callable
    why_not: str


MOVES = {
    move.name: move
    for move in (
        Move("register", "register", "登记", State.DRAFT, State.REGISTERED, rules.is_author, "只有记录人本人可以登记自己的草稿"),
        Move("discard", "discard", "作废草稿", State.DRAFT, State.VOIDED, rules.is_author, "只有记录人本人可以作废自己的草稿"),
        Move(
            "issue", "issue", "下达整改", State.REGISTERED, State.RECTIFYING, rules.is_issuer,
            "下达整改须由乡镇、部门安全负责人或安委办办理",
        ),
        Move(
            "close_on_spot", "close_on_spot", "当场整改销号", State.REGISTERED, State.CLOSED, rules.is_registrar,
            "当场整改销号限一般隐患，由检查人本人或安全负责人办理；重大隐患须下达整改并复查",
        ),
        Move(
            "submit_feedback", "submit_feedback", "提交整改反馈", State.RECTIFYING, State.PENDING_REVIEW, rules.is_rectifier,
            "整改反馈须由该企业，或负责该隐患的乡镇、主管部门负责人提交",
        ),
        Move(
            "pass_review", "review", "复查通过", State.PENDING_REVIEW, State.CLOSED, rules.is_reviewer,
            "复查须由检查人员或安全负责人办理，且不能是提交反馈的本人",
        ),
        Move(
            "fail_review", "review", "复查不通过", State.PENDING_REVIEW, State.RECTIFYING, rules.is_reviewer,
            "复查须由检查人员或安全负责人办理，且不能是提交反馈的本人",
        ),
    )
}  # fmt: skip

ACTS = tuple(dict.fromkeys(move.act for move in MOVES.values()))
# The order in which acts are offered: the first one this user may do is *the* next action, the others stand under 更多.
ACT_WORDS = {
    "register": "登记",
    "issue": "下达整改",
    "close_on_spot": "当场整改销号",
    "submit_feedback": "提交整改反馈",
    "review": "去复查",
    "discard": "作废草稿",
}

# Acts a hazard waits for; the others are possible, but nobody is urged to do them.
NEXT_ACTS = ("register", "issue", "submit_feedback", "review")


def moves_open_to(user, hazard):
    """The moves ``user`` may make on ``hazard`` now, in the order of the table."""
    return [move for move in MOVES.values() if move.source == hazard.state and move.allowed(user, hazard)]


def acts_open_to(user, hazard):
    """The acts ``user`` may do on ``hazard`` now, the next action first: ``[(act, words), …]``."""
    open_acts = {move.act for move in moves_open_to(user, hazard)}
    return [(act, words) for act, words in ACT_WORDS.items() if act in open_acts]


def diagram():
    """The table above as a Mermaid state diagram, for the docs."""
    lines = ["stateDiagram-v2", f"    [*] --> {State.DRAFT.value}"]
    lines += [f"    {state.value} : {state.label}" for state in State]
    lines += [f"    {move.source.value} --> {move.target.value} : {move.label}" for move in MOVES.values()]
    lines += [f"    {state.value} --> [*]" for state in FINAL_STATES]
    return "\n".join(lines)
