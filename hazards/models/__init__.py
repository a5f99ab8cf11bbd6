from hazards.models.event import HazardEvent
from hazards.models.hazard import Hazard
from hazards.models.number import NumberSequence
from hazards.models.photo import Photo
from hazards.models.work import Feedback, Review

__all__ = ["Feedback", "Hazard", "HazardEvent", "NumberSequence", "Photo", "Review"]
