"""Pages about the system itself: its API and its look."""

from django.shortcuts import render
from django.views.decorators.http import require_GET
from drf_spectacular.views import SpectacularAPIView

from safetyledger import gallery


class Schema(SpectacularAPIView):
    """OpenAPI 3.1 of everything under /api/v1/."""


@require_GET
def api_docs(request):
    """The schema to read and try, from files of our own."""
    return render(request, "safetyledger/api_docs.html")


@require_GET
def look(request):
    """Every component on one page: what designers look at and tests photograph."""
    return render(request, "safetyledger/gallery.html", {"x": gallery.samples()})
