"""The map of townships, coloured by score or by what is overdue: a square each, or the outlines that the city's safety office loaded."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from doors.names import asked, of_form
from journal.refusal import Refused
from rankings import operations
from rankings.forms import MapForm, OutlineForm
from rankings.models import Outline
from rankings.rules import keeps_figures
from rankings.shown import CITY, COUNTY_DIGITS, WINDOW
from rankings.views.asking import neighbours
from rankings.views.ranking import NOT_A_READER, form_of, found, query_of

# Lower ends of the five colours, in the order of the legend: the same for every period, so that two maps can be compared.
SCORES = ((90, "90 分以上"), (80, "80–90"), (70, "70–80"), (60, "60–70"), (0, "60 分以下"))
OVERDUE = ((0, "没有逾期"), (1, "1–2 条"), (3, "3–5 条"), (6, "6–10 条"), (11, "11 条以上"))
NO_LEVEL = "none"


@require_safe
@asked(query=of_form(MapForm))
def townships(request):
    """The table of townships as a map, and as a table; 400 for a question that cannot be meant."""
    form = form_of(request, MapForm)
    if form.sentences:
        return render(request, "rankings/wrong.html", {"sentences": form.sentences}, status=400)
    one = found(form, at=timezone.now())
    by = form.given.get("by") or "score"
    loaded = Outline.objects.visible_to(request.user).filter(city_code=one.city).defer("shapes").order_by("-pk").first()
    is_shapes = loaded is not None and form.given.get("view") != "squares"
    cells = cells_of(one, by, query_of(one, form, WINDOW))
    named = {place.division_code: place.short_name for place in form.places} | one.counties
    context = {
        "one": one, "form": form, "by": by, "cells": cells, "counties": grouped(cells, named), "is_shapes": is_shapes, "loaded": loaded,
        "legend": [(f"{by}-{level}", words) for level, (_, words) in enumerate(SCORES if by == "score" else OVERDUE)],
        "data": {"shapes": reverse("rankings:shapes"), "unit": "分" if by == "score" else "条", "cells": cells} if is_shapes else None,
        "place": named.get(one.division, ""), "may_load": keeps_figures(request.user, None), **neighbours(one.period, form.today),
    }  # fmt: skip
    return render(request, "rankings/map.html", context)


def cells_of(one, by, asked_for):
    """A dictionary for each township, by code: what is drawn, and where it leads."""
    page = reverse("rankings:explanation")
    return [
        {
            "code": line.code, "name": line.short_name, "rank": line.rank, "overdue": line.figures[WINDOW]["overdue"],
            "score": None if line.score is None else float(line.score), "level": f"{by}-{level_of(line, by)}",
            "url": f"{page}?{urlencode(asked_for | {'unit': line.code})}",
        }
        for line in sorted(one.lines, key=lambda line: line.code)
    ]  # fmt: skip


def level_of(line, by):
    """Which of the five colours, from 0; ``none`` without a score."""
    if by == "score":
        if line.score is None:
            return NO_LEVEL
        return next(level for level, (least, _) in enumerate(SCORES) if line.score >= least)
    overdue = line.figures[WINDOW]["overdue"]
    return max(level for level, (least, _) in enumerate(OVERDUE) if overdue >= least)


def grouped(cells, named):
    """``[(name of the county, its cells), …]`` by code: the squares lie where their codes put them, in every period alike."""
    counties = {}
    for cell in cells:
        counties.setdefault(cell["code"][:COUNTY_DIGITS], []).append(cell)
    return [(named.get(code, ""), inside) for code, inside in sorted(counties.items())]


@require_safe
@asked()
def shapes(request):
    """The outlines of the reader's city as GeoJSON, for the map's script."""
    if not request.user.reads_rankings:
        raise PermissionDenied(NOT_A_READER)
    one = Outline.objects.visible_to(request.user).in_force(request.user.unit.division_code[:CITY])
    if one is None:
        raise Http404("no outline was loaded")
    return HttpResponse(one.shapes, content_type="application/geo+json")


@require_http_methods(["GET", "HEAD", "POST"])
@asked(form=of_form(OutlineForm))
def outline(request):
    """Load the outlines of the city; for its safety office alone."""
    if not keeps_figures(request.user, None):
        raise PermissionDenied("乡镇边界由市级安委办上传")
    form = OutlineForm(request.POST, request.FILES) if request.method == "POST" else OutlineForm()
    if form.is_bound and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            _, read = operations.load_outline(
                by=request.user, at=timezone.now(), filename=file.name, content=file.read()
            )
        except Refused as refusal:
            form.add_error("file", str(refusal))
        else:
            messages.success(request, _done(read))
            return redirect("rankings:map")
    newest = Outline.objects.visible_to(request.user).defer("shapes").select_related("loaded_by").order_by("-pk")[:5]
    return render(
        request, "rankings/outline.html", {"form": form, "newest": newest}, status=400 if form.is_bound else 200
    )


def _done(read):
    words = f"边界已换上，对上 {read.matched} 个乡镇（街道）"
    if read.missing:
        words += f"；{_some(read.missing)}没有图形，只在方格图和表中显示"
    if read.unknown:
        words += f"；文件中的{_some(read.unknown)}对不上，没有收入"
    return words


def _some(names):
    return "、".join(names[:5]) + (f"等 {len(names)} 个" if len(names) > 5 else "")
