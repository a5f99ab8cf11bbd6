"""Everything that was attached to a hazard, in one archive."""

from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.http import StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe
from zipstream import ZipStream

from doors.files import sent_as
from evidence.models import Document, models_with, parts_kept_from
from hazards.models import Hazard

MOST = 500  # of each kind: far beyond any real hazard, but a bound
PIECE = 64 * 1024
GONE = "缺少的文件.txt"


def documents_about(hazard, user):
    """The documents of a hazard, and those of records that stand on it (measures), as far as ``user`` reads these."""
    asked = Q(content_type=ContentType.objects.get_for_model(Hazard), object_id=hazard.pk)
    models = set(models_with(Document)) - {Hazard}
    for link in Hazard._meta.related_objects:
        if link.related_model in models:
            there = link.related_model.objects.visible_to(user).filter(**{link.field.name: hazard})
            kind = ContentType.objects.get_for_model(link.related_model)
            asked |= Q(content_type=kind, object_id__in=there.values("pk"))
    return Document.objects.filter(asked).exclude(part__in=parts_kept_from(user, Hazard))


@require_safe
def files(request, pk):
    """Photos and documents of one hazard as a .zip, sent while it is being made: no more than one piece of it is in memory."""
    hazard = get_object_or_404(Hazard.objects.visible_to(request.user), pk=pk)
    pieces = archive(hazard, documents_about(hazard, request.user))
    return sent_as(StreamingHttpResponse(pieces, content_type="application/zip"), f"{hazard}-资料.zip")


def archive(hazard, documents):
    """The bytes of the archive in pieces: the pictures by stage in the order they came, ``documents`` by their names. What is
    gone from the storage is named in a file of its own."""
    made, gone = ZipStream(sized=False), []
    for name, file in _contents(hazard, documents):
        try:
            file.open("rb")
        except FileNotFoundError:
            gone.append(name)
            continue
        with file:
            made.add(file.chunks(PIECE), name)
            yield from made.file()
    if gone:
        made.add("\r\n".join(gone).encode(), GONE)
        yield from made.file()
    yield from made.finalize()


def _contents(hazard, documents):
    for number, photo in enumerate(hazard.photos.order_by("pk")[:MOST], 1):
        when = timezone.localtime(photo.taken_at or photo.uploaded_at)
        yield f"照片/{number:02d} {photo.get_stage_display()} {_day(when)}.jpg", photo.image
    for number, document in enumerate(documents.order_by("pk")[:MOST], 1):
        yield f"附件/{number:02d} {document.name}", document.file


def _day(when: datetime):
    return when.strftime("%Y-%m-%d")
