"""Photos, re-encoded upright without GPS, and documents, kept as they came: judged by content, taken by exactly one record."""

import hashlib
import io
from datetime import UTC, datetime, timedelta

from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import ExifTags, Image, ImageOps
from pillow_heif import register_heif_opener

from evidence.contents import kind_of
from evidence.likeness import likeness_of
from evidence.models import Document, Photo
from evidence.room import check_room
from journal.refusal import Refused

MAX_BYTES = 20 * 1024 * 1024
MAX_PIXELS = 60_000_000  # a 108-megapixel phone delivers binned pictures of 12 to 50; beyond this it is a bomb
MAX_PER_STAGE = 9
MAX_WAITING = 90  # one person's pictures of a day that no record has taken yet: a bound on what a script can store
# What is kept of a picture: as many pixels as 2048 × 1536, but the short edge of a long screenshot stays readable.
AREA, SHORT_EDGE, THUMBNAIL_EDGE = 2048 * 1536, 720, 320
LONGEST_THUMBNAIL = 2  # times its width: of a longer picture the thumbnail shows the beginning
LONGEST = 60_000  # a JPEG ends at 65,535
DEEP_GREY, DEEPEST = ("I", "I;16", "I;16B", "I;16L"), 65535  # PNG knows grey of 16 bits
FORMATS = ("JPEG", "PNG", "HEIF")  # the last is what phones of one make keep
NAME_LENGTH, LONGEST_ENDING = 120, 5
DOCUMENT = "document"  # where the stage of a photo stands
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)  # a camera that says less has no clock
WAITING_DAYS = 7  # an uploaded photo that no record has taken by then belongs to a form that was given up


register_heif_opener()


class TooManyWaiting(Refused):
    """The uploader has more unused pictures than a day's work makes."""


def store_photo(file, *, by, at):
    """Check and re-encode an uploaded picture; returns an unattached Photo. Raises Refused when it is no JPEG, PNG or HEIC.

    ``by`` is None for a sender without an account; all of those share one bound on waiting pictures.
    """
    raw = _read(Photo, file, by=by, at=at)
    picture, taken_at = _open(raw, file.name, at)
    photo = Photo(
        sha256=hashlib.sha256(raw).hexdigest(),
        taken_at=taken_at,
        uploaded_by=by,
        uploaded_at=at,
        width=picture.width,
        height=picture.height,
        likeness=likeness_of(picture),
    )
    kept = _jpeg(picture, quality=85)
    photo.kept_sha256 = hashlib.sha256(kept).hexdigest()
    small = _jpeg(_thumbnail(picture), quality=75)
    photo.image.save(f"{photo.sha256[:16]}.jpg", ContentFile(kept), save=False)
    photo.thumbnail.save(f"{photo.sha256[:16]}-s.jpg", ContentFile(small), save=False)
    if by is not None:  # what a sender without account did not mean to tell, such as the place, is not kept
        photo.original.save(f"{photo.sha256[:16]}.bin", ContentFile(raw), save=False)
    photo.save()
    return photo


def store_document(file, *, by, at):
    """Keep an uploaded file as it is; returns an unattached Document. Raises Refused for what is neither PDF, Word, Excel nor a
    picture, holds macros or is locked."""
    raw = _read(Document, file, by=by, at=at)
    kind = kind_of(raw, file.name)
    document = Document(
        name=_named(file.name, kind),
        kind=kind,
        size=len(raw),
        sha256=hashlib.sha256(raw).hexdigest(),
        uploaded_by=by,
        uploaded_at=at,
    )
    document.file.save(f"{document.sha256[:16]}.{kind}", ContentFile(raw), save=False)
    document.save()
    return document


def _read(model, file, *, by, at):
    noun = model._meta.verbose_name
    check_room()
    if file.size == 0:
        raise Refused(f"“{file.name}”是空文件，请重新选择{noun}")
    if file.size > MAX_BYTES:
        raise Refused(f"“{file.name}”超过 20 MB，请压缩后再上传")
    lately = model.objects.waiting().filter(uploaded_by=by, uploaded_at__gt=at - timedelta(days=1))
    if lately.count() >= MAX_WAITING:
        raise TooManyWaiting(f"您一天内上传而未使用的{noun}过多，请先提交已上传的{noun}，或明天再传")
    return file.read()


def _named(name, kind):
    """What a file sent as ``name`` is called: one line, no path, and the ending of what it really is."""
    plain = "".join(sign for sign in name if sign.isprintable() and sign not in '/\\:*?"<>|')
    stem, dot, ending = plain.rpartition(".")
    if dot and ending.isascii() and ending.isalnum() and len(ending) <= LONGEST_ENDING:
        plain = stem
    return f"{plain.strip('. ')[: NAME_LENGTH - 1 - LONGEST_ENDING] or '附件'}.{kind}"


def attach_photos(record, photos, *, stage, by, part=None):
    """Take uploaded photos for one record and stage; only the uploader's own, not yet taken ones. All or Refused.

    ``part``: the ``uid`` of the row beside the record that they belong to. ``by`` None takes pictures without an uploader:
    the verb that calls must have got them from its door, never by their ids.
    """
    _attach(record, Photo, photos, by=by, part=part, stage=stage)


