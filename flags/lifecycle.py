"""The law page of flags: what the system noticed, the unit's answer, and what the safety office makes of both."""

from django.db import models

from flags import rules
from journal.lifecycle import STAYS, UNBORN, Lifecycle, Move, by_system


class State(models.TextChoices):
    RAISED = "raised", "已提示"
    ANSWERED = "answered", "已说明"
    UPHELD = "upheld", "已维持"
    DISMISSED = "dismissed", "已撤销"  # explained, or wrong: it counts nowhere


RAISED, ANSWERED, UPHELD, DISMISSED = State
OPEN = (RAISED, ANSWERED)

LAW = Lifecycle(
    State,
    Move("raise",      "系统提示", (UNBORN,),   RAISED,    by_system),
    Move("answer",     "说明",     (RAISED,),   ANSWERED,  rules.answers),
    Move("supplement", "补充说明", (ANSWERED,), STAYS,     rules.answers),
    Move("dismiss",    "撤销提示", OPEN,        DISMISSED, rules.decides, act="decide"),
    Move("uphold",     "维持提示", OPEN,        UPHELD,    rules.decides, act="decide"),
    Move("relent",     "改为撤销", (UPHELD,),   DISMISSED, rules.decides),
)  # fmt: skip
