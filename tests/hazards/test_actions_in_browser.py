"""Pages of acts in a real Chromium on a phone: what scripts show and hide, files that go ahead, a page left behind by a second tab."""

import shutil
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.urls import reverse

from hazards.models import Hazard

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]


@contextmanager
def on_a_phone(client, live_server, person, width=360):
    """A browser in which ``person`` is signed in."""
    client.force_login(person)  # before the browser starts: its event loop forbids the ORM in this thread
    cookie = {
        "name": settings.SESSION_COOKIE_NAME,
        "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
        "url": live_server.url,
    }
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        context = browser.new_context(viewport={"width": width, "height": 740})
        context.add_cookies([cookie])
        yield context
        browser.close()


def test_two_tabs_issue_once_and_only_the_chosen_deadline_is_asked_for(client, live_server, manager, registered):
    address = live_server.url + reverse("hazards:act", args=[registered.pk, "issue"])
    with on_a_phone(client, live_server, manager) as context:
        first, second = context.new_page(), context.new_page()
        for page in (first, second):
            page.goto(address, wait_until="networkidle")
        assert not first.locator("[name=due_date]").is_visible()
        first.get_by_role("radio", name="选日期", exact=True).check()
        assert first.locator("[name=due_date]").is_visible()
        assert first.inner_text("[data-until]") == ""
        first.get_by_role("radio", name="7 日", exact=True).check()
        assert not first.locator("[name=due_date]").is_visible()
        in_days = first.inner_text("[data-until]")
        first.get_by_label("按工作日计算").check()
        assert in_days.startswith("至 ") and first.inner_text("[data-until]") > in_days  # whatever day it is today
        second.fill("[name=requirement]", "先停用，再隔开")
        for page in (first, second):
            page.click(".submitbar .btn-primary")
            page.wait_for_load_state("networkidle")

        assert "已下达整改" in first.inner_text("main")
        said = second.inner_text("main")
        assert "不能下达整改" in said
        assert str(manager) in said
        assert "先停用，再隔开" in said
        assert second.locator(".btn-primary, #act-form").count() == 0
        assert second.evaluate("document.documentElement.scrollWidth") <= 360
        second.click("text=查看最新情况")
        second.wait_for_url(f"**{registered.get_absolute_url()}")
    assert Hazard.objects.get().working_days == 7


def test_a_document_goes_ahead_of_its_form_and_one_that_is_none_is_refused_at_once(
    client, live_server, manager, registered
):
    address = live_server.url + reverse("hazards:act", args=[registered.pk, "comment"])
    with on_a_phone(client, live_server, manager) as context:
        page = context.new_page()
        page.goto(address, wait_until="networkidle")
        page.set_input_files(
            "input[type=file]",
            [
                {"name": "检测报告.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"},
                {"name": "程序.exe", "mimeType": "application/octet-stream", "buffer": b"MZ"},
            ],
        )
        playwright.expect(page.locator("[data-upload-error]")).to_contain_text("“程序.exe”不是 PDF")
        playwright.expect(page.locator("[data-photo]")).to_have_text("检测报告.pdf✕")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        page.fill("[name=text]", "第三方检测")
        page.click(".submitbar .btn-primary")
        page.wait_for_url(f"**{registered.get_absolute_url()}")
        assert "检测报告.pdf" in page.inner_text("section[aria-label=附件]")
    assert registered.documents.get().name == "检测报告.pdf"


def test_what_is_picked_before_the_script_came_is_sent_when_it_comes(client, live_server, manager, registered):
    """On a slow connection somebody is faster than the script, which takes the name from the choice of files: nothing is lost."""
    address, held = live_server.url + reverse("hazards:act", args=[registered.pk, "comment"]), []
    with on_a_phone(client, live_server, manager) as context:
        page = context.new_page()
        page.route("**/js/upload*", lambda route: held.append(route))
        page.goto(address, wait_until="commit")
        page.set_input_files(
            "input[type=file]", [{"name": "检测报告.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"}]
        )
        page.wait_for_timeout(300)
        assert held and page.locator("[data-photo]").count() == 0
        for route in held:
            route.continue_()
        playwright.expect(page.locator("[data-photo]")).to_have_count(1)


def test_a_filter_menu_says_how_many_rows_each_choice_leaves_once_it_is_opened(
    client, live_server, manager, registered
):
    with on_a_phone(client, live_server, manager, width=1280) as context:
        page, asked = context.new_page(), []
        page.on("request", lambda request: asked.append(request.url) if "facets" in request.url else None)
        page.goto(live_server.url + reverse("hazards:ledger"), wait_until="networkidle")
        assert asked == []
        menu = page.locator("details.menu", has=page.locator("summary", has_text="等级")).first
        menu.locator("summary").click()
        playwright.expect(menu.locator("#count-level-general")).to_have_text("1")
        menu.locator("summary").click()
        menu.locator("summary").click()
        assert len(asked) == 1
