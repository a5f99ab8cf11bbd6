from django.urls import path

from evidence import views

app_name = "evidence"
urlpatterns = [
    path("", views.photo_upload, name="photo_upload"),
    path("documents/", views.document_upload, name="document_upload"),
    path("documents/<int:pk>/", views.document, name="document"),
    path("<int:pk>/", views.photo, name="photo"),
    path("<int:pk>/page/", views.photo_page, name="photo_page"),
    path("<int:pk>/thumbnail/", views.photo_thumbnail, name="photo_thumbnail"),
]
