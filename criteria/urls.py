from django.urls import path

from criteria import views

app_name = "criteria"
urlpatterns = [
    path("", views.standard_list, name="standards"),
    path("items/", views.criterion_list, name="items"),
    path("offered/", views.offered, name="offered"),
    path("template/", views.template, name="template"),
    path("new/<slug:act>/", views.StandardBirth.as_view(), name="standard_new"),
    path("<int:pk>/", views.StandardPage.as_view(), name="standard"),
    path("<int:pk>/<slug:act>/", views.StandardAct.as_view(), name="standard_act"),
]
