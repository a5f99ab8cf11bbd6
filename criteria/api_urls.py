from rest_framework.routers import SimpleRouter

from criteria.api import CriterionViewSet, StandardViewSet

router = SimpleRouter()
router.register("standards", StandardViewSet, basename="api-standard")
router.register("criteria", CriterionViewSet, basename="api-criterion")
urlpatterns = router.urls
