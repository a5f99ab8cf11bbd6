from django.urls import path

from hazards import views

app_name = "hazards"
urlpatterns = [
    path("", views.desk, name="desk"),
    path("hazards/", views.ledger, name="ledger"),
    path("hazards/export/", views.export, name="export"),
    path("hazards/register/", views.register, name="register"),
    path("hazards/<int:pk>/", views.detail, name="detail"),
    path("hazards/<int:pk>/<slug:act>/", views.act, name="act"),
]
