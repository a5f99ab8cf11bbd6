"""A township explains what was noticed in its figures, on a phone; the safety office decides, at a desk."""

from datetime import timedelta

import pytest
from django.utils import timezone

from flags.models import Flag
from flags.operations import raise_flags
from tests.factories import HazardFactory
from tests.journeys.conftest import DESKTOP, PHONE

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.fixture
def flag(people):
    """Eight rows of the same words, noticed this morning."""
    now = timezone.now()
    found_on = timezone.localdate(now) - timedelta(days=3)
    for _ in range(8):
        HazardFactory(
            enterprise=people["firm"], registered_by=people["manager"], found_by_unit=people["manager"].unit, found_on=found_on,
            description="消防通道堆放货物", registered_at=now - timedelta(days=3),
        )  # fmt: skip
    raise_flags(to=timezone.localdate(now) - timedelta(days=1), at=now)
    return Flag.objects.get()


def test_a_flag_is_answered_and_dismissed(visit, people, flag):
    unit = visit(people["manager"], PHONE)
    unit.sees("数据异常待说明")
    unit.fits()
    unit.go("/flags/")
    unit.sees("隐患描述雷同")
    unit.fits()
    unit.go(flag.get_absolute_url())
    unit.sees("描述逐字相同")
    unit.sees("消防通道堆放货物")
    unit.fits()
    unit.press("说明")
    unit.page.get_by_label("说明").first.fill("同一园区逐户检查，问题相同，已补写位置。")
    unit.fits()
    unit.press("提交说明")
    unit.sees("说明已提交，等待安委办认定")
    office = visit(people["office"], DESKTOP)
    office.sees("数据异常待认定")
    office.press("认定")
    office.sees("同一园区逐户检查")
    office.page.get_by_role("radio", name="撤销：说明成立，或提示有误").check()
    office.page.get_by_label("认定理由").fill("核对原始记录，属实")
    office.fits()
    office.press("提交认定")
    office.sees("已撤销提示，已通知该单位")
    office.go(f"/flags/rows/?flag={flag.pk}")
    office.sees("共 8 条")
    office.fits()
    unit.go("/flags/?state=dismissed")
    unit.sees("已撤销")
    flag.refresh_from_db()
    assert (flag.state, flag.reason) == ("dismissed", "核对原始记录，属实")
