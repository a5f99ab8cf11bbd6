"""The life of a hazard as the people concerned live it: phone, desk and mailbox, refusal included."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from hazards import operations
from hazards.lifecycle import State
from hazards.models import Hazard
from journal.audit import breaks
from notifications.models import Notification
from rankings.operations import freeze
from tests.journeys.conftest import DESKTOP, PHONE, playwright
from workdays.periods import week_of

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
LEDGER = Path(__file__).resolve().parents[3] / "shared" / "data" / "ledgers" / "L3.xlsx"
expect = playwright.expect


def register_two_hazards(inspector):
    inspector.go("/hazards/register/")
    page = inspector.page
    page.get_by_text("商丘豫盛冷链食品有限公司").click()
    page.locator("[data-chosen]").wait_for()
    page.get_by_label("另一名检查人").select_option(label="贺春生 · 双八镇")
    for number, (description, colours) in enumerate(
        [("快速冻结装置未设置在单独的作业间内", ["red", "blue"]), ("安全出口上锁", ["green"])]
    ):
        if number:
            inspector.press("再记一条隐患")
        card = page.locator("[data-card]").nth(number)
        inspector.take_photos(f"hazards-{number}-before", *colours)
        expect(card.locator("[data-photo]")).to_have_count(len(colours))
        card.get_by_label("隐患描述").fill(description)
    inspector.press("提交登记")
    inspector.sees("已登记 2 条隐患")


def issue(manager, hazard):
    manager.go(hazard.get_absolute_url())
    manager.press("下达整改")
    manager.page.get_by_role("radio", name="5 日", exact=True).check()
    manager.page.get_by_label("按工作日计算").check()
    manager.page.get_by_label("整改措施与要求").fill("立即整改，恢复正常使用")
    manager.press("下达整改")
    manager.sees("已下达整改，期限")


def file_feedback(enterprise, content, colour):
    enterprise.press("提交整改反馈")
    enterprise.page.get_by_label("整改情况").fill(content)
    enterprise.take_photos("photos", colour)
    expect(enterprise.page.locator("[data-photo]")).to_have_count(1)
    enterprise.press("提交反馈")
    enterprise.sees("已提交整改反馈，待复查")


def review(inspector, hazard, verdict, opinion):
    inspector.go(hazard.get_absolute_url())
    inspector.press("去复查")
    inspector.page.get_by_role("radio", name=verdict, exact=True).check()
    inspector.page.get_by_label("复查意见").fill(opinion)
    inspector.press("提交复查意见")
    inspector.sees("复查通过，已销号" if verdict == "通过" else "复查不通过，已退回整改，期限")


def read_message(enterprise, words):
    enterprise.go("/notifications/")
    enterprise.sees(words)
    enterprise.page.get_by_text(words).first.click()


def test_hazard_from_the_phone_to_close_out(visit, people, work):
    inspector = visit(people["inspector"], PHONE)
    register_two_hazards(inspector)
    hazard, other = Hazard.objects.order_by("pk")
    assert (hazard.state, other.state) == (State.REGISTERED, State.REGISTERED)
    assert [hazard.photos.count(), other.photos.count()] == [2, 1]
    issue(visit(people["manager"]), hazard)
    work()
    enterprise = visit(people["enterprise"], PHONE)
    read_message(enterprise, "整改通知")
    enterprise.sees("快速冻结装置未设置在单独的作业间内")
    file_feedback(enterprise, "已加装隔断", "yellow")
    review(inspector, hazard, "不通过", "隔断未到顶")
    work()
    read_message(enterprise, "复查不通过")
    file_feedback(enterprise, "隔断已封到顶", "white")
    review(inspector, hazard, "通过", "符合要求")
    inspector.sees("已销号")
    hazard.refresh_from_db()
    assert (hazard.state, hazard.rounds, hazard.review_result) == (State.CLOSED, 2, "符合要求")
    assert list(breaks([Hazard])) == []
    work()
    read_message(enterprise, "复查通过，已销号")
    expect(enterprise.page).to_have_url(re.compile(hazard.get_absolute_url()))
    assert Notification.objects.filter(recipient=people["enterprise"]).count() == 3


def test_main_path_without_script(visit, people, work):
    without = {"java_script_enabled": False}
    inspector = visit(people["inspector"], PHONE, **without)
    inspector.go("/hazards/register/")
    page = inspector.page
    page.get_by_role("radio", name="商丘豫盛冷链食品有限公司").check()
    page.get_by_label("另一名检查人").select_option(label="贺春生 · 双八镇")
    inspector.take_photos("hazards-0-before", "red")
    page.get_by_label("隐患描述").fill("安全出口上锁")
    inspector.press("提交登记")
    inspector.sees("已登记 1 条隐患")
    hazard = Hazard.objects.get()
    assert hazard.photos.count() == 1
    issue(visit(people["manager"], **without), hazard)
    enterprise = visit(people["enterprise"], PHONE, **without)
    enterprise.go(hazard.get_absolute_url())
    enterprise.press("提交整改反馈")
    enterprise.page.get_by_label("整改情况").fill("已拆除门锁")
    enterprise.take_photos("photos", "blue")
    enterprise.press("提交反馈")
    enterprise.sees("已提交整改反馈，待复查")
    review(inspector, hazard, "通过", "已畅通")
    hazard.refresh_from_db()
    assert hazard.state == State.CLOSED


def test_leader_goes_from_a_figure_to_its_rows(visit, people, last_week):
    found = [{"description": f"配电箱无盖板{number}"} for number in range(3)]
    operations.record_inspection(
        by=people["inspector"],
        at=last_week,
        kind="routine",
        enterprise=people["firm"],
        inspected_on=last_week.date(),
        inspectors=[people["inspector"], people["colleague"]],
        hazards=found,
    )
    freeze("4114", week_of(timezone.localdate(last_week)), at=timezone.now())  # as the task does on Monday
    leader = visit(people["leader"], DESKTOP)
    leader.press("统计排名")
    leader.go(reverse("rankings:index") + "?kind=township")
    row = leader.page.get_by_role("row").filter(has_text="双八镇")
    row.get_by_role("link", name="3", exact=True).first.click()
    expect(leader.page).to_have_url(re.compile(r"/rankings/rows/township/411402001/\w+/\?"))
    expect(leader.page.locator("table tbody tr")).to_have_count(3)
    leader.sees("配电箱无盖板2")


def test_old_ledger_comes_in_is_filtered_and_goes_out(visit, people):
    if not LEDGER.is_file():
        pytest.skip("the sample ledger ../shared/data/ledgers/L3.xlsx is not here")
    office = visit(people["office"], DESKTOP)
    office.go("/hazards/import/")
    office.page.get_by_label("台账文件").set_input_files(LEDGER)
    office.press("上传并识别")
    office.sees("可导入 98 条")
    office.press("导入 98 条")
    office.sees("已导入 98 条")
    word = Hazard.objects.order_by("pk").first().description[:6]
    expected = Hazard.objects.filter(description__contains=word).count()
    office.go("/hazards/?view=all")
    office.page.get_by_role("searchbox").filter(visible=True).first.fill(word)
    office.page.keyboard.press("Enter")
    office.sees(f"符合条件 {expected} 条")
    office.page.locator("summary", has_text="导出").click()
    with office.page.expect_download() as downloading:
        office.page.get_by_role("link", name="当前结果").click()
    sheet = load_workbook(BytesIO(Path(downloading.value.path()).read_bytes())).active
    rows = [row for row in sheet.iter_rows(values_only=True) if any(word in str(cell) for cell in row)]
    assert len(rows) == expected
    office.go("/hazards/import/")
    office.page.get_by_label("台账文件").set_input_files(LEDGER)
    office.press("上传并识别")
    office.sees("没有可以导入的行")
