"""A second factor in a browser: bound at the first sign-in with codes for paper, asked for at the next, and a passkey beside it."""

import pyotp
import pytest

from accounts.models import SignIn
from tests.factories import UserFactory
from tests.journeys.conftest import DESKTOP, PASSWORD, PHONE, Visitor

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.fixture
def visitors(chromium, live_server, settings):
    """Devices: ``visitors(PHONE)``; whatever their consoles complain of fails the test."""
    settings.DEMO, settings.SECOND_FACTOR_ROLES = False, ["auditor"]
    complaints, contexts = [], []

    def device(viewport):
        contexts.append(chromium.new_context(viewport=viewport, locale="zh-CN", reduced_motion="reduce"))
        contexts[-1].set_default_timeout(15_000)
        page = contexts[-1].new_page()
        page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return Visitor(page, live_server.url)

    yield device
    for context in contexts:
        context.close()
    assert [said for said in complaints if "400 (Bad Request)" not in said] == []


def signs_in(visitor, person):
    visitor.go("/accounts/login/")
    visitor.sign_in(person)


def fill(visitor, **typed):
    for name, text in typed.items():
        visitor.page.locator(f"[name={name}]").fill(text)


def test_an_app_a_code_from_paper_and_a_passkey(visitors):
    person = UserFactory(username="shen", role="auditor", unit=None, full_name="沈玉梅")
    person.set_password(PASSWORD)
    person.save()
    phone = visitors(PHONE)
    signs_in(phone, person)
    phone.sees("登录须经二次验证，请先绑定")
    phone.fits()
    phone.go("/accounts/events/")
    phone.sees("还没有绑定")
    phone.press("绑定验证器")
    phone.sees("扫描下面的二维码")
    drawn = phone.page.get_by_alt_text("绑定验证器的二维码").evaluate("image => image.complete && image.naturalWidth")
    assert drawn > 100, "the policy lets the picture through"
    phone.fits()
    app = pyotp.TOTP(phone.page.locator("code").inner_text().replace(" ", ""))
    fill(phone, code=app.now(), name="工作手机", password=PASSWORD)
    phone.press("绑定")
    phone.sees("恢复码只显示这一次")
    phone.fits()
    codes = phone.page.locator("li code").all_inner_texts()
    phone.press("已存好，进入工作台")
    phone.sees("工作台")

    desk = visitors(DESKTOP)
    signs_in(desk, person)
    desk.sees("账号 shen 的密码正确")
    fill(desk, code=codes[0])
    desk.press("登录")
    desk.sees("还剩 9 个")

    keys = desk.page.context.new_cdp_session(desk.page)
    keys.send("WebAuthn.enable")
    virtual = {"protocol": "ctap2", "transport": "internal", "hasUserVerification": True, "isUserVerified": True}
    keys.send("WebAuthn.addVirtualAuthenticator", {"options": virtual | {"hasResidentKey": True}})
    desk.go("/accounts/factors/passkey/")
    fill(desk, name="办公电脑", password=PASSWORD)
    desk.press("绑定")
    desk.sees("已绑定通行密钥")
    desk.sees("通行密钥“办公电脑”")
    desk.go("/accounts/factors/passkey/")
    fill(desk, name="又一次", password=PASSWORD)
    desk.press("绑定")
    desk.sees("已经绑定过")

    desk.go("/accounts/me/")
    desk.press("退出登录")
    signs_in(desk, person)
    desk.sees("使用通行密钥")
    desk.fits()
    desk.press("使用通行密钥")
    desk.sees("工作台")
    desk.go("/accounts/factors/")
    desk.sees("还剩 9 个")
    desk.fits()
    results = list(SignIn.objects.order_by("pk").values_list("result", flat=True))
    assert results == ["success", "half", "success", "recovery", "sign_out", "half", "success"]
