"""Documents: what a file is, is judged by its content; it is kept as it came, served in scope, and never opened here."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import given, strategies
from openpyxl import Workbook
from PIL import Image

from evidence import operations
from evidence.contents import kind_of
from evidence.models import Document
from hazards import operations as hazards
from journal.audit import breaks
from journal.refusal import Refused
from tests.factories import NOON

pytestmark = pytest.mark.django_db
UPLOAD = "/photos/documents/"
COMPOUND = bytes.fromhex("D0CF11E0A1B11AE1")


def package(*parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for part in parts:
            archive.writestr(part, "<x/>")
    return out.getvalue()


def picture(format):
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "grey").save(out, format)
    return out.getvalue()


def workbook():
    out = io.BytesIO()
    Workbook().save(out)
    return out.getvalue()


def compound(*streams):
    return COMPOUND + b"\0" * 512 + b"".join(stream.encode("utf-16-le") for stream in streams)


TAKEN = {
    "pdf": b"%PDF-1.7\n%%EOF",
    "docx": package("[Content_Types].xml", "word/document.xml"),
    "xlsx": workbook(),
    "doc": compound("WordDocument"),
    "xls": compound("Workbook"),
    "jpg": picture("JPEG"),
    "png": picture("PNG"),
    "heic": picture("HEIF"),
}
REFUSED = {
    "a page": (b"<!doctype html><script>alert(1)</script>", "不是 PDF、Word、Excel"),
    "a program": (b"MZ\x90\0" + b"\0" * 200, "不是 PDF"),
    "a drawing with a script": (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "不是 PDF"),
    "an archive": (package("a.txt"), "不是 PDF"),
    "a cut archive": (TAKEN["docx"][:60], "不是 PDF"),
    "a presentation": (package("[Content_Types].xml", "ppt/presentation.xml"), "不是 PDF"),
    "a new document with macros": (
        package("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"),
        "含有宏",
    ),
    "a new workbook with macros": (package("[Content_Types].xml", "xl/workbook.xml", "xl/VBAPROJECT.BIN"), "含有宏"),
    "an old document with macros": (compound("WordDocument", "_VBA_PROJECT"), "含有宏"),
    "a locked workbook": (compound("EncryptedPackage"), "打开密码"),
    "an old program": (compound("MsiDatabase"), "不是 PDF"),
    "a cut picture": (TAKEN["png"][:40], "不是 PDF"),
    "nothing": (b"", "空文件"),
}


def sent(raw, name="材料.pdf"):
    return SimpleUploadedFile(name, raw, content_type="application/pdf")


@pytest.mark.parametrize("kind", TAKEN)
def test_a_file_is_what_its_content_says_whatever_it_is_called(kind, inspector):
    kept = operations.store_document(sent(TAKEN[kind], "说明.exe"), by=inspector, at=NOON)

    assert (kept.kind, kept.name, kept.size) == (kind, f"说明.{kind}", len(TAKEN[kind]))
    with kept.file.open("rb") as file:
        assert file.read() == TAKEN[kind], "as it came"


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_none_of_these_holds_macros_or_is_locked_is_refused_in_words(what, inspector):
    raw, words = REFUSED[what]
    with pytest.raises(Refused, match=words):
        operations.store_document(sent(raw), by=inspector, at=NOON)
    assert not Document.objects.exists()


@given(strategies.sampled_from(sorted(TAKEN)), strategies.data())
def test_a_damaged_file_is_taken_or_refused_and_nothing_else_happens(kind, data):
    raw = bytearray(TAKEN[kind])
    for _ in range(data.draw(strategies.integers(1, 8))):
        raw[data.draw(strategies.integers(0, len(raw) - 1))] = data.draw(strategies.integers(0, 255))
    raw = bytes(raw[: data.draw(strategies.integers(0, len(raw)))])
    try:
        assert kind_of(raw, "x") in Document.Kind
    except Refused as refusal:
        assert "“x”" in str(refusal)


@pytest.mark.parametrize(
    ("name", "called"),
    [
        ("检测报告.PDF", "检测报告.pdf"), ("../../etc/报告.pdf", "报告.pdf"), ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie x.pdf"),
        (".pdf", "附件.pdf"), ("长" * 300 + ".pdf", "长" * 114 + ".pdf"), ("第3.2节", "第3.2节.pdf"), ("无扩展名", "无扩展名.pdf"),
    ],
)  # fmt: skip
def test_a_document_is_called_by_one_plain_line(name, called, inspector):
    assert operations.store_document(sent(TAKEN["pdf"], name), by=inspector, at=NOON).name == called


def test_more_than_twenty_megabytes_or_a_days_work_is_refused(inspector, monkeypatch):
    monkeypatch.setattr(operations, "MAX_BYTES", 10)
    with pytest.raises(Refused, match="超过 20 MB"):
        operations.store_document(sent(TAKEN["pdf"]), by=inspector, at=NOON)
    monkeypatch.undo()
    monkeypatch.setattr(operations, "MAX_WAITING", 1)
    operations.store_document(sent(TAKEN["pdf"]), by=inspector, at=NOON - timedelta(days=1))
    operations.store_document(sent(TAKEN["pdf"]), by=inspector, at=NOON)
    with pytest.raises(operations.TooManyWaiting, match="未使用的附件过多"):
        operations.store_document(sent(TAKEN["pdf"]), by=inspector, at=NOON)


@pytest.fixture
def attached(registered, inspector, noon):
    """One document on the hazard, by a comment."""
    kept = operations.store_document(sent(TAKEN["pdf"], "检测报告.pdf"), by=inspector, at=noon)
    hazards.comment(registered, by=inspector, at=noon, text="第三方检测报告", documents=[kept])
    kept.refresh_from_db()
    return kept


def test_a_comment_takes_documents_once_and_its_event_vouches_for_them(attached, registered, inspector, noon):
    event = registered.events.last()
    assert attached.record == registered and event.changes == {"附件": "检测报告.pdf"}
    assert event.evidence == [[attached.sha256, "document", "", "检测报告.pdf"]]
    assert not [one for one in breaks() if "隐患" in one.place]

    with pytest.raises(Refused, match="有附件不是您上传的，或者已经用在别处"):
        hazards.comment(registered, by=inspector, at=noon, text="再传", documents=[attached])
    assert registered.events.count() == event.sequence, "nothing half done"


def spoil(document):
    document.file.storage.delete(document.file.name)


def replace(document):
    document.file.storage.delete(document.file.name)
    document.file.storage.save(document.file.name, io.BytesIO(TAKEN["png"]))


def rename(document):
    Document.objects.update(name="别的报告.pdf")


def remove(document):
    Document.objects.all().delete()


@pytest.mark.parametrize("tamper", [spoil, replace, rename, remove])
def test_a_document_that_was_changed_behind_the_journal_is_found(attached, registered, tamper):
    tamper(attached)
    assert [one.place for one in breaks() if "附件" in one.what] == [f"隐患 {registered.number}"]


def test_documents_follow_the_scope_of_their_record(
    client, attached, manager, enterprise_user, stranger, inspector, noon
):
    waiting = operations.store_document(sent(TAKEN["pdf"]), by=manager, at=noon)

    def status(user, row):
        client.force_login(user)
        return client.get(reverse("evidence:document", args=[row.pk])).status_code

    assert [status(user, attached) for user in (manager, enterprise_user, stranger)] == [200, 200, 404]
    assert [status(user, waiting) for user in (manager, inspector, stranger)] == [200, 404, 404]


def test_a_document_is_saved_and_never_shown(client, inspector, noon):
    kept = operations.store_document(sent(TAKEN["pdf"], "检测报告.pdf"), by=inspector, at=noon)
    client.force_login(inspector)
    response = client.get(reverse("evidence:document", args=[kept.pk]))

    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"].startswith("attachment;") and "pdf" in response["Content-Disposition"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert b"".join(response.streaming_content) == TAKEN["pdf"]
    spoil(kept)
    assert client.get(reverse("evidence:document", args=[kept.pk])).status_code == 404


def test_an_upload_answers_with_id_and_name_or_a_sentence(client, inspector, leader):
    client.force_login(inspector)
    answer = client.post(UPLOAD, {"photo": sent(TAKEN["xlsx"], "台账.pdf")})
    assert (answer.status_code, answer.json()) == (201, {"id": Document.objects.get().pk, "name": "台账.xlsx"})
    assert client.post(UPLOAD, {}).json() == {"error": "请选择附件"}
    refused = client.post(UPLOAD, {"photo": sent(b"MZ")})
    assert refused.status_code == 400 and "不是 PDF" in refused.json()["error"]
    client.force_login(leader)
    assert client.post(UPLOAD, {"photo": sent(TAKEN["pdf"])}).json() == {"error": "您的账号不能上传附件"}


def test_a_document_comes_over_the_api_and_is_named_by_id(client, registered, inspector, colleague):
    client.force_login(inspector)
    kept = client.post("/api/v1/documents/", {"file": sent(TAKEN["pdf"], "方案.pdf")}).json()
    assert kept["url"] == reverse("evidence:document", args=[kept["id"]])
    said = {"text": "方案", "documents": [kept["id"]]}

    client.force_login(colleague)
    url = f"/api/v1/hazards/{registered.pk}/comment/"
    foreign = client.post(url, said, content_type="application/json")
    assert foreign.status_code == 400 and f"附件 {kept['id']} 不存在、不是您上传的" in foreign.content.decode()
    client.force_login(inspector)
    assert client.post(url, said, content_type="application/json").status_code == 200
    assert registered.documents.get().name == "方案.pdf"


def test_a_refused_form_keeps_the_files_that_came_with_it(client, registered, inspector):
    client.force_login(inspector)
    url = reverse("hazards:act", args=[registered.pk, "comment"])
    page = client.post(url, {"text": "", "version": registered.version, "documents": [sent(TAKEN["pdf"], "方案.pdf")]})
    kept = Document.objects.get()
    assert f'name="documents_id" value="{kept.pk}" checked' in page.content.decode()

    sent_again = {"text": "方案", "version": registered.version, "documents_id": [kept.pk]}
    assert client.post(url, sent_again).status_code == 302
    assert "方案.pdf" in client.get(reverse("hazards:detail", args=[registered.pk])).content.decode()


def test_uploads_nobody_took_are_dropped_after_a_week_and_taken_ones_stay(attached, inspector, noon):
    waiting = operations.store_document(sent(TAKEN["pdf"]), by=inspector, at=noon)
    storage, name = waiting.file.storage, waiting.file.name

    assert operations.drop_waiting(at=noon + timedelta(days=8)) == 1
    assert list(Document.objects.all()) == [attached] and not storage.exists(name)