def attach_documents(record, documents, *, by, part=None):
    """Take uploaded documents for one record, as `attach_photos` takes photos."""
    _attach(record, Document, documents, by=by, part=part)


def _attach(record, model, uploads, *, by, **sets):
    noun = model._meta.verbose_name
    if not uploads:
        return
    if len(uploads) > MAX_PER_STAGE:
        raise Refused(f"一次最多上传 {MAX_PER_STAGE} {model.MEASURE}{noun}")
    kind = ContentType.objects.get_for_model(record)
    mine = model.objects.waiting().filter(pk__in=[upload.pk for upload in uploads], uploaded_by=by)
    if mine.update(content_type=kind, object_id=record.pk, **sets) != len(uploads):
        raise Refused(f"有{noun}不是您上传的，或者已经用在别处；请重新上传")


def sealed(photos, stage, part=None):
    """What an event covers of the photos it brings: a line each (`line`), in an order that is always the same."""
    return sorted(
        line(photo.kept_sha256, stage=stage, part=part, sha256=photo.sha256, taken_at=photo.taken_at)
        for photo in photos
    )


def sealed_documents(documents, part=None):
    """What an event covers of the documents it brings, as `sealed` of photos."""
    return sorted(document_line(one.sha256, part=part, name=one.name) for one in documents)


def names_of(documents):
    """The names of documents, as an event tells them."""
    return "、".join(one.name for one in documents)


def document_line(kept, *, part, name):
    """``[SHA-256 of the file, "document", part, its name]``, all as text."""
    return [kept, DOCUMENT, str(part or ""), name]


def line(kept, *, stage, part, sha256, taken_at):
    """``[SHA-256 of the picture kept, stage, part, SHA-256 of the file sent, when taken]``, all as text."""
    when = taken_at.astimezone(UTC).isoformat() if taken_at else ""
    return [kept, str(stage), str(part or ""), sha256, when]


def drop_waiting(*, at, limit=1000):
    """Remove uploads that no record has taken in ``WAITING_DAYS``, rows and files; returns how many. ``limit`` of each kind."""
    return sum(_drop(model, at - timedelta(days=WAITING_DAYS), limit) for model in (Photo, Document))


def _drop(model, before, limit):
    dropped = 0
    for upload in model.objects.waiting().filter(uploaded_at__lt=before).order_by("pk")[:limit]:
        # The row goes first, and only if it is still nobody's: a form sent this moment keeps its photo.
        if model.objects.waiting().filter(pk=upload.pk).delete()[0]:
            for name in model.FILES:
                getattr(upload, name).delete(save=False)
            dropped += 1
    return dropped


def _open(raw, name, at):
    try:
        with Image.open(io.BytesIO(raw), formats=FORMATS) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise Refused(f"“{name}”的像素过大，请用手机相机的普通模式重拍")
            taken_at = _taken_at(picture)
            plain = _plain(ImageOps.exif_transpose(picture))
            plain = plain.resize(_size_kept(*plain.size), Image.Resampling.LANCZOS, reducing_gap=2.0)
            plain.info = {}  # a comment or a profile would be written again with it
            return plain, taken_at if taken_at and EARLIEST <= taken_at <= at + timedelta(days=1) else None
    except Refused:
        raise
    except Exception as error:  # a cut, forged or damaged file makes Pillow raise nearly anything, its EXIF included
        raise Refused(f"“{name}”不是可用的照片，请上传 JPEG、PNG 或 HEIC 格式的照片") from error


def _plain(picture):
    """The picture in 8-bit RGB as a person sees it: what is transparent on white paper, deep grey scaled and not cut off."""
    if picture.mode in DEEP_GREY:
        picture = picture.convert("F").point(lambda value: value * (255 / DEEPEST)).convert("L")
    if picture.has_transparency_data:
        picture = picture.convert("RGBA")
        paper = Image.new("RGBA", picture.size, "white")
        picture = Image.alpha_composite(paper, picture)
    return picture.convert("RGB")


def _size_kept(width, height):
    """``(width, height)`` of the picture kept: bounded by area; never so small that its short edge cannot be read."""
    by_area = (AREA / (width * height)) ** 0.5
    by_edge = SHORT_EDGE / min(width, height)
    scale = min(1, max(by_area, by_edge), LONGEST / max(width, height))
    return max(1, round(width * scale)), max(1, round(height * scale))


def _thumbnail(picture):
    width, height = picture.size
    shown = picture.crop((0, 0, min(width, height * LONGEST_THUMBNAIL), min(height, width * LONGEST_THUMBNAIL)))
    shown.thumbnail((THUMBNAIL_EDGE, THUMBNAIL_EDGE))
    return shown


def _taken_at(picture):
    text = picture.getexif().get_ifd(ExifTags.IFD.Exif).get(ExifTags.Base.DateTimeOriginal)
    try:
        local = datetime.strptime(text, "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007 -- EXIF knows no zone: the camera's wall clock
        return timezone.make_aware(local)
    except (TypeError, ValueError, OverflowError):
        return None  # cameras without a clock write nothing or zeros: the upload time stands beside it


def _jpeg(picture, *, quality):
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality, optimize=True)
    return out.getvalue()
