from django.urls import path

from flags import views

app_name = "flags"
urlpatterns = [
    path("", views.flag_list, name="list"),
    path("rows/", views.row_list, name="rows"),
    path("<int:pk>/", views.FlagPage.as_view(), name="flag"),
    path("<int:pk>/<slug:act>/", views.FlagAct.as_view(), name="flag_act"),
]
