"""Somebody signed in on two devices ends one from the other; and gives a program a token."""

import os

import pytest
from django.urls import reverse

from accounts.models import User
from tests import stages
from tests.journeys.conftest import DESKTOP, PASSWORD, PHONE, playwright

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
expect = playwright.expect


def photographed(visitor, name):
    """A picture for whoever asks for one by SHOTS."""
    if folder := os.environ.get("SHOTS"):
        visitor.page.screenshot(path=f"{folder}/{name}.png", full_page=True)
    visitor.fits()


def test_a_device_is_ended_from_another_and_what_was_being_typed_there_is_not_lost(visit, cast):
    hazard = stages.hazard(cast, "rectifying")
    person = cast["enterprise"]
    phone, desktop = visit(person, PHONE), visit(person, DESKTOP)
    phone.go(reverse("hazards:act", args=[hazard.pk, "submit_feedback"]))
    phone.page.get_by_label("整改情况").fill("已加装隔断\n隔断到顶")
    phone.take_photos("photos", "red")
    expect(phone.page.locator("[data-photo]")).to_have_count(1)

    desktop.go(reverse("accounts:me"))
    desktop.press("登录设备")
    desktop.sees("本机")
    photographed(desktop, "sessions-1280")
    desktop.page.get_by_role("button", name="上的登录").click()
    desktop.sees("已退出 1 台设备上的登录")

    phone.press("提交反馈")
    phone.sees("您在另一台设备上结束了这里的登录")
    phone.sees("刚才填写的内容可以继续提交")
    photographed(phone, "ended-360")
    phone.sign_in(person)
    phone.sees("已加装隔断")
    phone.press("继续提交")
    phone.sees("已提交整改反馈，待复查")
    hazard.refresh_from_db()
    assert hazard.feedbacks.get().content == "已加装隔断\n隔断到顶"

    phone.go(reverse("accounts:me"))
    photographed(phone, "me-360")
    phone.go(reverse("accounts:token_new"))
    phone.page.get_by_label("名称").fill("数据大屏")
    phone.page.get_by_label("权限").select_option("read")
    phone.page.get_by_label("登录密码").fill(PASSWORD)
    photographed(phone, "token-form-360")
    phone.press("生成令牌")
    phone.sees("令牌只显示这一次")
    photographed(phone, "token-made-360")
    secret = phone.page.locator(".kv code").inner_text()
    answer = phone.page.request.get(f"{phone.base}/api/v1/hazards/", headers={"Authorization": f"Token {secret}"})
    assert answer.status == 200
    phone.go(reverse("accounts:sessions"))
    photographed(phone, "sessions-360")

    # 退出所有设备, from the desktop: the phone, the token and this one.
    desktop.go(reverse("accounts:tokens"))
    photographed(desktop, "tokens-1280")
    desktop.go(reverse("accounts:own_end_access"))
    photographed(desktop, "end-all-1280")
    desktop.press("退出所有设备")
    desktop.sees("账号的登录已全部结束")
    phone.go(reverse("accounts:tokens"))
    phone.sees("账号的登录已全部结束")
    person = User.objects.get(pk=person.pk)
    assert [event.kind for event in person.events.order_by("sequence")] == ["make_token", "end_access"]
