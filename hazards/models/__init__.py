from hazards.models.event import HazardEvent
from hazards.models.hazard import Hazard
from hazards.models.instruction import Instruction
from hazards.models.reminder import Reminder
from hazards.models.saved_view import SavedView
from hazards.models.text import HazardText
from hazards.models.transfer import Transfer
from hazards.models.work import Extension, ExtensionDecision, Feedback, Review, VoidDecision, VoidRequest

__all__ = [
    "Extension", "ExtensionDecision", "Feedback", "Hazard", "HazardEvent", "HazardText", "Instruction", "Reminder", "Review", "SavedView",
    "Transfer", "VoidDecision", "VoidRequest",
]  # fmt: skip
