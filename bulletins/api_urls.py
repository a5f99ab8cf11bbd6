from rest_framework.routers import SimpleRouter

from bulletins.api import BulletinViewSet

router = SimpleRouter()
router.register("bulletins", BulletinViewSet, basename="api-bulletin")
urlpatterns = router.urls
