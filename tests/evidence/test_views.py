import struct
import zlib
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import ExifTags, Image

from evidence import operations
from evidence.models import Photo
from tests.factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.once]  # pages, forms and words: no database decides them
UPLOAD = "/photos/"


def jpeg(size=(64, 48), colour="grey", **options):
    out = BytesIO()
    Image.new("RGB", size, colour).save(out, "JPEG", **options)
    return out.getvalue()


def upload(client, user, raw, name="现场.jpg", content_type="image/jpeg"):
    client.force_login(user)
    return client.post(UPLOAD, {"photo": SimpleUploadedFile(name, raw, content_type=content_type)})


def stored_picture(photo_id):
    return Image.open(Photo.objects.get(pk=photo_id).image)


def test_an_upload_answers_with_what_the_page_needs(client, inspector):
    response = upload(client, inspector, jpeg())
    answer = response.json()

    assert response.status_code == 201
    assert set(answer) == {"id", "thumbnail", "name"}
    assert answer["name"] == "现场.jpg"
    assert client.get(answer["thumbnail"]).status_code == 200


def test_pictures_are_served_as_pictures_and_kept_nowhere(client, inspector):
    pk = upload(client, inspector, jpeg()).json()["id"]
    response = client.get(reverse("evidence:photo", args=[pk]))

    assert response["Content-Type"] == "image/jpeg"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "no-store, private"
    assert b"".join(response.streaming_content)[:2] == b"\xff\xd8"


@pytest.mark.parametrize("route", ["evidence:photo", "evidence:photo_thumbnail", "evidence:photo_page"])
def test_photos_follow_the_scope_of_their_hazard(
    client, registered, manager, enterprise_user, stranger, colleague, photo, route
):
    taken, waiting = registered.photos.get(), photo(manager)

    def status(user, row):
        client.force_login(user)
        return client.get(reverse(route, args=[row.pk])).status_code

    assert [status(user, taken) for user in (manager, enterprise_user, stranger)] == [200, 200, 404]
    assert [status(user, waiting) for user in (manager, colleague, stranger)] == [200, 404, 404]
    client.logout()
    assert client.get(reverse(route, args=[taken.pk])).status_code == 302
    assert client.get(f"/photos/{10**30}/").status_code in (302, 404)


def test_a_row_whose_file_is_gone_is_not_found(client, inspector):
    pk = upload(client, inspector, jpeg()).json()["id"]
    row = Photo.objects.get(pk=pk)
    row.image.storage.delete(row.image.name)
    assert client.get(reverse("evidence:photo", args=[pk])).status_code == 404


def test_orientation_is_applied_and_the_place_is_gone(client, inspector):
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    exif[ExifTags.Base.Model] = "Phone of 袁立新"
    exif[ExifTags.IFD.GPSInfo] = {1: "N", 2: (34.0, 25.0, 0.0)}
    exif[ExifTags.IFD.Exif] = {ExifTags.Base.DateTimeOriginal: "2026:11:20 10:26:00"}
    pk = upload(client, inspector, jpeg(size=(64, 48), exif=exif)).json()["id"]

    picture = stored_picture(pk)
    assert picture.size == (48, 64)
    assert not picture.getexif()
    assert Photo.objects.get(pk=pk).taken_at.isoformat() == "2026-11-20T02:26:00+00:00"


def test_what_hides_behind_the_picture_is_not_kept(client, inspector):
    pk = upload(client, inspector, jpeg() + b"<script>alert(1)</script>PK\x03\x04").json()["id"]
    with Photo.objects.get(pk=pk).image.open() as file:
        assert b"script" not in file.read()


def test_a_transparent_png_becomes_a_jpeg(client, inspector):
    out = BytesIO()
    Image.new("RGBA", (64, 48), (255, 0, 0, 128)).save(out, "PNG")
    pk = upload(client, inspector, out.getvalue(), name="截图.png", content_type="image/png").json()["id"]
    assert (stored_picture(pk).format, stored_picture(pk).mode) == ("JPEG", "RGB")


