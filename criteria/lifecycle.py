"""The law page of standards by which hazards are judged major; see `journal.lifecycle`."""

from django.db import models

from criteria import rules
from journal.lifecycle import STAYS, UNBORN, Lifecycle, Move, by_system


class StandardState(models.TextChoices):
    LISTED = "listed", "在录"  # from when to when it is in force are its dates, facts


[LISTED] = StandardState

STANDARDS = Lifecycle(
    StandardState,
    Move("found",      "随系统建立", (UNBORN,), LISTED, by_system),
    Move("enter",      "登记标准",   (UNBORN,), LISTED, rules.keeps_standards),
    Move("edit",       "修改",       (LISTED,), STAYS,  rules.keeps_standards),
    Move("load_items", "导入条目",   (LISTED,), STAYS,  rules.keeps_standards),
)  # fmt: skip
