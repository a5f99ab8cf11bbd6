from django.urls import path

from bulletins import views

app_name = "bulletins"
urlpatterns = [
    path("", views.bulletin_list, name="list"),
    path("receipts/", views.receipt_list, name="receipts"),
    path("new/<slug:act>/", views.BulletinBirth.as_view(), name="bulletin_new"),
    path("<int:pk>/", views.BulletinPage.as_view(), name="bulletin"),
    path("<int:pk>/word/", views.word, name="word"),
    path("<int:pk>/<slug:act>/", views.BulletinAct.as_view(), name="bulletin_act"),
]
