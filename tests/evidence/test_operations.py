import uuid
from datetime import timedelta

import pytest

from evidence import operations
from evidence.models import Photo
from evidence.operations import MAX_PER_STAGE, attach_photos, sealed
from journal.refusal import Refused

pytestmark = pytest.mark.django_db


def test_a_picture_that_is_none_is_refused(inspector, noon, picture):
    file = picture()
    file.file.seek(0)
    file.file.write(b"<html>")

    with pytest.raises(Refused, match="JPEG 或 PNG"):
        operations.store_photo(file, by=inspector, at=noon)
    assert not Photo.objects.exists()


def test_photos_nobody_took_are_dropped_after_a_week_and_taken_ones_stay(registered, inspector, noon, photo):
    photo(inspector)

    assert operations.drop_waiting_photos(at=noon + timedelta(days=6)) == 0
    assert operations.drop_waiting_photos(at=noon + timedelta(days=8)) == 1
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
    assert said == sorted([[red.sha256, "after"], [blue.sha256, "after"]])
    assert all(type(text) is str for pair in said for text in pair)
