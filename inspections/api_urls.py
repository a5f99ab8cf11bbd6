from rest_framework.routers import SimpleRouter

from inspections.api import EnterpriseViewSet, SectorViewSet

router = SimpleRouter()
router.register("enterprises", EnterpriseViewSet, basename="api-enterprise")
router.register("sectors", SectorViewSet, basename="api-sector")
urlpatterns = router.urls
