"""A township files the report of its week on a phone; the office sends it back from a desk, and it is filed again."""

import pytest
from django.utils import timezone

from inspections.models import Inspection
from reporting.models import Report
from reporting.terms import Kind, last_closed
from tests.factories import InspectionFactory
from tests.journeys.conftest import DESKTOP, PHONE, playwright
from tests.reports import ask_for

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
expect = playwright.expect


@pytest.fixture
def owed(people):
    """Last week's report of the township, in which it paid one visit."""
    day = last_closed(Kind.WEEKLY, timezone.now()).first
    InspectionFactory(enterprise=people["firm"], inspected_on=day, created_by=people["inspector"], nothing_found=True)
    ask_for(Kind.WEEKLY, at=timezone.now())
    return Report.objects.get(unit=people["manager"].unit)


def test_a_township_files_its_week_on_a_phone_and_again_when_it_is_sent_back(visit, people, owed):
    filer = visit(people["manager"], PHONE)
    filer.sees(owed.name)
    filer.fits()
    filer.press("报送")
    filer.sees("发现隐患")
    expect(filer.page.get_by_role("button", name="零报告")).to_have_count(0)
    filer.fits()
    filer.page.get_by_label("工作情况").fill("对冷库开展专项检查")
    filer.press("确认上报")
    filer.sees(f"已上报：{owed}")
    filer.fits()
    owed.refresh_from_db()
    assert (owed.state, owed.words, owed.is_zero) == ("filed", "对冷库开展专项检查", False)
    assert Inspection.objects.count() == next(one["value"] for one in owed.figures if one["name"] == "inspections")

    office = visit(people["office"], DESKTOP)
    office.go("/reports/?state=late" if owed.is_late else "/reports/?state=on_time")
    office.press(owed.body_name)
    office.sees("对冷库开展专项检查")
    office.page.locator("summary", has_text="更多").filter(visible=True).first.click()
    office.press("退回重报")
    office.page.get_by_label("退回理由").fill("请写明逾期隐患的督办措施")
    office.press("退回")
    office.sees("已退回重报")

    filer.go(owed.get_absolute_url())
    filer.sees("请写明逾期隐患的督办措施")
    filer.press("报送")
    expect(filer.page.get_by_label("工作情况")).to_have_value("对冷库开展专项检查")
    filer.page.get_by_label("数据说明").fill("一处已约谈")
    filer.press("确认上报")
    filer.sees(f"已上报：{owed}")
    owed.refresh_from_db()
    assert (owed.state, owed.explanation, owed.version) == ("filed", "一处已约谈", 4)
