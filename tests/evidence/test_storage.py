"""Files in a folder and in an S3 bucket: the same house over both. The bucket is a real server on this machine (moto)."""

import io
import zipfile
from copy import deepcopy
from datetime import timedelta

import boto3
import pytest
from django.conf import settings as configured
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from moto.server import ThreadedMotoServer

from evidence import operations
from evidence.models import Document, Photo
from hazards import operations as hazards
from journal.audit import breaks

pytestmark = pytest.mark.django_db
KEYS = {"access_key": "testing", "secret_key": "testing", "region_name": "us-east-1"}


@pytest.fixture(scope="module")
def server():
    started = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    started.start()
    host, port = started.get_host_and_port()
    yield f"http://{host}:{port}"
    started.stop()


@pytest.fixture(params=["folder", "bucket"])
def storage(request, settings, tmp_path):
    """What keeps the files, as the settings say it."""
    kept = deepcopy(configured.STORAGES)
    if request.param == "folder":
        settings.MEDIA_ROOT = tmp_path
        kept["default"] = {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    else:
        endpoint = request.getfixturevalue("server")
        client = boto3.client(
            "s3",
            endpoint_url=endpoint,
            aws_access_key_id="testing",
            aws_secret_access_key="testing",
            region_name="us-east-1",
        )
        client.create_bucket(Bucket="evidence")
        options = configured.S3["OPTIONS"] | KEYS | {"bucket_name": "evidence", "endpoint_url": endpoint}
        kept["default"] = configured.S3 | {"OPTIONS": options}
    settings.STORAGES = kept
    files = Photo._meta.get_field("image").storage
    assert not files.exists("nothing")
    assert type(files._wrapped).__name__ == {"folder": "FileSystemStorage", "bucket": "S3Storage"}[request.param]
    return files


@pytest.fixture
def full(storage, registered, inspector, noon, photo):
    """A hazard with a picture more and a document; the one it was registered with lies where it lay before."""
    kept = operations.store_document(SimpleUploadedFile("报告.pdf", b"%PDF-1.4"), by=inspector, at=noon)
    hazards.comment(registered, by=inspector, at=noon, text="报告", documents=[kept])
    return registered


def test_what_is_stored_is_served_archived_and_vouched_for(client, full, inspector):
    client.force_login(inspector)
    document, picture = full.documents.get(), full.photos.get()

    served = client.get(reverse("evidence:document", args=[document.pk]))
    assert b"".join(served.streaming_content) == b"%PDF-1.4"
    shown = client.get(reverse("evidence:photo_thumbnail", args=[picture.pk]))
    assert b"".join(shown.streaming_content)[:2] == b"\xff\xd8"
    response = client.get(reverse("hazards:files", args=[full.pk]))
    with zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content))) as archive:
        assert archive.testzip() is None and len(archive.namelist()) == 2
    assert not [one for one in breaks() if "隐患" in one.place]


def test_what_is_gone_is_not_found_and_is_noticed(client, full, inspector):
    client.force_login(inspector)
    document = full.documents.get()
    document.file.storage.delete(document.file.name)

    assert client.get(reverse("evidence:document", args=[document.pk])).status_code == 404
    assert [one.what for one in breaks() if "隐患" in one.place] == ["照片或附件与办理记录不符"]


def test_two_files_of_one_content_are_two_files(storage, inspector, noon):
    one, other = (
        operations.store_document(SimpleUploadedFile("报告.pdf", b"%PDF-1.4"), by=inspector, at=noon) for _ in range(2)
    )
    assert one.file.name != other.file.name
    other.file.delete(save=False)
    with one.file.open("rb") as file:
        assert file.read() == b"%PDF-1.4"


def test_uploads_that_were_given_up_leave_no_file(storage, inspector, noon, photo):
    picture = photo(inspector)
    document = operations.store_document(SimpleUploadedFile("报告.pdf", b"%PDF-1.4"), by=inspector, at=noon)
    names = [picture.image.name, picture.thumbnail.name, picture.original.name, document.file.name]
    assert all(storage.exists(name) for name in names)

    assert operations.drop_waiting(at=noon + timedelta(days=8)) == 2
    assert not any(storage.exists(name) for name in names)
    assert not Document.objects.exists()
