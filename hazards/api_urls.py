from rest_framework.routers import SimpleRouter

from hazards.api import HazardViewSet, InspectionViewSet, PhotoViewSet

router = SimpleRouter()
router.register("hazards", HazardViewSet, basename="api-hazard")
router.register("inspections", InspectionViewSet, basename="api-inspection")
router.register("photos", PhotoViewSet, basename="api-photo")
urlpatterns = router.urls
