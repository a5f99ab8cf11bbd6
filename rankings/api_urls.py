from django.urls import path

from rankings import api

urlpatterns = [path("rankings/", api.RankingView.as_view(), name="api-rankings")]
