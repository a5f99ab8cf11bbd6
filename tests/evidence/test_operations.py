import contextlib
import io
import uuid
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from hypothesis import given, settings, strategies
from PIL import ExifTags, Image

from evidence import operations
from evidence.models import Photo
from evidence.operations import MAX_PER_STAGE, attach_photos, sealed
from journal.refusal import Refused

pytestmark = pytest.mark.django_db


def test_a_picture_that_is_none_is_refused(inspector, noon, picture):
    file = picture()
    file.file.seek(0)
    file.file.write(b"<html>")

    with pytest.raises(Refused, match="JPEG、PNG 或 HEIC"):
        operations.store_photo(file, by=inspector, at=noon)
    assert not Photo.objects.exists()


def test_photos_nobody_took_are_dropped_after_a_week_and_taken_ones_stay(registered, inspector, noon, photo):
    photo(inspector)

    assert operations.drop_waiting(at=noon + timedelta(days=6)) == 0
    assert operations.drop_waiting(at=noon + timedelta(days=8)) == 1
    assert [row.record for row in Photo.objects.all()] == [registered]


def test_a_record_takes_photos_with_stage_and_part(registered, inspector, photo):
    part, waiting = uuid.uuid4(), photo(inspector)
    attach_photos(registered, [waiting], stage="after", by=inspector, part=part)

    waiting.refresh_from_db()
    assert (waiting.record, waiting.stage, waiting.part) == (registered, "after", part)


def test_photos_are_taken_once_and_all_together(registered, rectifying, inspector, photo):
    taken, waiting = registered.photos.get(), photo(inspector)
    with pytest.raises(Refused, match="已经用在别处"):
        attach_photos(registered, [waiting, taken], stage="after", by=inspector)
    assert taken.stage == "before"


def test_a_stage_takes_no_more_than_nine_at_once(registered, inspector, photo):
    many = [photo(inspector)] * (MAX_PER_STAGE + 1)
    with pytest.raises(Refused, match="最多上传 9 张"):
        attach_photos(registered, many, stage="after", by=inspector)
    assert registered.photos.count() == 1


def test_pictures_without_an_account_share_one_bound(inspector, picture, noon, monkeypatch):
    monkeypatch.setattr(operations, "MAX_WAITING", 1)
    operations.store_photo(picture(), by=None, at=noon)
    with pytest.raises(operations.TooManyWaiting):
        operations.store_photo(picture(), by=None, at=noon)
    assert operations.store_photo(picture(), by=inspector, at=noon).pk


def test_what_is_sealed_does_not_depend_on_the_order(inspector, photo):
    red, blue = photo(inspector, "red"), photo(inspector, "blue")
    said = sealed([red, blue], Photo.Stage.AFTER)

    assert said == sealed([blue, red], "after")
    assert {(kept, stage, sent) for kept, stage, _, sent, _ in said} == {
        (one.kept_sha256, "after", one.sha256) for one in (red, blue)
    }
    assert all(type(text) is str for line in said for text in line)


@pytest.mark.parametrize("when", ["0001:01:01 00:00:00", "9999:12:31 23:59:59", "1980:01:01 00:00:00", "now", 7])
def test_a_camera_without_a_clock_says_nothing(inspector, noon, when):
    photo = operations.store_photo(shot(when), by=inspector, at=noon)
    assert photo.taken_at is None


def test_what_was_written_beside_the_picture_is_not_kept(inspector, noon):
    photo = operations.store_photo(shot("2026:11:20 08:00:00", comment=b"N34.41 E115.65"), by=inspector, at=noon)
    assert photo.taken_at.year == 2026
    with photo.image.open("rb") as kept:
        assert b"N34.41" not in kept.read()


def shot(when, **options):
    exif = Image.Exif()
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = when
    out = io.BytesIO()
    Image.new("RGB", (20, 20)).save(out, "JPEG", exif=exif, **options)
    return ContentFile(out.getvalue(), name="现场.jpg")


@given(strategies.data())
@settings(max_examples=150)
def test_a_damaged_file_is_refused_in_words_or_taken(inspector, noon, data):
    raw = bytearray(shot("2026:11:20 08:00:00", comment=b"note", dpi=(72, 72)).read())
    for place in data.draw(strategies.lists(strategies.integers(2, len(raw) - 1), min_size=1, max_size=8)):
        raw[place] = data.draw(strategies.integers(0, 255))
    with contextlib.suppress(Refused):
        picture, _ = operations._open(bytes(raw), "现场.jpg", noon)
        assert operations._jpeg(picture, quality=85).startswith(b"\xff\xd8")


def png(picture):
    out = io.BytesIO()
    picture.save(out, "PNG")
    return ContentFile(out.getvalue(), name="截图.png")


def kept(file, inspector, noon):
    """The picture kept of ``file``, and its thumbnail."""
    photo = operations.store_photo(file, by=inspector, at=noon)
    return Image.open(photo.image), Image.open(photo.thumbnail)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_what_is_transparent_lies_on_white_paper(inspector, noon, mode):
    drawn = Image.new("RGBA", (60, 40), (0, 0, 0, 0))
    drawn.paste((200, 0, 0, 255), (0, 0, 20, 40))
    picture, small = kept(png(drawn.convert(mode)), inspector, noon)
    for shown in (picture, small):
        assert min(shown.getpixel((50, 20))) > 240
        assert shown.getpixel((5, 20))[1] < 80


@pytest.mark.parametrize("deep", [0, 1000, 20000, 40000, 65535])
def test_deep_grey_keeps_its_shades(inspector, noon, deep):
    picture, _ = kept(png(Image.new("I;16", (40, 30), deep)), inspector, noon)
    assert abs(picture.getpixel((20, 15))[0] - deep * 255 / 65535) <= 3


@given(strategies.integers(1, 40_000), strategies.integers(1, 40_000))
def test_any_picture_is_kept_small_enough_to_send_and_large_enough_to_read(width, height):
    across, down = operations._size_kept(width, height)
    assert across <= width and down <= height and max(across, down) <= operations.LONGEST
    assert (
        min(across, down) >= min(width, height, operations.SHORT_EDGE) * 0.99 - 1
        or across * down >= operations.AREA * 0.98
    )
    assert across * down <= operations.AREA * 1.01 or min(across, down) <= operations.SHORT_EDGE + 1
    assert abs(across / down - width / height) <= max(0.02 * width / height, (1 + width / height) / down)


def test_a_long_screenshot_stays_readable(inspector, noon):
    picture, small = kept(png(Image.new("RGB", (720, 30_000), "white")), inspector, noon)
    assert picture.size == (720, 30_000)
    assert small.size == (160, 320)


def test_the_file_sent_is_kept_as_it_was_and_goes_with_its_photo(inspector, noon):
    file = shot("2026:11:20 08:00:00", comment=b"note")
    raw = file.read()
    file.seek(0)
    photo = operations.store_photo(file, by=inspector, at=noon)
    with photo.original.open("rb") as sent:
        assert sent.read() == raw
    storage, name = photo.original.storage, photo.original.name
    assert operations.drop_waiting(at=noon + timedelta(days=8)) == 1
    assert not storage.exists(name)
    nobodys = operations.store_photo(shot("2026:11:20 08:00:00"), by=None, at=noon)
    assert not nobodys.original
