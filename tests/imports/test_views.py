"""The import wizard in the browser: upload, check, change columns, enter, and the workbook of what is wrong."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from hazards.models import Hazard
from imports import batches
from imports.models import ImportBatch
from tests.factories import UnitFactory
from tests.imports.ledger_files import cells_of, real_ledger, workbook

pytestmark = [pytest.mark.django_db, pytest.mark.once]  # pages, forms and words: no database decides them
UPLOAD = reverse("imports:upload")
HEADINGS = ["隐患描述", "检查时间", "企业名称", "整改期限", "备注说明"]
GOOD = ["灭火器过期", date(2026, 11, 2), "甲厂", date(2026, 11, 30), "液化气瓶未固定"]
BAD = ["配电箱无门", "昨天", "甲厂", "", ""]


@pytest.fixture
def city(db):
    return UnitFactory(code="4114", name="商丘市人民政府", short_name="商丘市")


@pytest.fixture
def office(client, city, safety_office):
    client.force_login(safety_office)
    return client


def upload(client, file=None, name="台账.xlsx", unit="4114"):
    content = (file or workbook(HEADINGS, GOOD, BAD)).getvalue()
    return client.post(UPLOAD, {"file": SimpleUploadedFile(name, content), "unit": unit})


def enter(client, url, **options):
    """The button 导入 of the page at ``url``."""
    return client.post(url, {"action": "commit", "seen": client.get(url).context["seen"]}, **options)


def page(response):
    return response.content.decode()


def test_upload_check_and_enter(office, safety_office):
    preview = upload(office)
    assert preview.status_code == 302 and not Hazard.objects.exists()
    shown = page(office.get(preview.url))
    assert "导入 1 条" in shown and "灭火器过期" in shown and "昨天" in shown and "检查时间" in shown
    done = enter(office, preview.url, follow=True)
    assert "已导入 1 条" in page(done) and "found_from=2026-11-02" in page(done)
    assert Hazard.objects.get().registered_by == safety_office
    again = enter(office, preview.url, follow=True)
    assert again.status_code == 200 and Hazard.objects.count() == 1


def test_real_ledger_in_the_browser(office):
    content = real_ledger("L3.xlsx").read_bytes()
    preview = office.post(UPLOAD, {"file": SimpleUploadedFile("L3.xlsx", content), "unit": "4114"})
    assert "导入 98 条" in page(office.get(preview.url))
    assert "已导入 98 条" in page(enter(office, preview.url, follow=True))
    second = office.post(UPLOAD, {"file": SimpleUploadedFile("L3.xlsx", content), "unit": "4114"})
    assert "没有可以导入的行" in page(office.get(second.url))


def test_the_columns_can_be_changed(office):
    preview = upload(office, workbook(HEADINGS, GOOD))
    chosen = {
        f"col-0-{index}": field for index, field in enumerate(["", "found_on", "enterprise", "deadline", "description"])
    }
    read_again = office.post(preview.url, {"action": "read", "header-0": "1", **chosen}, follow=True)
    assert read_again.status_code == 200 and "已按新的对应重新识别" in page(read_again)
    enter(office, preview.url)
    assert Hazard.objects.get().description == "液化气瓶未固定"


@pytest.mark.parametrize(
    ("wanted", "says"),
    [
        ({"col-0-0": "description", "col-0-4": "description"}, "同一项内容"),
        ({"col-0-0": "password"}, "没有这一项内容"),
        ({"header-7": "1"}, "文件里没有这些表或列：header-7"),
        ({"col-0-99": "description"}, "文件里没有这些表或列：col-0-99"),
        ({"header-0": "三"}, "表头行请写成"),
        ({"header-0": "9-2"}, "表头行请写成"),
        ({"header-0": "99999"}, "不能作为表头"),
    ],
)
def test_columns_that_cannot_be_are_refused_and_nothing_changes(wanted, says, office):
    preview = upload(office)
    before = ImportBatch.objects.get().report
    response = office.post(preview.url, {"action": "read", "header-0": "1", **wanted})
    assert response.status_code == 400 and says in page(response)
    assert ImportBatch.objects.get().report == before and ImportBatch.objects.get().layout == {}


def test_the_workbook_of_errors(office):
    preview = upload(office)
    enter(office, preview.url)
    response = office.get(reverse("imports:errors", args=[ImportBatch.objects.get().pk]))
    assert "attachment" in response["Content-Disposition"]
    [row] = cells_of(b"".join(response.streaming_content))
    assert "检查时间" in row[0] and row[1:3] == ["配电箱无门", "昨天"]


def test_no_errors_no_workbook(office):
    preview = upload(office, workbook(HEADINGS, GOOD))
    response = office.get(reverse("imports:errors", args=[ImportBatch.objects.get().pk]))
    assert (response.status_code, response.url) == (302, preview.url)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "文件是空的"),
        (b"%PDF-1.4 x", "PDF"),
        (b"\x00\x01\x02" * 50, "无法"),
        ("姓名,年龄\n张三,3\n".encode(), "找不到表头"),
        ("检查日期,企业名称,一般隐患数,重大隐患数\n2026-1-1,甲厂,1,0\n".encode(), "数量"),
    ],
)
def test_files_that_are_no_ledger(content, says, office):
    response = office.post(UPLOAD, {"file": SimpleUploadedFile("台账.xlsx", content), "unit": "4114"})
    assert response.status_code == 400 and not ImportBatch.objects.exists()
    if says != "无法":
        assert says in page(response)


def test_nothing_chosen_and_too_large(office, settings):
    assert "请选择要导入的台账文件" in page(office.post(UPLOAD, {"unit": "4114"}))
    settings.MAX_UPLOAD_BYTES = 10
    response = upload(office)
    assert response.status_code == 400 and "请拆分后分批导入" in page(response)


def test_a_file_lost_on_the_server_is_said(office):
    preview = upload(office)
    batch = ImportBatch.objects.get()
    batch.file.storage.delete(batch.file.name)
    errors = reverse("imports:errors", args=[batch.pk])
    answers = (
        enter(office, preview.url),
        office.post(preview.url, {"action": "read"}),
        office.get(errors),
    )
    for response, status in zip(answers, (409, 400, 400), strict=True):
        assert response.status_code == status and "请重新上传" in page(response)
    assert not Hazard.objects.exists()


def test_more_rows_than_a_request_can_do_are_for_the_command(office, monkeypatch):
    monkeypatch.setattr("imports.batches.BROWSER_ROWS", 1)
    response = upload(office, workbook(HEADINGS, GOOD, GOOD))
    assert response.status_code == 400 and "请联系系统管理员" in page(response)
    assert "manage.py" not in page(response)
    assert not ImportBatch.objects.exists() and upload(office, workbook(HEADINGS, GOOD)).status_code == 302
    assert "20,000 行" in page(office.get(UPLOAD))


def test_only_into_units_of_ones_own(client, city, township, foreign_township, manager):
    client.force_login(manager)
    response = upload(client, unit=foreign_township.code)
    assert response.status_code == 400 and "不在您的管辖范围内" in page(response)
    assert upload(client, unit=township.code).status_code == 302


def test_a_batch_belongs_to_its_uploader(office, client, city, manager):
    preview = upload(office)
    errors = reverse("imports:errors", args=[ImportBatch.objects.get().pk])
    client.force_login(manager)
    assert [client.get(url).status_code for url in (preview.url, errors)] == [404, 404]
    assert client.post(preview.url, {"action": "commit"}).status_code == 404 and not Hazard.objects.exists()


def test_others_are_told_who_may(client, city, leader, enterprise_user):
    for person in (leader, enterprise_user):
        client.force_login(person)
        response = client.get(UPLOAD)
        assert response.status_code == 403 and "须由检查人员" in page(response)


def test_an_unknown_action_is_refused(office):
    preview = upload(office)
    assert office.post(preview.url, {"action": "delete"}).status_code == 400
    assert office.post(preview.url).status_code == 400


def test_a_done_batch_cannot_be_read_again(office):
    preview = upload(office)
    enter(office, preview.url)
    response = office.post(preview.url, {"action": "read", "header-0": "1"})
    assert response.status_code == 400 and "已经导入" in page(response)


SWAPPED = {"action": "read", "header-0": "1", "col-0-0": "", "col-0-1": "found_on", "col-0-2": "enterprise", "col-0-3": "deadline",
           "col-0-4": "description"}  # fmt: skip


def test_only_what_was_seen_is_entered(office):
    preview = upload(office, workbook(HEADINGS, GOOD))
    first_tab = {"action": "commit", "seen": office.get(preview.url).context["seen"]}
    office.post(preview.url, SWAPPED)
    for posted in (first_tab, {"action": "commit"}):
        response = office.post(preview.url, posted)
        assert response.status_code == 409 and "请核对下面的结果" in page(response)
        assert f'name="seen" value="{response.context["seen"]}"' in page(response)
    assert not Hazard.objects.exists()
    office.post(preview.url, {"action": "commit", "seen": response.context["seen"]})
    assert Hazard.objects.get().description == "液化气瓶未固定"


def meanwhile(monkeypatch, act):
    """Do ``act`` once, while the next reading of a batch goes on."""
    real = batches.read_ledger

    def read_while_acting(*args, **options):
        monkeypatch.setattr(batches, "read_ledger", real)
        reading = real(*args, **options)
        act()
        return reading

    monkeypatch.setattr(batches, "read_ledger", read_while_acting)


def test_a_batch_entered_while_it_is_read_again_stays_as_it_was_entered(office, monkeypatch):
    preview = upload(office, workbook(HEADINGS, GOOD))
    meanwhile(monkeypatch, lambda: enter(office, preview.url))
    response = office.post(preview.url, SWAPPED)
    assert response.status_code == 400 and "已经导入" in page(response)
    batch = ImportBatch.objects.get()
    assert (batch.state, batch.layout, batch.report["dry_run"]) == ("done", {}, False)
    assert Hazard.objects.get().description == "灭火器过期"


def test_a_batch_read_again_while_it_is_entered_is_not_entered(office, monkeypatch):
    preview = upload(office, workbook(HEADINGS, GOOD))
    seen = office.get(preview.url).context["seen"]
    meanwhile(monkeypatch, lambda: office.post(preview.url, SWAPPED))
    response = office.post(preview.url, {"action": "commit", "seen": seen})
    assert response.status_code == 409 and not Hazard.objects.exists()


def test_pages_cost_the_same_queries_however_long_the_file(office, django_assert_max_num_queries):
    for count in (1, 60):
        rows = [[f"隐患{n}", date(2026, 11, 2), f"企业{n}", "", ""] for n in range(count)]
        preview = upload(office, workbook(HEADINGS, *rows))
        with django_assert_max_num_queries(8):
            office.get(preview.url)
