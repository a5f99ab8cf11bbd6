from django.urls import path

from hazards import views

app_name = "hazards"
urlpatterns = [
    path("", views.desk, name="desk"),
    path("hazards/", views.ledger, name="ledger"),
    path("hazards/export/", views.export, name="export"),
    path("hazards/export/form/", views.export_form, name="export_form"),
    path("hazards/facets/", views.facets, name="facets"),
    path("hazards/bulk/<slug:act>/", views.bulk, name="bulk"),
    path("hazards/views/", views.saved_views, name="saved_views"),
    path("hazards/views/<int:pk>/drop/", views.saved_view_drop, name="saved_view_drop"),
    path("hazards/handover/<int:pk>/", views.handover, name="handover"),
    path("hazards/register/", views.register, name="register"),
    path("hazards/<int:pk>/", views.detail, name="detail"),
    path("hazards/<int:pk>/files/", views.files, name="files"),
    path("hazards/<int:pk>/<slug:act>/", views.act, name="act"),
]
