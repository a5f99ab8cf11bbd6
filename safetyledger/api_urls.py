"""The API of every app, under /api/v1/."""

from django.urls import include, path

urlpatterns = [
    path("", include("hazards.api_urls")),
    path("", include("inspections.api_urls")),
    path("", include("enforcement.api_urls")),
    path("", include("responsibilities.api_urls")),
    path("", include("criteria.api_urls")),
    path("", include("reporting.api_urls")),
    path("", include("evidence.api_urls")),
    path("", include("accounts.api_urls")),
    path("", include("rankings.api_urls")),
    path("", include("bulletins.api_urls")),
]
