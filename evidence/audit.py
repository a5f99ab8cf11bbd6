"""What is really attached to records, for `journal.audit` to compare with what their events say."""

import hashlib
from collections import defaultdict

from django.contrib.contenttypes.models import ContentType

from evidence.models import Document, Photo, models_with
from evidence.operations import document_line, line

LOST = "lost"


def photos_of(kind, ids):
    """``{record id: [evidence.operations.line, …]}`` of the photos that records of ``kind`` have taken, with the hash of the
    picture and of the file sent as they lie there now; one query, and every file is read."""
    found = defaultdict(list)
    if kind in models_with(Photo):
        taken = Photo.objects.filter(content_type=ContentType.objects.get_for_model(kind), object_id__in=ids)
        for photo in taken.order_by().iterator():
            sent = photo.sha256
            if photo.original and _hash_of(photo.original) != sent:
                sent = LOST
            facts = {"stage": photo.stage, "part": photo.part, "sha256": sent, "taken_at": photo.taken_at}
            found[photo.object_id].append(line(_hash_of(photo.image), **facts))
    return found


def documents_of(kind, ids):
    """``{record id: [evidence.operations.document_line, …]}`` of the documents that records of ``kind`` have taken, likewise."""
    found = defaultdict(list)
    if kind in models_with(Document):
        taken = Document.objects.filter(content_type=ContentType.objects.get_for_model(kind), object_id__in=ids)
        for document in taken.order_by().iterator():
            said = document_line(_hash_of(document.file), part=document.part, name=document.name)
            found[document.object_id].append(said)
    return found


def _hash_of(image):
    try:
        with image.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return LOST
