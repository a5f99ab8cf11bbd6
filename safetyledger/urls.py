"""Every address of the site."""

import sys  # TEMP

from django.urls import include, path

from safetyledger import errors, health, views


def app(prefix, module):  # TEMP while apps are being written
    try:
        return [path(prefix, include(module))]
    except ImportError as error:
        print("urls TEMP: skipped", module, error, file=sys.stderr)
        return []


urlpatterns = [
    *app("", "hazards.urls"),
    *app("accounts/", "accounts.urls"),
    *app("inspections/", "inspections.urls"),
    *app("notifications/", "notifications.urls"),
    *app("rankings/", "rankings.urls"),
    *app("api/v1/", "hazards.api_urls"),
    *app("api/v1/", "inspections.api_urls"),
    *app("api/v1/", "accounts.api_urls"),
    *app("api/v1/", "rankings.api_urls"),
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
