"""Every address of the site."""

from django.urls import include, path

from safetyledger import errors, health, views

from importlib.util import find_spec  # TEMP

urlpatterns = [
    *([path("", include("hazards.urls"))] if find_spec("hazards.urls") else []),  # TEMP
    *([path("accounts/", include("accounts.urls"))] if find_spec("accounts.urls") else []),  # TEMP
    *([path("inspections/", include("inspections.urls"))] if find_spec("inspections.urls") else []),  # TEMP
    *([path("notifications/", include("notifications.urls"))] if find_spec("notifications.urls") else []),  # TEMP
    *([path("rankings/", include("rankings.urls"))] if find_spec("rankings.urls") else []),  # TEMP
    path("api/v1/", include("safetyledger.api_urls")),
    path("api/schema/", views.Schema.as_view(), name="api-schema"),
    path("api/docs/", views.api_docs, name="api-docs"),
    path("look/", views.look, name="look"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]

handler400 = errors.bad_request
handler403 = errors.permission_denied
handler404 = errors.not_found
handler500 = errors.server_error
