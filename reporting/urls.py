from django.urls import path

from reporting import views

app_name = "reporting"
urlpatterns = [
    path("", views.report_list, name="list"),
    path("export/", views.export, name="export"),
    path("bulk/<slug:act>/", views.ReportBulk.as_view(), name="bulk"),
    path("<int:pk>/", views.ReportPage.as_view(), name="report"),
    path("<int:pk>/<slug:act>/", views.ReportAct.as_view(), name="report_act"),
]
