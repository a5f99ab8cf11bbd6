"""Whoever signs out leaves nothing behind on the computer."""

import pytest

from hazards import operations

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
MARK = "快速冻结装置未设置在单独的作业间内"
# Playwright switches off the store of whole pages for Back and Forward, which people's browsers have.
AS_PEOPLE_HAVE_IT = {"ignore_default_args": ["--disable-back-forward-cache"]}


@pytest.mark.parametrize("chromium", [{}, AS_PEOPLE_HAVE_IT], indirect=True, ids=["plain", "with stored pages"])
def test_back_shows_no_ledger_after_signing_out(visit, people, last_week):
    operations.record_inspection(
        by=people["inspector"],
        at=last_week,
        kind="routine",
        enterprise=people["firm"],
        inspected_on=last_week.date(),
        inspectors=[people["inspector"], people["colleague"]],
        hazards=[{"description": MARK}],
    )
    person = visit(people["manager"])
    person.go("/hazards/?view=all")
    person.sees(MARK)
    person.page.locator(".topbar details.menu summary").last.click()
    person.press("退出登录")
    person.sees("登录")
    for _ in range(2):
        person.page.go_back()
        assert MARK not in person.page.content()
    person.sees("登录")
