from hazards.api.viewsets import HazardViewSet, InspectionViewSet, PhotoViewSet

__all__ = ["HazardViewSet", "InspectionViewSet", "PhotoViewSet"]
