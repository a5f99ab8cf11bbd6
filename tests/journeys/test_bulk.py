"""Several rows of the ledger at once: the bar says beforehand what it will not do, the result what was not done and why."""

import re

import pytest
from django.utils import timezone

from hazards import operations
from hazards.models import Hazard
from journal.audit import breaks
from tests.journeys.conftest import order, playwright

pytestmark = [pytest.mark.django_db(transaction=True, serialized_rollback=True), pytest.mark.both]
expect = playwright.expect


def tick(visitor, *rows):
    """Go to the ledger and tick ``rows``."""
    visitor.go("/hazards/?view=open")
    bar = visitor.page.locator("[data-bulk]")
    expect(bar).to_be_hidden()
    for row in rows:
        visitor.page.locator(f'input[name="only"][value="{row.pk}"]').check()
    expect(bar).to_contain_text(f"已选 {len(rows)} 条")
    return bar


def does(bar, words, count):
    """The bar's button ``words``, which says that it will be done to ``count`` of the rows."""
    return bar.get_by_role("button", name=re.compile(rf"^\s*{words}\s*{count} 条\s*$"))


def test_several_are_issued_chased_and_given_to_others(visit, people):
    new = [order(people, f"配电箱无盖板 {n}") for n in (1, 2, 3)]
    open_row = order(people, "应急灯损坏", days=7)
    manager, chaser = visit(people["manager"]), visit(people["office"])

    bar = tick(manager, *new, open_row)
    expect(bar).to_contain_text("下达整改不办理 1 条，下一页写明原因")
    does(bar, "催办", 4)
    does(bar, "下达整改", 3).click()
    manager.sees("不办理的 1 条")
    manager.sees("该隐患现在是“整改中”，不能下达整改")
    operations.issue(new[2], by=people["office"], at=timezone.now(), days=3)  # somebody else is faster
    manager.page.get_by_role("radio", name="7 日", exact=True).check()
    manager.press("下达整改 3 条")
    manager.sees("下达整改：已办理 2 条")
    manager.sees("没有办理 1 条")
    manager.sees("您打开页面之后，该隐患又有了新的办理记录")
    assert set(Hazard.objects.values_list("state", flat=True)) == {"rectifying"}

    operations.chase(open_row, by=people["office"], at=timezone.now(), words="请抓紧")
    bar = tick(chaser, *new, open_row)
    does(bar, "催办", 3).click()
    chaser.sees("今天已经催办过（冯晓岚），同一条隐患每天只能催办一次")
    chaser.page.get_by_label("催办意见").fill("请今天报进度")
    chaser.press("发出催办 3 条")
    chaser.sees("催办：已办理 3 条")

    bar = tick(manager, new[0], new[1])
    does(bar, "改派责任人", 2).click()
    manager.page.get_by_label("新的责任人").select_option(f"territorial:{people['colleague'].pk}")
    manager.page.get_by_label("改派理由").fill("分片包干")
    manager.press("确认改派 2 条")
    manager.sees("改派责任人：已办理 2 条")
    given = Hazard.objects.filter(territorial_holder=people["colleague"]).values_list("pk", flat=True)
    assert set(given) == {new[0].pk, new[1].pk}
    assert list(breaks([Hazard])) == []
