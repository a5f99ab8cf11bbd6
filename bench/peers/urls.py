"""The admin before the addresses of the product, which its records link to."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [path("admin/", admin.site.urls), path("", include("safetyledger.urls"))]
