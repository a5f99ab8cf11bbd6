"""A leader with a phone, and a wall that loses its network."""

from datetime import timedelta

import pytest
from django.utils import timezone

from hazards.models import Hazard, Instruction
from rankings.operations import freeze
from tests.factories import HazardFactory, InspectionFactory, UnitFactory
from tests.journeys.conftest import playwright
from workdays.periods import week_of

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
expect = playwright.expect
PHONE, WALL = {"width": 360, "height": 800}, {"width": 1920, "height": 1080}


@pytest.fixture
def week(people):
    """Last week frozen, with a finding in each of two counties, and a major hazard that is overdue now."""
    UnitFactory(code="411403", name="睢阳区人民政府", short_name="睢阳区", parent=people["leader"].unit)
    today = timezone.localdate()
    period = week_of(today).previous()
    visit = InspectionFactory(enterprise=people["firm"], inspected_on=period.first, created_by=people["inspector"])
    HazardFactory(
        enterprise=people["firm"], inspection=visit, found_on=period.first, rectifying=True, deadline=period.first
    )
    HazardFactory(
        enterprise=people["firm"], description="氨制冷机房与加工车间连通", level="major", rectifying=True, found_on=period.first,
        deadline=today - timedelta(days=3),
    )  # fmt: skip
    return freeze("4114", period, at=timezone.now())


def test_a_leader_reads_the_ranking_and_writes_on_an_overdue_hazard(visit, people, week):
    leader = visit(people["leader"], PHONE)
    leader.page.get_by_role("navigation", name="底部导航").get_by_role("link", name="总览").click()
    leader.sees("重大隐患逾期，等您批示")
    leader.sees("梁园区")
    leader.fits()
    end = leader.page.locator(".leader-grid").evaluate("box => box.getBoundingClientRect().bottom")
    bar = leader.page.locator(".tabbar").evaluate("bar => bar.getBoundingClientRect().top")
    assert end <= bar, "everything on one screen"

    leader.press("写批示")
    leader.page.get_by_role("radio").first.check()
    leader.page.get_by_label("批示内容").fill("立即停用，三日内报结果")
    leader.press("发出批示")
    leader.sees("批示已发出")
    leader.go("/rankings/leader/")
    leader.sees("已批示")
    leader.sees("立即停用，三日内报结果")
    asked = Instruction.objects.get()
    assert asked.leader == people["leader"] and asked.hazard == Hazard.objects.get(level="major")

    leader.page.locator(".lgrid a", has_text="梁园区").click()
    leader.sees("各项得分")
    leader.fits()
    expect(leader.page.locator("canvas")).to_have_count(1)
    leader.page.get_by_text("看数字").click()
    leader.sees(week.asked_period.words)


def test_a_wall_keeps_its_picture_without_a_network(visit, people, week):
    visit.expects = ("ERR_INTERNET_DISCONNECTED",)
    wall = visit(people["leader"], WALL)
    wall.page.clock.install()
    wall.go("/rankings/wall/")
    high = wall.page.evaluate("[document.body.scrollHeight, document.body.scrollWidth]")
    assert high == [1080, 1920]
    wall.sees("氨制冷机房与加工车间连通")
    wall.page.context.set_offline(True)
    wall.page.clock.run_for(61_000)
    wall.sees("网络已断开，画面停在")
    wall.sees("氨制冷机房与加工车间连通")

    Hazard.objects.filter(level="major").update(description="快速冻结装置未单独设置")
    wall.page.context.set_offline(False)  # the browser says so, and the wall asks at once
    wall.sees("每 60 秒更新，最后更新")
    wall.sees("快速冻结装置未单独设置")
    wall.page.context.clear_cookies()
    wall.page.clock.run_for(61_000)
    wall.sees("登录已失效，请在这台机器上重新登录，画面停在")
    wall.sees("快速冻结装置未单独设置")
