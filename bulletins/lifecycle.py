"""The law page of bulletins: their states and the moves between them; see `journal.lifecycle`."""

from django.db import models

from bulletins import rules
from journal.lifecycle import STAYS, UNBORN, Lifecycle, Move


class State(models.TextChoices):
    DRAFT = "draft", "草拟"
    PENDING = "pending", "待签发"  # its text is locked
    ISSUED = "issued", "已印发"  # for ever: put right by another bulletin, which names it
    DISCARDED = "discarded", "已放弃"


DRAFT, PENDING, ISSUED, DISCARDED = State

LAW = Lifecycle(
    State,
    Move("draft_bulletin",     "拟稿",       (UNBORN,),  DRAFT,     rules.drafts),
    Move("edit_bulletin",      "修改",       (DRAFT,),   STAYS,     rules.is_of_the_office),
    Move("choose_cases",       "选择案例",   (DRAFT,),   STAYS,     rules.is_of_the_office),
    Move("recompose_bulletin", "重新成文",   (DRAFT,),   STAYS,     rules.is_of_the_office),
    Move("submit_bulletin",    "送签",       (DRAFT,),   PENDING,   rules.is_of_the_office),
    Move("issue_bulletin",     "签发",       (PENDING,), ISSUED,    rules.signs),
    Move("return_bulletin",    "退回修改",   (PENDING,), DRAFT,     rules.sends_back),
    Move("urge_readers",       "催阅",       (ISSUED,),  STAYS,     rules.is_of_the_office),
    Move("instruct_readers",   "批示",       (ISSUED,),  STAYS,     rules.instructs),
    Move("discard_bulletin",   "放弃",       (DRAFT,),   DISCARDED, rules.is_of_the_office),
)  # fmt: skip
