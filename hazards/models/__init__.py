from hazards.models.event import HazardEvent
from hazards.models.hazard import Hazard
from hazards.models.work import Feedback, Review

__all__ = ["Feedback", "Hazard", "HazardEvent", "Review"]
