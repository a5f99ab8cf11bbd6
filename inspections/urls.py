from django.urls import include, path

from inspections import views
from journal.views import addresses

app_name = "inspections"
urlpatterns = [
    path("", views.inspection_list, name="list"),
    path("<int:pk>/", views.inspection_detail, name="detail"),
    path("enterprises/", views.enterprise_list, name="enterprises"),
    path("enterprises/new/", views.EnterpriseBirth.as_view(), {"act": "enlist"}, name="enterprise_create"),
    path("enterprises/<int:pk>/", views.enterprise_detail, name="enterprise"),
    path("enterprises/<int:pk>/<slug:act>/", views.EnterpriseAct.as_view(), name="enterprise_act"),
    path("sectors/", views.sector_list, name="sectors"),
    path("sectors/", include(addresses(views.SectorPages))),
]
