"""What a hazard's life may be, written independently of the law page: which step is possible at which stage, for whom."""

from datetime import timedelta
from itertools import product

from django.utils import timezone

from hazards.lifecycle import LAW
from journal.lifecycle import STAYS
from tests import stages
from tests.laws.test_who import MANAGERS, MOVES, OFFICERS, state_after, who_may


def again():
    """The day to which a failed review resets a deadline: none that a stage or an extension has."""
    return timezone.localdate() + timedelta(days=20)


# The second outcome of an act, by the name of its move: {move: (what the verb is told, what the page posts, the state then)}.
OTHERWISE = {
    "fail_review": (
        {"passed": False, "opinion": "未隔开"},
        {"passed": "fail", "opinion": "未隔开"},
        "rectifying",
    ),
    "reset_review": (
        {"passed": False, "opinion": "未隔开", "deadline": again},
        {"passed": "fail", "opinion": "未隔开", "deadline": again},
        "rectifying",
    ),
    "upgrade": (
        {"level": "major", "basis": "AQ 7015-2018", "reason": "够重大"},
        stages.POSTED["correct"] | {"level": "major", "basis": "AQ 7015-2018"},
        STAYS,
    ),
    "downgrade": (
        {"level": "general", "reason": "不够重大"},
        stages.POSTED["correct"] | {"level": "general"},
        STAYS,
    ),
    "return_transfer": (
        {"accepted": False, "opinion": "不属于消防职责"},
        {"accepted": "return", "opinion": "不属于消防职责"},
        STAYS,
    ),
    "refuse_void": (
        {"granted": False, "opinion": "没有重复"},
        {"granted": "refuse", "opinion": "没有重复"},
        STAYS,
    ),
    "fail_acceptance": (
        stages.TOLD["accept"][0] | {"passed": False},
        stages.POSTED["accept"] | {"passed": "fail"},
        "rectifying",
    ),
    "reset_acceptance": (
        stages.TOLD["accept"][0] | {"passed": False, "deadline": again},
        stages.POSTED["accept"] | {"passed": "fail", "deadline": again},
        "rectifying",
    ),
    "return_plan": (
        {"approved": False, "opinion": "缺应急预案"},
        {"approved": "return", "opinion": "缺应急预案"},
        STAYS,
    ),
    "refuse_extension": (
        {"granted": False, "opinion": "可以按期完成"},
        {"granted": "refuse", "opinion": "可以按期完成"},
        STAYS,
    ),
}
STEPS = [*stages.POSTED, *OTHERWISE]


def act_of(step):
    """The name of the act behind a step of the walk: an act as `tests.stages` tells it, or its other outcome."""
    return LAW.moves[step].act if step in OTHERWISE else step


def state_of(stage):
    return stage.partition("+")[0]


def target_of(step, stage):
    """The state afterwards."""
    target = OTHERWISE[step][-1] if step in OTHERWISE else state_after(step, state_of(stage))
    return state_of(stage) if target is STAYS else target


# What may follow from what, independently of hazards.lifecycle: the walk below compares the two.
# {(stage, step): (the people who may, the state afterwards)}
MODEL = {
    (stage, step): (who_may(step if step in MOVES else act_of(step), stage), target_of(step, stage))
    for stage in stages.STAGES
    for step in STEPS
    if who_may(step if step in MOVES else act_of(step), stage)
}
# Who issued the order decides on more time, which the walk knows; the office always may.
for step, stage in product(("decide_extension", "refuse_extension"), stages.STAGES):
    if state_of(stage) == "rectifying":
        MODEL[stage, step] = ({"manager", "department", "other_department", "office"}, "rectifying")
# What is possible when more has happened than the stages of a walk say: an instruction is open.
MODEL |= {
    (stage, "answer_instruction"): ({"manager", "office"}, state_of(stage))
    for stage in stages.STAGES
    if state_of(stage) in ("registered", "rectifying", "pending_review", "closed")
}
# Of a transfer and a referral, too: the walk knows whether one waits.
for stage in stages.STAGES:
    if state_of(stage) not in ("registered", "rectifying", "pending_review") or "doubted" in stage:
        continue
    for step in ("answer_transfer", "return_transfer", "assign_transfer"):
        MODEL[stage, step] = ({"office"}, state_of(stage))
    MODEL[stage, "answer_referral"] = (MANAGERS, state_of(stage))
# A report of a major hazard is owed, or was made and is signed for.
for stage in stages.STAGES:
    if state_of(stage) in ("registered", "rectifying", "pending_review") and "major" in stage:
        MODEL[stage, "report_major"] = ({"author", "manager", "office"}, state_of(stage))
    if state_of(stage) in ("registered", "rectifying", "pending_review", "closed"):
        MODEL[stage, "acknowledge_report"] = ({"department", "other_department", "office"}, state_of(stage))
# The office decides on voiding whatever somebody asked to be void.
for stage in stages.STAGES:
    if who_may("request_void", stage):
        MODEL[stage, "decide_void"] = ({"office"}, "voided")
        MODEL[stage, "refuse_void"] = ({"office"}, state_of(stage))
# The walk knows whether the report was made; of those that wait for acceptance, the stages have one of which it was.
MODEL |= {
    (stage.replace("+reported", ""), step): said
    for (stage, step), said in MODEL.items()
    if stage == "pending_review+reported+major"
}
# A department takes it over from another one, and may give it back: what the first of the two may do, the second may once it has it.
TWINS = ("department", "receiver")
PEOPLE = sorted(OFFICERS | {"enterprise", "leader", "receiver"})
