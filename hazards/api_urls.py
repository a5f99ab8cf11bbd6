from rest_framework.routers import SimpleRouter

from hazards.api import HazardViewSet, InspectionViewSet

router = SimpleRouter()
router.register("hazards", HazardViewSet, basename="api-hazard")
router.register("inspections", InspectionViewSet, basename="api-inspection")
urlpatterns = router.urls
