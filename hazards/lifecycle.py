"""The law page: the whole life of a hazard, its states and the moves between them.

Pages, API actions, permission checks, desk, timeline, notices, the diagram in docs/ARCHITECTURE.md and the law tests are all
read from here; what a move looks like at the doors stands in hazards/acts/.
"""

from django.db import models

from hazards import rules
from journal.lifecycle import STAYS, UNBORN, Lifecycle, Move, by_system


class State(models.TextChoices):
    DRAFT = "draft", "草稿"
    REGISTERED = "registered", "已登记"
    RECTIFYING = "rectifying", "整改中"
    PENDING_REVIEW = "pending_review", "待复查"
    CLOSED = "closed", "已销号"
    VOIDED = "voided", "已作废"  # it keeps its number, and counts nowhere
    DISCARDED = "discarded", "已弃草稿"  # it never entered the ledger; a row that did is never discarded


DRAFT, REGISTERED, RECTIFYING, PENDING_REVIEW, CLOSED, VOIDED, DISCARDED = State

OPEN_STATES = (REGISTERED, RECTIFYING, PENDING_REVIEW)
LEDGER_STATES = (*OPEN_STATES, CLOSED)
# States a hazard has before it enters the ledger, or when it never did.
UNNUMBERED_STATES = (DRAFT, DISCARDED)
# States of rows that count nowhere and are listed only when they are asked for.
UNLISTED_STATES = (*UNNUMBERED_STATES, VOIDED)

