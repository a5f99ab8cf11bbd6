"""The law pages of the two halves of the matrix: a row is in force until another takes its place or it is ended."""

from django.db import models

from journal.lifecycle import UNBORN, Lifecycle, Move
from responsibilities import rules


class State(models.TextChoices):
    CURRENT = "current", "现行"
    ENDED = "ended", "已止"


CURRENT, ENDED = State

LINES = Lifecycle(
    State,
    Move("appoint", "确定", (UNBORN,),  CURRENT, rules.keeps_lines),
    Move("replace", "更换", (CURRENT,), ENDED,   rules.keeps_lines),
    Move("end",     "撤销", (CURRENT,), ENDED,   rules.keeps_lines),
)  # fmt: skip

CHARGES = Lifecycle(
    State,
    Move("appoint", "确定", (UNBORN,),  CURRENT, rules.keeps_charges),
    Move("replace", "更换", (CURRENT,), ENDED,   rules.keeps_charges),
    Move("end",     "撤销", (CURRENT,), ENDED,   rules.keeps_charges),
)  # fmt: skip
