from rest_framework.routers import SimpleRouter

from evidence.api import DocumentViewSet, PhotoViewSet

router = SimpleRouter()
router.register("photos", PhotoViewSet, basename="api-photo")
router.register("documents", DocumentViewSet, basename="api-document")
urlpatterns = router.urls
