from rest_framework.routers import SimpleRouter

from accounts.api import PersonViewSet, UnitViewSet

router = SimpleRouter()
router.register("units", UnitViewSet, basename="api-unit")
router.register("people", PersonViewSet, basename="api-person")
urlpatterns = router.urls
