"""Everything that was attached to a hazard in one archive, made while it is sent."""

import io
import zipfile

import pytest
from django.urls import reverse

from enforcement.operations import record_measure
from hazards import operations

pytestmark = pytest.mark.django_db


@pytest.fixture
def full(pending, inspector, noon, document):
    """A hazard with a picture from before, one from after, and a document."""
    operations.comment(pending, by=inspector, at=noon, text="报告", documents=[document(inspector)])
    return pending


def opened(response):
    return zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))


def test_the_archive_holds_every_picture_and_document_by_a_name_that_sorts(client, full, inspector):
    client.force_login(inspector)
    response = client.get(reverse("hazards:files", args=[full.pk]))

    assert response["Content-Type"] == "application/zip" and response.streaming
    with opened(response) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == [
            "照片/01 整改前 2026-11-17.jpg", "照片/02 整改后 2026-11-19.jpg", "附件/01 报告.pdf",
        ]  # fmt: skip
        assert archive.read("附件/01 报告.pdf").startswith(b"%PDF-1.4")


def test_a_file_that_is_gone_is_named_and_the_others_are_there(client, full, inspector):
    photo = full.photos.first()
    photo.image.storage.delete(photo.image.name)
    client.force_login(inspector)

    with opened(client.get(reverse("hazards:files", args=[full.pk]))) as archive:
        assert archive.namelist() == ["照片/02 整改后 2026-11-19.jpg", "附件/01 报告.pdf", "缺少的文件.txt"]
        assert "照片/01 整改前" in archive.read("缺少的文件.txt").decode()


def test_who_does_not_see_the_hazard_gets_no_archive(client, full, stranger):
    client.force_login(stranger)
    assert client.get(reverse("hazards:files", args=[full.pk])).status_code == 404


def test_papers_of_measures_on_it_are_listed_and_leave_with_it(
    client, full, inspector, colleague, noon, document, enterprise
):
    told = {
        "kind": "order",
        "on": noon.date(),
        "content": "限期整改",
        "basis": "第六十五条",
        "second_officer": colleague,
    }
    for name, on in {"决定书.pdf": {"hazard": full}, "另案.pdf": {"enterprise": enterprise}}.items():
        record_measure(by=inspector, at=noon, **told, **on, documents=[document(inspector, name)])
    client.force_login(inspector)
    page = client.get(full.get_absolute_url())
    assert [one.name for one in page.context["documents"]] == ["决定书.pdf", "报告.pdf"]
    with opened(client.get(reverse("hazards:files", args=[full.pk]))) as archive:
        assert archive.namelist()[2:] == ["附件/01 报告.pdf", "附件/02 决定书.pdf"]


def test_the_page_offers_it_where_there_is_something(client, registered, full, inspector):
    client.force_login(inspector)
    page = client.get(reverse("hazards:detail", args=[full.pk])).content.decode()
    assert reverse("hazards:files", args=[full.pk]) in page and "报告.pdf" in page
