from django.urls import path

from enforcement import views

app_name = "enforcement"
urlpatterns = [
    path("", views.measure_list, name="list"),
    path("export/", views.export, name="export"),
    path("closing/", views.closing_list, name="closing"),
    path("new/", views.MeasureBirth.as_view(), {"act": "record_measure"}, name="measure_new"),
    path("<int:pk>/", views.MeasurePage.as_view(), name="measure"),
    path("<int:pk>/<slug:act>/", views.MeasureAct.as_view(), name="measure_act"),
]
