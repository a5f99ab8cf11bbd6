from hazards.models.batch import ImportBatch
from hazards.models.event import HazardEvent
from hazards.models.hazard import Hazard
from hazards.models.number import NumberSequence
from hazards.models.work import Feedback, Review

__all__ = ["Feedback", "Hazard", "HazardEvent", "ImportBatch", "NumberSequence", "Review"]
