from hazards.api.viewsets import HazardViewSet, InspectionViewSet

__all__ = ["HazardViewSet", "InspectionViewSet"]
