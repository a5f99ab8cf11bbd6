"""Photographs for tens of thousands of hazards from some hundred drawings.

A camera sends the drawing of a scene with the moment it was taken in its EXIF, so every file sent is another and has a hash of
its own; without that moment, as pictures are kept, they are the same. Each row says what `store_photo` would say of its file.
"""

import hashlib
import io
from dataclasses import dataclass
from functools import cache
from pathlib import PurePosixPath

from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import ExifTags, Image

from demo.pictures import draw
from evidence.models import Photo
from evidence.operations import store_photo
from journal.bulk import insert

VARIANTS = 6  # places per kind of scene, each untidy and mended
UNTAKEN = b"2000:01:01 00:00:00"


@dataclass(frozen=True)
class Print:
    """One drawing: the file a camera would send at the moment ``UNTAKEN``, and the columns of a Photo that do not depend on when."""

    sent: bytes
    columns: dict


class Camera:
    """Takes pictures of places that are there once for all; ``moment`` is when the drawings were laid down."""

    def __init__(self, moment):
        self.moment, self.prints = moment, {}

    def shoot(self, scene, place, *, fixed, by, at, taken_at):
        """An unsaved Photo by ``by`` of ``place`` (any number) of the kind ``scene``; ``taken_at`` in whole seconds."""
        return self._taken(self._print(scene, place % VARIANTS, fixed), by, at, taken_at)

    def shoot_again(self, photo, *, by, at, taken_at):
        """The same for the place of ``photo``, a picture this camera took, as it was then."""
        found = next(one for one in self.prints.values() if one.columns["kept_sha256"] == photo.kept_sha256)
        return self._taken(found, by, at, taken_at)

    def _taken(self, found, by, at, taken_at):
        return Photo(
            **found.columns,
            sha256=hashlib.sha256(_sent(found.sent, taken_at)).hexdigest(),
            taken_at=taken_at,
            uploaded_by=by,
            uploaded_at=at,
        )

    def _print(self, scene, place, fixed):
        key = (scene, place, fixed)
        if key not in self.prints:
            self.prints[key] = self._develop(_sent_of(scene, place, fixed))
        return self.prints[key]

    def _develop(self, sent):
        photo = store_photo(ContentFile(sent, name="现场照片.jpg"), by=None, at=self.moment)
        for file in (photo.image, photo.thumbnail):
            settle(file)
        columns = {field.attname: getattr(photo, field.attname) for field in Photo._meta.concrete_fields}
        Photo.objects.filter(pk=photo.pk).delete()  # the row only: its files are those of the pictures to be taken
        own = ("id", "sha256", "taken_at", "uploaded_by_id", "uploaded_at")
        return Print(sent, {name: value for name, value in columns.items() if name not in own})


def attach(taken):
    """Save ``[(Photo, record, stage, part), …]`` whose events cover them already; ``part`` as in `attach_photos`."""
    kinds = {}
    for photo, record, stage, part in taken:
        kind = kinds.setdefault(type(record), ContentType.objects.get_for_model(record))
        photo.content_type, photo.object_id, photo.stage, photo.part = kind, record.pk, stage, part
    insert(Photo, (photo for photo, *_ in taken))


@cache
def _sent_of(scene, place, fixed):
    """The file of one drawing, taken at the moment ``UNTAKEN``."""
    picture, exif = draw(scene, place, fixed=fixed), Image.Exif()
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = UNTAKEN.decode()
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=85, exif=exif)
    return out.getvalue()


def _sent(sent, taken_at):
    return sent.replace(UNTAKEN, f"{timezone.localtime(taken_at):%Y:%m:%d %H:%M:%S}".encode(), 1)


def settle(file):
    """Let ``file`` lie where an earlier loading left the same picture, instead of beside it under a name drawn by chance."""
    path = PurePosixPath(file.name)
    plain = str(path.with_name(path.name.rsplit("_", 1)[0] + path.suffix)) if "_" in path.name else file.name
    if plain != file.name and _hash(file.storage, plain) == _hash(file.storage, file.name):
        file.storage.delete(file.name)
        file.name = plain


def _hash(storage, name):
    with storage.open(name) as stored:
        return hashlib.sha256(stored.read()).digest()
