"""Everything that changes a hazard. HTML, API, workbooks, commands and Celery all come through these verbs.

Each verb takes ``by=`` (a person, or None for the system) and ``at=`` (an aware moment; only doors read the clock) and either
happens whole, with its event, or raises `journal.refusal.Refused` with a Chinese sentence fit for the user.
"""

from hazards.operations.acceptance import accept
from hazards.operations.adoption import adopt
from hazards.operations.correction import correct, hand_over, reassign, reopen
from hazards.operations.extension import decide_extension, request_extension
from hazards.operations.following import chase, comment
from hazards.operations.instructions import answer_instruction, instruct
from hazards.operations.plans import decide_plan, file_plan, revise_plan
from hazards.operations.progress import report_progress
from hazards.operations.rectification import close_on_spot, issue, recount_unpublished, review, submit_feedback
from hazards.operations.registration import discard, draft, record_inspection, redraft, register
from hazards.operations.reminders import send_reminders
from hazards.operations.reporting import acknowledge_report, report_major
from hazards.operations.saved_views import drop_view, save_view
from hazards.operations.voiding import decide_void, request_void

__all__ = [
    "accept", "acknowledge_report", "adopt", "answer_instruction", "chase", "close_on_spot", "comment", "correct",
    "decide_extension", "decide_plan", "decide_void", "discard", "draft", "drop_view", "file_plan", "hand_over",
    "instruct", "issue", "reassign", "record_inspection", "recount_unpublished", "redraft", "register", "reopen",
    "report_major", "report_progress", "request_extension", "request_void", "review", "revise_plan", "save_view",
    "send_reminders", "submit_feedback",
]  # fmt: skip