def png_of(width, height):
    """A PNG that claims ``width`` × ``height`` pixels and brings none."""

    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"<html><script>alert(1)</script></html>", "不是可用的照片"),
        (b"", "空文件"),
        (jpeg(size=(400, 300))[:900], "不是可用的照片"),
        (b"GIF89a\x01\x00\x01\x00\x00\x00\x00;", "不是可用的照片"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "不是可用的照片"),
        (png_of(8000, 8000), "像素过大"),
        (png_of(60000, 60000), "不是可用的照片"),
        (png_of(64, 48), "不是可用的照片"),
    ],
    ids=["html", "empty", "truncated", "gif", "svg", "large", "bomb", "hollow"],
)
def test_what_is_no_picture_is_refused_in_words(client, inspector, raw, words):
    response = upload(client, inspector, raw)
    assert response.status_code == 400
    assert words in response.json()["error"]
    assert not Photo.objects.exists()


@pytest.mark.parametrize(
    "name", ["安" * 300 + ".jpg", "../../etc/passwd.jpg", "照片 (1)\u202egpj.exe", "a.php", "🚒.jpg"]
)
def test_the_name_of_the_file_is_nothing_but_a_word(client, inspector, name):
    response = upload(client, inspector, jpeg(), name=name)
    assert response.status_code == 201
    stored = Photo.objects.get().image.name
    assert stored.startswith("photos/")
    assert stored.endswith(".jpg")
    assert stored.isascii()


def test_one_photo_at_a_time(client, inspector):
    client.force_login(inspector)
    files = [SimpleUploadedFile(f"{n}.jpg", jpeg()) for n in range(2)]
    assert client.post(UPLOAD, {"photo": files}).status_code == 400
    assert client.post(UPLOAD).status_code == 400
    assert client.get(UPLOAD).status_code == 405
    assert not Photo.objects.exists()


@pytest.mark.parametrize("role", ["leader", "sysadmin", "auditor"])
def test_who_writes_nothing_uploads_nothing(client, township, role):
    assert upload(client, UserFactory(role=role, unit=township), jpeg()).status_code == 403


def test_enterprises_upload_too(client, enterprise_user):
    assert upload(client, enterprise_user, jpeg()).status_code == 201


def test_waiting_photos_are_bounded_per_person_and_day(client, inspector, colleague, monkeypatch):
    monkeypatch.setattr(operations, "MAX_WAITING", 2)
    assert [upload(client, inspector, jpeg()).status_code for _ in range(3)] == [201, 201, 429]
    assert upload(client, colleague, jpeg()).status_code == 201

    first = Photo.objects.filter(uploaded_by=inspector).first()
    Photo.objects.filter(pk=first.pk).update(uploaded_at=first.uploaded_at - timedelta(days=2))
    assert upload(client, inspector, jpeg()).status_code == 201


def test_a_picture_has_a_page_with_its_caption_and_the_next_one(client, registered, inspector, manager, photo):
    operations.attach_photos(registered, [photo(inspector, "red")], stage="after", by=inspector)
    first, second = registered.photos.order_by("pk")
    client.force_login(manager)
    pages = [client.get(reverse("evidence:photo_page", args=[one.pk])).content.decode() for one in (first, second)]
    ways = [reverse("evidence:photo_page", args=[one.pk]) for one in (first, second)]
    assert ("整改前" in pages[0], "整改后" in pages[1]) == (True, True)
    assert ways[1] in pages[0] and "上一张" not in pages[0]
    assert ways[0] in pages[1] and "下一张" not in pages[1]
    assert all(registered.description in page and str(inspector) in page for page in pages)


def test_a_picture_nobody_took_yet_has_a_page_for_its_sender(client, inspector, photo):
    client.force_login(inspector)
    text = client.get(reverse("evidence:photo_page", args=[photo(inspector).pk])).content.decode()
    assert "未使用的照片" in text
    assert "1 / 1" in text


def test_however_many_pictures_each_knows_its_place(client, registered, manager):
    first = registered.photos.get()
    kept = {field.name: getattr(first, field.name) for field in Photo._meta.concrete_fields if not field.primary_key}
    Photo.objects.bulk_create([Photo(**kept) for _ in range(204)])
    pks = list(registered.photos.order_by("pk").values_list("pk", flat=True))
    client.force_login(manager)
    page = client.get(reverse("evidence:photo_page", args=[pks[202]]))
    assert {name: page.context[name] for name in ("place", "count", "previous", "following")} == {
        "place": 203, "count": 205, "previous": pks[201], "following": pks[203],
    }  # fmt: skip
