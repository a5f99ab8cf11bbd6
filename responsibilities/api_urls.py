from rest_framework.routers import SimpleRouter

from responsibilities.api import ChargeViewSet, LineViewSet

router = SimpleRouter()
router.register("charges", ChargeViewSet, basename="api-charge")
router.register("lines", LineViewSet, basename="api-line")
urlpatterns = router.urls