LAW = Lifecycle(
    State,
    Move("draft",           "存草稿",       (UNBORN,),         DRAFT,          rules.is_officer),
    Move("adopt",           "台账导入",     (UNBORN,),         LEDGER_STATES,  rules.is_importer),
    Move("part",            "拆分登记",     (UNBORN,),         (REGISTERED, RECTIFYING), rules.is_officer),
    Move("redraft",         "修改草稿",     (DRAFT,),          STAYS,          rules.keeps_draft),
    Move("register",        "登记",         (DRAFT,),          REGISTERED,     rules.keeps_draft),
    Move("issue",           "下达整改",     (REGISTERED,),     RECTIFYING,     rules.is_issuer),
    Move("close_on_spot",   "当场整改销号", (REGISTERED,),     CLOSED,         rules.is_registrar, rules.is_not_elsewhere),
    Move("split",           "拆分",         (REGISTERED, RECTIFYING), VOIDED,  rules.is_corrector, ready=(rules.may_be_split, rules.is_unanswered)),
    Move("submit_feedback", "提交整改反馈", (RECTIFYING,),     PENDING_REVIEW, rules.is_rectifier, ready=rules.may_be_answered),
    Move("approve_plan",    "批准整改方案", (RECTIFYING,),     STAYS,          rules.approves_plans, ready=rules.has_plan_waiting, act="decide_plan"),
    Move("return_plan",     "退回整改方案", (RECTIFYING,),     STAYS,          rules.approves_plans, ready=rules.has_plan_waiting, act="decide_plan"),
    Move("file_plan",       "报整改方案",   (RECTIFYING,),     STAYS,          rules.files_plans, ready=rules.owes_plan),
    Move("revise_plan",     "修订整改方案", (RECTIFYING,),     STAYS,          rules.files_plans, ready=rules.has_plan),
    Move("pass_review",     "复查通过",     (PENDING_REVIEW,), CLOSED,         rules.is_reviewer, ready=(rules.is_general, rules.is_not_elsewhere), act="review"),
    Move("fail_review",     "复查不通过",   (PENDING_REVIEW,), RECTIFYING,     rules.is_reviewer, ready=rules.is_general, act="review"),
    Move("reset_review",    "退回重定期限", (PENDING_REVIEW,), RECTIFYING,     rules.resets_by_review, ready=rules.is_general, act="review"),
    Move("pass_acceptance", "验收通过",     (PENDING_REVIEW,), CLOSED,         rules.accepts, ready=(rules.is_major, rules.is_not_elsewhere, rules.is_reported, rules.is_cleared), act="accept"),
    Move("fail_acceptance", "验收不通过",   (PENDING_REVIEW,), RECTIFYING,     rules.accepts, ready=rules.is_major, act="accept"),
    Move("reset_acceptance", "退回重定期限", (PENDING_REVIEW,), RECTIFYING,    rules.resets_by_acceptance, ready=rules.is_major, act="accept"),
    Move("report_progress", "报告进展",     (RECTIFYING,),     STAYS,          rules.reports_progress, ready=rules.is_under_plan),
    Move("request_extension", "申请延期",   (RECTIFYING,),     STAYS,          rules.asks_for_time, ready=rules.may_be_extended),
    Move("grant_extension", "批准延期",     (RECTIFYING,),     STAYS,          rules.gives_time, ready=rules.is_asked_for_time, act="decide_extension"),
    Move("refuse_extension", "不同意延期",  (RECTIFYING,),     STAYS,          rules.gives_time, ready=rules.is_asked_for_time, act="decide_extension"),
    Move("correct",         "更正",         LEDGER_STATES,     STAYS,          rules.is_corrector),
    Move("upgrade",         "更正为重大隐患", OPEN_STATES,     STAYS,          rules.is_corrector, act="correct"),
    Move("downgrade",       "更正为一般隐患", OPEN_STATES,     STAYS,          rules.is_committee, act="correct"),
    Move("reassign",        "改派责任人",   OPEN_STATES,       STAYS,          rules.answers_for_it),
    Move("offer_transfer",  "移交",         OPEN_STATES,       STAYS,          rules.hands_over),
    Move("accept_transfer", "接收移交",     OPEN_STATES,       STAYS,          rules.is_offered_it, ready=rules.is_offered, act="answer_transfer", guests=True),
    Move("return_transfer", "退回移交",     OPEN_STATES,       STAYS,          rules.is_offered_it, ready=rules.is_offered, act="answer_transfer", guests=True),
    Move("assign_transfer", "指定负责单位", OPEN_STATES,       STAYS,          rules.settles_transfers, ready=rules.is_offered),
    Move("refer",           "移送",         OPEN_STATES,       STAYS,          rules.answers_for_it, ready=rules.is_not_referred),
    Move("answer_referral", "登记移送答复", OPEN_STATES,       STAYS,          rules.answers_for_it, ready=rules.is_referred),
    Move("reopen",          "重新打开",     (CLOSED,),         RECTIFYING,     rules.is_reopener),
    Move("chase",           "催办",         OPEN_STATES,       STAYS,          rules.answers_for_it),
    Move("comment",         "备注",         LEDGER_STATES,     STAYS,          rules.is_commentator, guests=True),
    Move("instruct",        "批示",         LEDGER_STATES,     STAYS,          rules.is_instructor, rules.has_bodies),
    Move("answer_instruction", "回复批示",  LEDGER_STATES,     STAYS,          rules.is_instructed, rules.is_to_be_answered, guests=True),
    Move("request_void",    "申请作废",     LEDGER_STATES,     STAYS,          rules.doubts_it, ready=rules.is_undoubted),
    Move("void",            "作废",         LEDGER_STATES,     VOIDED,         rules.settles_doubts, ready=rules.is_doubted, act="decide_void"),
    Move("refuse_void",     "不同意作废",   LEDGER_STATES,     STAYS,          rules.settles_doubts, ready=rules.is_doubted, act="decide_void"),
    Move("report_major",    "报告重大隐患", OPEN_STATES,       STAYS,          rules.reports_it, ready=rules.owes_report),
    Move("acknowledge_report", "签收重大隐患报告", LEDGER_STATES, STAYS,       rules.signs_for, ready=rules.is_unsigned, guests=True),
    Move("recount",         "期限按公布的放假安排重算", (RECTIFYING,), STAYS,  by_system),
    Move("discard",         "放弃草稿",     (DRAFT,),          DISCARDED,      rules.keeps_draft),
)  # fmt: skip


def word_of(state, level):
    """The word for ``state`` of a hazard of ``level``: what a review is to others is an acceptance to a major one."""
    return "待验收" if state == PENDING_REVIEW and level == "major" else LAW.label_of(state)
