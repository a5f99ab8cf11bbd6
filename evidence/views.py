"""Photos by address: sent one at a time by the pages' script, served only to those who may see their record."""

from django.db.models import Count, Max, Min, Q
from django.http import FileResponse, Http404, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.roles import Role
from doors.names import asked, many
from evidence import operations
from evidence.models import Photo
from journal.refusal import Refused


@asked(form=many("photo"))  # several are refused in words that the page's script shows
@require_POST
def photo_upload(request):
    """Store the one file ``photo``: ``{id, thumbnail, name}``, or ``{error}`` with a Chinese sentence and a 4xx status."""
    if not (request.user.is_officer or request.user.role == Role.ENTERPRISE):
        return JsonResponse({"error": "您的账号不能上传照片"}, status=403)
    files = request.FILES.getlist("photo")
    if len(files) != 1:
        return JsonResponse({"error": "请选择照片" if not files else "请一张一张地上传照片"}, status=400)
    try:
        stored = operations.store_photo(files[0], by=request.user, at=timezone.now())
    except operations.TooManyWaiting as refusal:
        return JsonResponse({"error": str(refusal)}, status=429)
    except Refused as refusal:
        return JsonResponse({"error": str(refusal)}, status=400)
    thumbnail = reverse("evidence:photo_thumbnail", args=[stored.pk])
    return JsonResponse({"id": stored.pk, "thumbnail": thumbnail, "name": files[0].name}, status=201)


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


def _serve(request, pk, which):
    row = get_object_or_404(Photo.objects.visible_to(request.user), pk=pk)
    try:
        file = getattr(row, which).open("rb")
    except FileNotFoundError as error:
        raise Http404("the file behind the row is gone") from error
    response = FileResponse(file, content_type="image/jpeg", filename=f"{row.pk}.jpg")
    response["X-Content-Type-Options"] = "nosniff"
    return response
