"""Photos by address: sent one at a time by the pages' script, served only to those who may see their hazard."""

from dataclasses import dataclass, field

from django.http import FileResponse, Http404, HttpResponseNotModified, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.roles import Role
from hazards import operations
from hazards.models import Photo

MAX_PER_FIELD = operations.photos.MAX_PER_STAGE


@dataclass
class Picked:
    """The photos of one field of a page: those kept from earlier and those that came with this request."""

    name: str
    photos: list = field(default_factory=list)
    errors: list = field(default_factory=list)

    @property
    def limit(self):
        """How many the field takes."""
        return MAX_PER_FIELD

    @property
    def waiting(self):
        """Photos to show again: the ones no hazard has taken."""
        return [photo for photo in self.photos if photo.hazard_id is None]


def take_photos(request, names, *, at):
    """Collect the photos of fields ``names`` of a posted page, as ``{name: Picked}``.

    ``<name>_id`` carries ids uploaded earlier, ``<name>`` files sent along without script; these are stored at once, so that
    nothing is lost when the page comes back with an error.
    """
    ids = {name: _ids(request.POST.getlist(f"{name}_id")) for name in names}
    wanted = {pk for some in ids.values() for pk in some}
    mine = Photo.objects.filter(uploaded_by=request.user).in_bulk(wanted) if wanted else {}
    picked = {}
    for name in names:
        picked[name] = Picked(name, [mine[pk] for pk in ids[name] if pk in mine])
        if len(picked[name].photos) < len(ids[name]):
            picked[name].errors.append("有照片已失效，请重新上传")
        _store_files(request, picked[name], at=at)
    return picked


def _ids(texts):
    clean = [int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 19]
    return list(dict.fromkeys(clean))[: MAX_PER_FIELD + 1]


def _store_files(request, picked, *, at):
    for file in request.FILES.getlist(picked.name):
        if len(picked.photos) >= MAX_PER_FIELD:
            picked.errors.append(f"一次最多上传 {MAX_PER_FIELD} 张照片，多出的没有保存")
            return
        try:
            picked.photos.append(operations.store_photo(file, by=request.user, at=at))
        except operations.Refused as refusal:
            picked.errors.append(str(refusal))


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
    except operations.Refused as refusal:
        return JsonResponse({"error": str(refusal)}, status=400)
    thumbnail = reverse("hazards:photo_thumbnail", args=[stored.pk])
    return JsonResponse({"id": stored.pk, "thumbnail": thumbnail, "name": files[0].name}, status=201)


@require_safe
def photo(request, pk):
    """The picture itself, at most 2048 pixels on its longer side."""
    return _serve(request, pk, "image")


@require_safe
def photo_thumbnail(request, pk):
    """The small picture, at most 320 pixels on its longer side."""
    return _serve(request, pk, "thumbnail")


def _serve(request, pk, which):
    row = get_object_or_404(Photo.objects.visible_to(request.user), pk=pk)
    etag = f'"{row.sha256[:32]}-{which}"'
    if request.headers.get("If-None-Match") == etag:
        response = HttpResponseNotModified()
    else:
        try:
            file = getattr(row, which).open("rb")
        except FileNotFoundError as error:
            raise Http404("the file behind the row is gone") from error
        response = FileResponse(file, content_type="image/jpeg", filename=f"{row.pk}.jpg")
        response["X-Content-Type-Options"] = "nosniff"
    response["ETag"] = etag
    # Only this browser may keep it, and asks each time: whoever lost access must not see it from a cache.
    response["Cache-Control"] = "private, no-cache"
    return response
