"""A bulletin is drafted, edited, signed by somebody else, numbered, read, and written on by a leader."""

import pytest
from django.utils import timezone

from bulletins.models import Bulletin, Receipt
from rankings.operations import freeze
from tests.bulletins.places import city, overdue
from tests.journeys.conftest import DESKTOP, PASSWORD, PHONE
from workdays.periods import week_of

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.fixture
def places(db):
    """The city of `tests.bulletins`, whose last week is frozen with one hazard overdue; its people may sign in."""
    made = city()
    week = week_of(timezone.localdate()).previous()
    days = {"found_on": week.first, "issued_on": week.first, "issue_due_on": week.last}
    overdue(made["firm"], **days, deadline=week.first, original_deadline=week.first)
    freeze("4114", week, at=timezone.now())
    for name in ("writer", "head", "manager", "leader"):
        made[name].set_password(PASSWORD)
        made[name].save()
    return made


def test_drafted_edited_signed_numbered_and_read(visit, places):
    writer = visit(places["writer"], DESKTOP)
    writer.go("/bulletins/")
    writer.press("拟通报")
    writer.press("按冻结数字成文")
    writer.sees("已按冻结数字成文")
    writer.sees("逾期未整改1条")
    one = Bulletin.objects.get()
    writer.go(f"{one.get_absolute_url()}choose_cases/")
    writer.page.get_by_label("写入", exact=True).first.check()
    writer.press("写入正文")
    writer.sees("该企业通道堆放货物")
    writer.go(f"{one.get_absolute_url()}edit_bulletin/")
    writer.page.get_by_label("工作要求").fill("请双八镇于3日内报整改结果。")
    writer.press("保存")
    writer.sees("请双八镇于3日内报整改结果。")
    writer.press("送签")
    writer.press("送签")
    writer.sees("等待另一人签发")
    writer.fits()

    head = visit(places["head"], PHONE)
    head.go("/")
    head.press("签发")
    head.sees("工作要求：看改动")
    head.fits()
    head.press("签发并印发")
    head.sees(f"商丘安委办通〔{timezone.localdate().year}〕1号")

    reader = visit(places["manager"], PHONE)
    reader.go("/")
    reader.sees("未读通报")
    reader.page.get_by_role("link", name=one.title).click()
    reader.sees("请双八镇于3日内报整改结果。")
    reader.fits()
    assert Receipt.objects.get().person == places["manager"]

    leader = visit(places["leader"], PHONE)
    leader.go(one.get_absolute_url())
    leader.press("批示")
    leader.page.get_by_label("批示内容").fill("分管领导到现场督办")
    leader.press("发出批示")
    leader.sees("“分管领导到现场督办”")
    writer.go(one.get_absolute_url())
    writer.sees("2 / 7 个单位")
    reader.go(one.get_absolute_url())
    reader.sees("“分管领导到现场督办”")
