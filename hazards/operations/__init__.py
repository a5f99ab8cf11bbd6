"""Everything that changes a hazard. HTML, API, workbooks, commands and Celery all come through these verbs.

Each verb takes ``by=`` (a person, or None for the system) and ``at=`` (an aware moment; only doors read the clock) and either
happens whole, with its event, or raises `journal.refusal.Refused` with a Chinese sentence fit for the user.
"""

from hazards.operations.adoption import adopt
from hazards.operations.correction import correct, hand_over, reassign, reopen
from hazards.operations.extension import decide_extension, request_extension
from hazards.operations.following import chase, comment
from hazards.operations.instructions import answer_instruction, instruct
from hazards.operations.rectification import close_on_spot, issue, recount_unpublished, review, submit_feedback
from hazards.operations.registration import discard, draft, record_inspection, redraft, register
from hazards.operations.reminders import send_reminders
from hazards.operations.saved_views import drop_view, save_view
from hazards.operations.transfer import answer_transfer, assign_transfer, offer_transfer
from hazards.operations.voiding import decide_void, request_void

__all__ = [
    "adopt", "answer_instruction", "answer_transfer", "assign_transfer", "chase", "close_on_spot", "comment", "correct", "decide_extension", "decide_void", "discard", "draft", "drop_view", "hand_over", "instruct",
    "issue", "offer_transfer", "reassign", "record_inspection", "recount_unpublished", "redraft", "register", "reopen", "request_extension", "request_void", "review", "save_view", "send_reminders",
    "submit_feedback",
]  # fmt: skip
