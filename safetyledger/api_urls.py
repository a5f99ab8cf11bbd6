"""The API of every app, under /api/v1/."""

from django.urls import include, path

from importlib.util import find_spec  # TEMP

urlpatterns = [
    *([path("", include("hazards.api_urls"))] if find_spec("hazards.api_urls") else []),  # TEMP
    *([path("", include("inspections.api_urls"))] if find_spec("inspections.api_urls") else []),  # TEMP
    *([path("", include("accounts.api_urls"))] if find_spec("accounts.api_urls") else []),  # TEMP
    *([path("", include("rankings.api_urls"))] if find_spec("rankings.api_urls") else []),  # TEMP
]
