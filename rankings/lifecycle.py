"""The law pages of what is frozen, of formula versions and of approved staff; see `journal.lifecycle`."""

from django.db import models

from journal.lifecycle import STAYS, UNBORN, Lifecycle, Move, by_system
from rankings import rules


class FreezeState(models.TextChoices):
    FROZEN = "frozen", "已冻结"
    SUPERSEDED = "superseded", "已被更正"  # a revision took its place; both stay readable


class FormulaState(models.TextChoices):
    DRAFT = "draft", "草拟"
    PUBLISHED = "published", "已公布"
    DISCARDED = "discarded", "已放弃"


class StaffState(models.TextChoices):
    APPROVED = "approved", "已核定"


FROZEN, SUPERSEDED = FreezeState
DRAFT, PUBLISHED, DISCARDED = FormulaState
[APPROVED] = StaffState

FREEZES = Lifecycle(
    FreezeState,
    Move("freeze", "冻结",         (UNBORN,), FROZEN,     by_system),
    Move("seal",   "封存",         (FROZEN,), STAYS,      by_system),
    Move("revise", "更正冻结数字", (FROZEN,), SUPERSEDED, rules.keeps_figures),
)  # fmt: skip

FORMULAS = Lifecycle(
    FormulaState,
    Move("found",           "随系统建立",   (UNBORN,), PUBLISHED, by_system),
    Move("propose_formula", "草拟排名公式", (UNBORN,), DRAFT,     rules.keeps_figures),
    Move("amend_formula",   "修改草拟公式", (DRAFT,),  STAYS,     rules.keeps_figures),
    Move("publish_formula", "公布",         (DRAFT,),  PUBLISHED, rules.publishes),
    Move("discard_formula", "放弃",         (DRAFT,),  DISCARDED, rules.keeps_figures),
)  # fmt: skip

STAFF = Lifecycle(
    StaffState,
    Move("approve_staff", "核定检查人员数", (UNBORN,),   APPROVED, rules.keeps_figures),
    Move("correct_staff", "更正检查人员数", (APPROVED,), STAYS,    rules.keeps_figures),
)  # fmt: skip
