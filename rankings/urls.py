from django.urls import include, path

from journal.views import addresses
from rankings.views import records

app_name = "rankings"
urlpatterns = [
    path("freezes/", include(addresses(records.Freezes))),
    path("formulas/", include(addresses(records.Formulas))),
    path("staff/", include(addresses(records.StaffPages))),
]
