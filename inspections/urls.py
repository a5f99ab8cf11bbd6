from django.urls import path

from inspections import views

app_name = "inspections"
urlpatterns = [
    path("", views.inspection_list, name="list"),
    path("<int:pk>/", views.inspection_detail, name="detail"),
    path("enterprises/", views.enterprise_list, name="enterprises"),
    path("enterprises/new/", views.enterprise_create, name="enterprise_create"),
    path("enterprises/<int:pk>/", views.enterprise_detail, name="enterprise"),
    path("enterprises/<int:pk>/<slug:act>/", views.EnterpriseAct.as_view(), name="enterprise_act"),
    path("sectors/", views.sector_list, name="sectors"),
    path("sectors/<int:pk>/", views.sector_detail, name="sector"),
    path("sectors/<int:pk>/<slug:act>/", views.SectorAct.as_view(), name="sector_act"),
]
