"""Somebody comes in for the first time, with the password that stood on paper."""

import pytest
from django.utils import timezone

from accounts import operations
from tests.factories import UserFactory
from tests.journeys.conftest import PHONE, Visitor, playwright

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
MINE = "Zi-Ji-De-2026"


def test_the_password_on_paper_is_replaced_before_anything_else(chromium, live_server, people, settings):
    settings.DEMO = False
    admin, guard = (UserFactory(role=role, unit=None) for role in ("sysadmin", "secadmin"))
    unit = people["manager"].unit
    person, given = operations.open_account(by=admin, at=timezone.now(), username="li", full_name="李明", unit=unit)
    operations.grant(person, by=guard, at=timezone.now(), role="inspector")
    context = chromium.new_context(viewport=PHONE, locale="zh-CN")
    visitor = Visitor(context.new_page(), live_server.url)
    visitor.go("/accounts/login/?next=/hazards/register/")
    visitor.page.get_by_label("账号").fill("li")
    visitor.page.get_by_label("密码").fill(given)
    visitor.press("登录")
    visitor.sees("现在的密码是别人代设的")
    visitor.fits()
    visitor.go("/hazards/")
    visitor.sees("现在的密码是别人代设的")
    for new, said in ((given, "新密码不能与现在的密码"), (MINE, "密码已更换")):
        for name, typed in (("old_password", given), ("new_password1", new), ("new_password2", new)):
            visitor.page.locator(f"[name={name}]").fill(typed)
        visitor.press("更换密码")
        visitor.sees(said)
    visitor.go("/hazards/register/")
    playwright.expect(visitor.page.get_by_text("现在的密码是别人代设的")).to_have_count(0)
    assert visitor.page.url.endswith("/hazards/register/")
    context.close()
