from django.urls import path

from rankings import views

app_name = "rankings"
urlpatterns = [
    path("", views.index, name="index"),
    path("export/", views.export, name="export"),
]
