from django.urls import path

from responsibilities import views

app_name = "responsibilities"
urlpatterns = [
    path("", views.charges, name="charges"),
    path("gaps/", views.gaps, name="gaps"),
    path("export/", views.export, name="export"),
    path("import/", views.take, name="take"),
    path("charges/new/<slug:act>/", views.ChargeBirth.as_view(), name="charge_new"),
    path("charges/<int:pk>/", views.ChargePage.as_view(), name="charge"),
    path("charges/<int:pk>/<slug:act>/", views.ChargeAct.as_view(), name="charge_act"),
    path("lines/", views.lines, name="lines"),
    path("lines/new/<slug:act>/", views.LineBirth.as_view(), name="line_new"),
    path("lines/<int:pk>/", views.LinePage.as_view(), name="line"),
    path("lines/<int:pk>/<slug:act>/", views.LineAct.as_view(), name="line_act"),
]
