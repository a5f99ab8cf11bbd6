"""A disk that is nearly full: uploads are refused with a sentence and leave nothing; all else goes on."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from evidence.models import Document, Photo
from evidence.room import SENTENCE
from hazards.models import HazardEvent
from imports.models import ImportBatch
from tests.imports.ledger_files import workbook

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def full(settings):
    """A reserve that no disk has."""
    settings.DISK_RESERVE_MB = 10**12


@pytest.fixture
def as_inspector(client, inspector):
    client.force_login(inspector)
    return client


SENT = {
    "photo": ("/api/v1/photos/", lambda picture: picture()),
    "document": ("/api/v1/documents/", lambda picture: SimpleUploadedFile("a.pdf", b"%PDF-1.4 a")),
}


@pytest.mark.parametrize("kind", SENT)
def test_files_are_refused_and_nothing_is_kept(as_inspector, full, settings, picture, kind):
    address, file = SENT[kind]

    answer = as_inspector.post(address, {"file": file(picture)})

    assert answer.status_code in (400, 409, 422)
    assert SENTENCE in answer.content.decode()
    assert not Photo.objects.exists()
    assert not Document.objects.exists()
    assert not settings.MEDIA_ROOT.exists() or not any(settings.MEDIA_ROOT.rglob("*.*"))


def test_a_ledger_is_refused_and_nothing_is_kept(client, manager, full):
    client.force_login(manager)

    file = SimpleUploadedFile("台账.xlsx", workbook(["隐患描述"], ["线路老化"]).getvalue())
    answer = client.post(reverse("imports:upload"), {"unit": manager.unit.code, "file": file}, follow=True)

    assert SENTENCE in answer.content.decode()
    assert not ImportBatch.objects.exists()


def test_reading_and_writing_go_on_and_readyz_says_so(as_inspector, registered, full):
    before = HazardEvent.objects.count()

    assert as_inspector.get(registered.get_absolute_url()).status_code == 200
    assert as_inspector.post(f"/api/v1/hazards/{registered.pk}/comment/", {"text": "照常"}).status_code == 200
    assert HazardEvent.objects.count() == before + 1
    answer = as_inspector.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"]["disk"].endswith(" MB left")
