from django.urls import path

from rankings.views import formulas, leader, map, official, ranking, records, rows, staff, trend, unit, wall

app_name = "rankings"
urlpatterns = [
    path("", ranking.index, name="index"),
    path("export/", ranking.export, name="export"),
    path("forms/", official.page, name="official"),
    path("forms/export/", official.export, name="official_export"),
    path("rows/<slug:kind>/<str:unit>/<slug:figure>/", rows.rows, name="rows"),
    path("unit/", unit.unit, name="explanation"),
    path("trend/", trend.trend, name="trend"),
    path("map/", map.townships, name="map"),
    path("map/shapes/", map.shapes, name="shapes"),
    path("map/outline/", map.outline, name="outline"),
    path("wall/", wall.wall, name="wall"),
    path("leader/", leader.leader, name="leader"),
    path("freezes/<int:pk>/", records.FreezePage.as_view(), name="freeze"),
    path("freezes/<int:pk>/<slug:act>/", records.FreezeAct.as_view(), name="freeze_act"),
    path("formulas/", formulas.formula_list, name="formulas"),
    path("formulas/new/<slug:act>/", formulas.FormulaBirth.as_view(), name="formula_new"),
    path("formulas/<int:pk>/", formulas.FormulaPage.as_view(), name="formula"),
    path("formulas/<int:pk>/<slug:act>/", formulas.FormulaAct.as_view(), name="formula_act"),
    path("staff/", staff.staff_list, name="staff_list"),
    path("staff/new/<slug:act>/", staff.StaffBirth.as_view(), name="staff_new"),
    path("staff/<int:pk>/", staff.StaffPage.as_view(), name="staff"),
    path("staff/<int:pk>/<slug:act>/", staff.StaffAct.as_view(), name="staff_act"),
]
