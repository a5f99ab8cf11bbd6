"""The law pages of enterprises and sectors: their states and the moves between them; see `journal.lifecycle`."""

from django.db import models

from inspections import rules
from journal.lifecycle import STAYS, UNBORN, Lifecycle, Move, by_system


class EnterpriseState(models.TextChoices):
    LISTED = "listed", "在册"  # whether it works (在产, 停产 …) is its ``status``, a fact


class SectorState(models.TextChoices):
    ACTIVE = "active", "启用"
    RETIRED = "retired", "停用"


[LISTED] = EnterpriseState
ACTIVE, RETIRED = SectorState

ENTERPRISES = Lifecycle(
    EnterpriseState,
    Move("enlist",      "登记企业",     (UNBORN,), LISTED, rules.is_officer),
    Move("adopt",       "随台账导入",   (UNBORN,), LISTED, rules.is_importer),
    Move("edit",        "修改",         (LISTED,), STAYS,  rules.is_officer),
    Move("join_member", "关联企业账号", (LISTED,), STAYS,  rules.may_join),
    Move("part_member", "解除企业账号", (LISTED,), STAYS,  rules.may_part),
    Move("suspend",     "停业整顿",     (LISTED,), STAYS,  by_system),
    Move("resume",      "恢复生产经营", (LISTED,), STAYS,  by_system),
)  # fmt: skip

SECTORS = Lifecycle(
    SectorState,
    Move("found",   "随系统建立", (UNBORN,),         ACTIVE,  by_system),
    Move("edit",    "修改",       (ACTIVE, RETIRED), STAYS,   rules.is_keeper),
    Move("retire",  "停用",       (ACTIVE,),         RETIRED, rules.is_keeper),
    Move("restore", "恢复启用",   (RETIRED,),        ACTIVE,  rules.is_keeper),
)  # fmt: skip
