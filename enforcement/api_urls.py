from rest_framework.routers import SimpleRouter

from enforcement.api import MeasureViewSet

router = SimpleRouter()
router.register("measures", MeasureViewSet, basename="api-measure")
urlpatterns = router.urls
