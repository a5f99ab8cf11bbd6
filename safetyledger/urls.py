"""Every address of the site."""

from django.urls import include, path

from safetyledger import errors, health, views

urlpatterns = [
    path("hazards/import/", include("imports.urls")),
    path("", include("hazards.urls")),
    path("accounts/", include("accounts.urls")),
    path("inspections/", include("inspections.urls")),
    path("measures/", include("enforcement.urls")),
    path("flags/", include("flags.urls")),
    path("responsibilities/", include("responsibilities.urls")),
    path("reports/", include("reporting.urls")),
    path("standards/", include("criteria.urls")),
    path("disclosures/", include("disclosures.urls")),
    path("photos/", include("evidence.urls")),
    path("notifications/", include("notifications.urls")),
    path("rankings/", include("rankings.urls")),
    path("bulletins/", include("bulletins.urls")),
    path("api/v1/", include("safetyledger.api_urls")),
    path("api/schema/", views.Schema.as_view(), name="api-schema"),
    path("api/docs/", views.api_docs, name="api-docs"),
    path("look/", views.look, name="look"),
    path("favicon.ico", views.favicon, name="favicon"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]

handler400 = errors.bad_request
handler403 = errors.permission_denied
handler404 = errors.not_found
handler500 = errors.server_error
