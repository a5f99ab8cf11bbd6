"""The safety office changes a weight and sees who would have moved; a colleague publishes it; the next month is judged by it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from journal.audit import breaks
from rankings.models import Formula
from rankings.operations import freeze
from rankings.operations.freezing import end_of
from tests.factories import EnterpriseFactory, HazardFactory, InspectionFactory, UnitFactory, UserFactory
from tests.journeys.conftest import DESKTOP, PASSWORD, PHONE
from workdays.periods import month_of

pytestmark = [pytest.mark.django_db(transaction=True, serialized_rollback=True), pytest.mark.both]


@pytest.fixture
def colleague(people):
    person = UserFactory(username="second", role="safety_office", unit=people["office"].unit, full_name="贾德亮")
    person.set_password(PASSWORD)
    person.save()
    return person


@pytest.fixture
def last_month(people):
    """Frozen: one township went out and found little, the next one stayed at home and was told of much."""
    period = month_of(timezone.localdate()).previous()
    county = people["manager"].unit.parent
    idle = UnitFactory(code="411402002", name="周集镇人民政府", short_name="周集镇", parent=county)
    since, told = (
        period.first - timedelta(days=200),
        {"rectifying": True, "found_on": period.first, "issued_on": period.first},
    )
    for number in range(4):
        firm = EnterpriseFactory(township=people["manager"].unit, registered_on=since)
        InspectionFactory(enterprise=firm, inspected_on=period.first + timedelta(days=number))
        HazardFactory(enterprise=EnterpriseFactory(township=idle, registered_on=since), deadline=period.first + timedelta(days=9), **told)  # fmt: skip
    freeze("4114", period, at=timezone.now())
    return period


def test_a_weight_is_changed_tried_published_and_used(visit, people, colleague, last_month):
    visit.expects = ("409",)  # the weights come to 105 at first
    office = visit(people["office"], DESKTOP)
    office.go("/rankings/?kind=township")
    office.press("看全文")
    office.sees("第 2 版")
    office.press("公式版本")
    office.press("草拟新公式")
    office.page.get_by_label("覆盖 分值").fill("30")
    office.sees("合计 105 分，多出 5 分")
    office.page.get_by_label("修改说明").fill("加大检查覆盖的分量")
    office.press("保存草稿")
    office.sees("六部分分值合计应为 100，现在是 105，多出 5 分")
    office.page.get_by_label("发现 分值").fill("15")
    office.sees("合计 100 分")
    office.press("保存草稿")
    office.sees("已草拟排名公式，请看近三个月的试算")
    office.sees("等另一名市级安委办人员公布")
    office.press("试算")
    office.sees(f"{last_month.full_words}（第 2 版）：2 个单位")
    office.sees("梁园区双八镇")
    office.fits()

    second = visit(colleague, PHONE)
    second.go("/rankings/formulas/")
    second.fits()
    second.page.get_by_role("link", name="草稿").click()
    second.sees("覆盖 分值 25 → 30")
    second.fits()
    second.press("公布")
    second.sees("与 第 2 版 相比改动 2 处")
    today = timezone.localdate()
    second.page.get_by_label("施行日期").fill(today.isoformat())
    second.fits()
    second.press("公布")
    this_month = month_of(today)
    second.sees(f"已公布：第 3 版，{this_month.full_words}的月排名")
    second.fits()

    version = Formula.objects.get(number=3)
    assert (version.state, version.since, version.constants.coverage) == ("published", today, 30)
    assert freeze("4114", this_month, at=end_of(this_month)).formula == version
    assert list(breaks([Formula])) == []
    township = visit(people["manager"], PHONE)
    township.go(version.get_absolute_url())
    township.sees("20 → 15")
    township.fits()
