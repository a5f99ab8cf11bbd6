"""Pages about the system itself: its API and its look."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.views.decorators.http import require_GET, require_safe
from drf_spectacular.authentication import SessionScheme
from drf_spectacular.views import SpectacularAPIView

from safetyledger import gallery


class PageSessionScheme(SessionScheme):
    """How the schema describes a session of the pages; finding this class is all drf-spectacular needs."""

    target_class = "safetyledger.api_session.PageSession"


class Schema(SpectacularAPIView):
    """OpenAPI 3.1 of everything under /api/v1/."""


@login_not_required
@require_safe
def favicon(request):
    """What browsers ask for beside a photo, a workbook or an answer of the API, which can name no icon of their own."""
    return redirect(static("favicon.svg"))


@require_GET
def api_docs(request):
    """The schema to read and try, from files of our own."""
    return render(request, "safetyledger/api_docs.html")


@require_GET
def look(request):
    """Every component on one page: what designers look at and tests photograph."""
    return render(request, "safetyledger/gallery.html", {"x": gallery.samples()})
