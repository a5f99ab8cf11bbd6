from django.urls import include, path

from journal.views import addresses
from rankings.views import leader, map, ranking, records, rows, trend, unit, wall

app_name = "rankings"
urlpatterns = [
    path("", ranking.index, name="index"),
    path("export/", ranking.export, name="export"),
    path("rows/<slug:kind>/<str:unit>/<slug:figure>/", rows.rows, name="rows"),
    path("unit/", unit.unit, name="explanation"),
    path("trend/", trend.trend, name="trend"),
    path("map/", map.townships, name="map"),
    path("map/shapes/", map.shapes, name="shapes"),
    path("map/outline/", map.outline, name="outline"),
    path("wall/", wall.wall, name="wall"),
    path("leader/", leader.leader, name="leader"),
    path("freezes/", include(addresses(records.Freezes))),
    path("formulas/", include(addresses(records.Formulas))),
    path("staff/", include(addresses(records.StaffPages))),
]
