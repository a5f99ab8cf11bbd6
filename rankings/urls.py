from django.urls import include, path

from journal.views import addresses
from rankings.views import official, ranking, records, rows

app_name = "rankings"
urlpatterns = [
    path("", ranking.index, name="index"),
    path("export/", ranking.export, name="export"),
    path("forms/", official.page, name="official"),
    path("forms/export/", official.export, name="official_export"),
    path("rows/<slug:kind>/<str:unit>/<slug:figure>/", rows.rows, name="rows"),
    path("freezes/", include(addresses(records.Freezes))),
    path("formulas/", include(addresses(records.Formulas))),
    path("staff/", include(addresses(records.StaffPages))),
]
