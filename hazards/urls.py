from django.urls import path

from hazards import views

app_name = "hazards"
urlpatterns = [
    path("", views.desk, name="desk"),
    path("hazards/", views.ledger, name="ledger"),
    path("hazards/export/", views.export, name="export"),
    path("hazards/register/", views.register, name="register"),
    path("hazards/import/", views.import_upload, name="import"),
    path("hazards/import/<int:pk>/", views.import_preview, name="import_preview"),
    path("hazards/import/<int:pk>/errors/", views.import_errors, name="import_errors"),
    path("hazards/<int:pk>/", views.detail, name="detail"),
    path("hazards/<int:pk>/<slug:act>/", views.act, name="act"),
]
