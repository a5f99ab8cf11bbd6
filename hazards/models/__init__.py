from hazards.models.event import HazardEvent
from hazards.models.hazard import Hazard
from hazards.models.instruction import Instruction
from hazards.models.major import MajorReport, PlanDecision, Progress, Receipt, RectificationPlan
from hazards.models.reminder import Reminder
from hazards.models.saved_view import SavedView
from hazards.models.text import HazardText
from hazards.models.work import Extension, ExtensionDecision, Feedback, Review, VoidDecision, VoidRequest

__all__ = [
    "Extension", "ExtensionDecision", "Feedback", "Hazard", "HazardEvent", "HazardText", "Instruction", "MajorReport", "PlanDecision", "Progress", "Receipt", "RectificationPlan", "Reminder", "Review", "SavedView",
    "VoidDecision", "VoidRequest",
]  # fmt: skip
