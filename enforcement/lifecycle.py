"""The law page of enforcement measures: their states and the moves between them; see `journal.lifecycle`."""

from django.db import models

from enforcement import rules
from journal.lifecycle import STAYS, UNBORN, Lifecycle, Move


class State(models.TextChoices):
    MADE = "made", "已作出"
    LIFTED = "lifted", "已解除"
    WITHDRAWN = "withdrawn", "已撤销"  # annulled, or recorded in error: it counts nowhere


MADE, LIFTED, WITHDRAWN = State

LAW = Lifecycle(
    State,
    Move("record_measure",    "记录执法措施", (UNBORN,),      MADE,      rules.is_officer),
    Move("apply_resumption",  "申请复工",     (MADE,),        STAYS,     rules.asks_to_resume, ready=rules.may_resume),
    Move("grant_resumption",  "同意复工",     (MADE,),        LIFTED,    rules.consents, ready=rules.is_asked_to_resume, act="decide_resumption"),
    Move("refuse_resumption", "不同意复工",   (MADE,),        STAYS,     rules.consents, ready=rules.is_asked_to_resume, act="decide_resumption"),
    Move("lift_measure",      "解除",         (MADE,),        LIFTED,    rules.lifts, ready=rules.is_lifted_by_hand),
    Move("correct_measure",   "更正",         (MADE, LIFTED), STAYS,     rules.corrects),
    Move("withdraw_measure",  "撤销",         (MADE, LIFTED), WITHDRAWN, rules.withdraws),
)  # fmt: skip
