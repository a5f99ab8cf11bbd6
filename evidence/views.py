"""Photos and documents by address: sent one at a time by the pages' script, served only to those who may see their record."""

from django.db.models import Count, Max, Min, Q
from django.http import FileResponse, Http404, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.roles import Role
from doors.names import asked, many
from evidence import operations
from evidence.models import Document, Photo
from journal.refusal import Refused


@asked(form=many("photo"))  # several are refused in words that the page's script shows
@require_POST
def photo_upload(request):
    """Store the one file ``photo``: ``{id, thumbnail, name}``, or ``{error}`` with a Chinese sentence and a 4xx status."""
    return _store(request, Photo, operations.store_photo, lambda kept: {"thumbnail": _thumbnail(kept)})


@asked(form=many("photo"))  # the same script sends them
@require_POST
def document_upload(request):
    """Store the one file ``photo`` as a document: ``{id, name}``, or ``{error}`` as above."""
    return _store(request, Document, operations.store_document, lambda kept: {"name": kept.name})


def _thumbnail(photo):
    return reverse("evidence:photo_thumbnail", args=[photo.pk])


def _store(request, model, store, told):
    noun, measure = model._meta.verbose_name, model.MEASURE
    if not (request.user.is_officer or request.user.role == Role.ENTERPRISE):
        return JsonResponse({"error": f"您的账号不能上传{noun}"}, status=403)
    files = request.FILES.getlist("photo")
    if len(files) != 1:
        sentence = f"请选择{noun}" if not files else f"请一{measure}一{measure}地上传{noun}"
        return JsonResponse({"error": sentence}, status=400)
    try:
        kept = store(files[0], by=request.user, at=timezone.now())
    except operations.TooManyWaiting as refusal:
        return JsonResponse({"error": str(refusal)}, status=429)
    except Refused as refusal:
        return JsonResponse({"error": str(refusal)}, status=400)
    return JsonResponse({"id": kept.pk, "name": files[0].name} | told(kept), status=201)


@require_safe
def photo_page(request, pk):
    """One picture with what is known of it, and the way to the others of its record, in the order they were taken up."""
    row = get_object_or_404(Photo.objects.visible_to(request.user).select_related("uploaded_by"), pk=pk)
    beside = Photo.objects.visible_to(request.user).filter(pk=pk)
    if row.object_id is not None:
        same = {"content_type": row.content_type, "object_id": row.object_id}
        beside = Photo.objects.visible_to(request.user).filter(**same)
    ways = beside.aggregate(
        place=Count("pk", filter=Q(pk__lte=pk)),
        count=Count("pk"),
        previous=Max("pk", filter=Q(pk__lt=pk)),
        following=Min("pk", filter=Q(pk__gt=pk)),
    )
    return render(request, "evidence/photo.html", {"photo": row} | ways)


@require_safe
def photo(request, pk):
    """The picture itself, at most some three million pixels."""
    return _serve(request, pk, "image")


@require_safe
def photo_thumbnail(request, pk):
    """The small picture, at most 320 pixels on its longer side."""
    return _serve(request, pk, "thumbnail")


@require_safe
def document(request, pk):
    """The file as it was sent, to be saved: no browser opens it here, whatever stands in it."""
    row = get_object_or_404(Document.objects.visible_to(request.user), pk=pk)
    response = FileResponse(_opened(row.file), as_attachment=True, filename=row.name)
    response["Content-Type"] = "application/octet-stream"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _serve(request, pk, which):
    row = get_object_or_404(Photo.objects.visible_to(request.user), pk=pk)
    response = FileResponse(_opened(getattr(row, which)), content_type="image/jpeg", filename=f"{row.pk}.jpg")
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _opened(file):
    try:
        return file.open("rb")
    except FileNotFoundError as error:
        raise Http404("the file behind the row is gone") from error
