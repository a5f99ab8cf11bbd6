"""The register page in a real Chromium: the camera reloads the page, the network fails, and nothing is lost."""

import shutil
from contextlib import contextmanager
from io import BytesIO

import pytest
from django.conf import settings
from PIL import Image

from evidence import picking
from evidence.models import Photo
from hazards import registration_rules
from hazards.forms import HazardForm, HazardFormSet
from hazards.models import Hazard
from hazards.registration_rules import Need
from tests.factories import EnterpriseFactory

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]


@pytest.fixture
def phone(client, live_server, inspector, colleague, township):
    """Opens the register page on a phone: ``with phone() as page``; its console complains into ``page.complaints``."""
    firm = EnterpriseFactory(township=township, name="商丘豫盛冷链食品有限公司", sector=None)
    client.force_login(inspector)  # before the browser starts: its event loop forbids the ORM in this thread
    cookie = {
        "name": settings.SESSION_COOKIE_NAME,
        "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
        "url": live_server.url,
    }

    @contextmanager
    def opened():
        with playwright.sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
            context = browser.new_context(viewport={"width": 360, "height": 740})
            context.add_cookies([cookie])
            page = context.new_page()
            page.complaints = []
            page.on("console", lambda said: page.complaints.append(said.text) if said.type == "error" else None)
            page.on("pageerror", lambda error: page.complaints.append(str(error)))
            page.goto(f"{live_server.url}/hazards/register/", wait_until="networkidle")
            yield page
            browser.close()

    opened.firm = firm.pk
    return opened


def snapshot():
    out = BytesIO()
    Image.new("RGB", (400, 300), "grey").save(out, "JPEG")
    return {"name": "现场.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def choose(page):
    page.fill("[name=enterprise_q]", "冷链")
    page.locator("#enterprise-results label", has_text="商丘豫盛").click()
    page.wait_for_selector("[data-chosen]")
    page.select_option("[name=colleague]", index=1)


def test_a_reload_loses_nothing_and_the_page_says_what_is_missing(phone):
    with phone() as page:
        register = page.url
        choose(page)
        first = page.locator("[data-card]").first
        first.locator("[name$=description]").fill("灭火器被货架遮挡")
        first.locator("input[type=file]").nth(1).set_input_files([snapshot()])
        page.wait_for_selector("[data-photo]")
        page.click("[data-add]")
        second = page.locator("[data-card]").nth(1)
        second.locator("[name$=description]").fill("速冻间与包装间相通")
        second.locator("label.choice-major").click()
        assert page.inner_text("[data-missing-all]") == "还差：隐患 2 判定依据"
        page.wait_for_timeout(700)  # typed text is written down when the typing pauses

        page.reload(wait_until="networkidle")
        assert page.locator("[data-draft]").is_visible()
        assert page.locator("[data-card]").count() == 2
        assert page.locator("[data-photo]").count() == 1
        page.locator("[data-card]").nth(1).locator("[name$=basis]").fill("令第 10 号第十二条（二）")
        assert page.inner_text("[data-missing-all]") == ""
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        page.click(".submitbar .btn-primary")
        page.wait_for_url("**/inspections/*/")

        page.goto(register, wait_until="networkidle")
        assert not page.locator("[data-draft]").is_visible()
        assert page.input_value("[name=hazards-0-description]") == ""
        assert page.complaints == []

    assert list(Hazard.objects.order_by("pk").values_list("description", "level")) == [
        ("灭火器被货架遮挡", "general"),
        ("速冻间与包装间相通", "major"),
    ]
    assert Photo.objects.get().record.description == "灭火器被货架遮挡"


def test_a_photo_that_did_not_arrive_is_retried_and_holds_the_form_back(phone):
    with phone() as page:
        choose(page)
        page.locator("[name$='0-description']").fill("灭火器被货架遮挡")
        page.route("**/photos/", lambda route: route.abort())
        page.locator("[data-card] input[type=file]").nth(1).set_input_files([snapshot()])
        page.wait_for_selector("text=重试")
        page.click(".submitbar .btn-primary")
        assert "还有照片没有传完" in page.inner_text("[data-card]")

        page.unroute("**/photos/")
        page.click("text=重试")
        page.wait_for_selector("[data-photo]")
        page.click(".submitbar .btn-primary")
        page.wait_for_url("**/inspections/*/")


def test_what_is_typed_on_a_refused_page_survives_a_reload(phone):
    with phone() as page:
        choose(page)
        card = page.locator("[data-card]").first
        card.locator("[name$=description]").fill("灭火器被货架遮挡")
        card.locator("input[type=file]").nth(1).set_input_files([snapshot()])
        page.wait_for_selector("[data-photo]")
        card.locator("[name$=in_working_days]").check(force=True)
        card.locator("label", has_text="选日期").click()
        page.click(".submitbar .btn-primary")
        page.wait_for_selector("[data-to-mend]")
        assert "隐患 1 截止日期" in page.inner_text("[data-to-mend]")
        assert page.locator("[data-to-mend]").evaluate("e => e.getBoundingClientRect().top < innerHeight")
        assert page.evaluate("document.activeElement.id") == "id_hazards-0-due_date"
        assert page.inner_text("[data-missing-all]").startswith("有 1 处需要修改")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360

        card.locator("[name$=description]").fill("灭火器和消火栓被货架遮挡")
        card.locator("[name$=in_working_days]").uncheck(force=True)
        assert page.inner_text("[data-missing-all]").startswith("还差")
        page.wait_for_timeout(700)
        page.reload(wait_until="networkidle")
        assert page.locator("[data-to-mend]").count() == 1
        assert page.input_value("[name=hazards-0-description]") == "灭火器和消火栓被货架遮挡"
        assert not card.locator("[name$=in_working_days]").is_checked()
        assert page.locator("[data-photo]").count() == 1
        assert [said for said in page.complaints if "400" not in said] == []


def test_script_knows_no_rule_but_those_the_page_serves(phone, monkeypatch):
    """Other rules than the real ones: what the script says and shows follows the data."""
    place = Need("location", "请填写隐患位置", {"level": ("general",)})
    date = Need("due_date", "请选择截止日期", {"due": ("30",)})
    after = Need("after", "请上传整改后照片", {"in_working_days": (True,)})
    monkeypatch.setattr(HazardForm, "needs", (place, date, after))
    monkeypatch.setattr(HazardFormSet, "max_num", 2)
    monkeypatch.setattr(registration_rules, "ASKED", {"due": {"location": ("",)}})
    monkeypatch.setattr(registration_rules, "NO_HAZARD", "一条也没有")
    monkeypatch.setattr(HazardForm.base_fields["due"], "choices", [("7", "7 日"), ("30", "30 日"), ("60", "60 日")])
    monkeypatch.setattr(picking, "MAX_PER_STAGE", 1)
    with phone() as page:
        choose(page)
        card = page.locator("[data-card]").first
        card.locator("[name$=description]").fill("灭火器被货架遮挡")
        assert page.inner_text("[data-missing-all]") == "还差：隐患 1 隐患位置"
        card.locator("label.choice-major").click()
        assert page.inner_text("[data-missing-all]") == ""
        assert card.locator("[data-level]").inner_text() == "重大"

        card.locator("label", has_text="30 日").click()
        assert page.inner_text("[data-missing-all]") == "还差：隐患 1 截止日期"
        assert card.locator("[name$=due_date]").is_visible()
        card.locator("label", has_text="60 日").click()
        assert not card.locator("[name$=due_date]").is_visible()
        in_days = card.locator("[data-until]").inner_text()
        assert in_days.startswith("至 ")
        card.locator("[name$=in_working_days]").check(force=True)
        assert card.locator("[data-until]").inner_text() > in_days
        assert page.inner_text("[data-missing-all]") == "还差：隐患 1 整改后照片"

        album = card.locator("[data-after] input[type=file]").nth(1)
        album.set_input_files([snapshot(), snapshot()])
        page.wait_for_selector("[data-photo]")
        assert page.locator("[data-photo]").count() == 1
        card.locator("[name$=fixed_on_spot]").check(force=True)
        assert card.locator("[data-asked=due]").is_visible()
        card.locator("[name$=location]").fill("二楼")
        assert not card.locator("[data-asked=due]").is_visible()
        page.click("[data-add]")
        assert not page.locator("[data-add]").is_visible()
        page.on("dialog", lambda dialog: dialog.accept())
        page.locator("[data-card]").nth(1).locator("[data-remove]").click()
        assert page.locator("[data-add]").is_visible()
        assert page.inner_text("[data-total]") == "共 1 条"
        card.locator("[data-remove]").click()
        assert page.inner_text("[data-missing-all]") == "还差：一条也没有"
        assert page.complaints == []


def test_a_major_hazard_is_judged_by_a_criterion_found_by_search_and_never_closed_on_the_spot(phone):
    with phone() as page:
        choose(page)
        card = page.locator("[data-card]").first
        assert not card.locator("[name$=basis]").is_visible()
        card.locator("[name$=description]").fill("速冻间与包装间相通")
        card.locator("[name$=fixed_on_spot]").check(force=True)
        card.locator("label.choice-major").click()
        assert not card.locator("[name$=fixed_on_spot]").is_checked()
        assert not card.locator("[data-asked=fixed_on_spot]").is_visible()
        search = card.get_by_label("查找判定标准", exact=True)
        basis, key = card.locator("[name$=basis]"), card.locator("[name$=criterion]")
        results = card.locator("[data-criterion] .results")
        search.fill("液氨 速冻")
        card.locator("[data-criterion] .result").click()
        assert "第十二条（二）" in basis.input_value() and key.input_value()
        assert "已引用" in card.locator("[data-criterion-said]").inner_text()
        search.fill("并无此条")
        playwright.expect(results).to_contain_text("没有找到")
        page.locator("[name=inspected_on]").evaluate("input => { input.value = ''; }")  # the visit is folded
        search.fill("液氨")
        playwright.expect(results).to_contain_text("请先填好检查日期")
        card.locator("label.choice-general").click()
        assert not basis.is_visible() and not search.is_visible()
        assert [said for said in page.complaints if "400" not in said] == []


def test_a_basis_written_over_by_hand_forgets_the_criterion_and_more_words_do_not(phone):
    with phone() as page:
        choose(page)
        card = page.locator("[data-card]").first
        card.locator("[name$=description]").fill("速冻间与包装间相通")
        card.locator("label.choice-major").click()
        card.get_by_label("查找判定标准", exact=True).fill("液氨 速冻")
        card.locator("[data-criterion] .result").click()
        basis, key = card.locator("[name$=basis]"), card.locator("[name$=criterion]")
        basis.fill(f"{basis.input_value()}；现场 11 人")
        assert key.input_value()
        page.wait_for_timeout(700)
        page.reload(wait_until="networkidle")  # what was picked is part of the draft
        assert key.input_value() and "已引用" in card.locator("[data-criterion-said]").inner_text()
        card.get_by_label("查找判定标准", exact=True).fill("包装 直接蒸发")
        card.locator("[data-criterion] .result").click()
        basis.fill("AQ 7015-2018 第 5.1 条")
        assert key.input_value() == ""
        assert card.locator("[data-criterion-said]").inner_text() == ""
        search = card.get_by_label("查找判定标准", exact=True)
        search.fill("重大火灾隐患判定规则")
        card.locator("[data-criterion] .result").click()  # a standard as a whole: the article is still to be written
        assert page.evaluate("document.activeElement.name").endswith("basis")
        basis.press("End")
        basis.press_sequentially("5.1")
        page.click(".submitbar .btn-primary")
        page.wait_for_url("**/inspections/*/")
        assert page.complaints == []

    hazard = Hazard.objects.select_related("criterion__standard").get()
    assert (hazard.criterion.standard.number, hazard.criterion.is_whole) == ("GB 35181-2025", True)
    assert hazard.basis.endswith("5.1")


def test_a_search_without_a_session_says_so_and_keeps_what_was_typed(phone):
    with phone() as page:
        card = page.locator("[data-card]").first
        card.locator("[name$=description]").fill("速冻间与包装间相通")
        card.locator("label.choice-major").click()
        page.context.clear_cookies()
        card.get_by_label("查找判定标准", exact=True).fill("液氨")
        card.locator("[data-criterion] .results a", has_text="在新窗口登录").wait_for()
        assert card.locator("[name$=description]").input_value() == "速冻间与包装间相通"
        assert [said for said in page.complaints if "401" not in said] == []


def test_phrases_are_added_to_what_was_written(phone):
    with phone() as page:
        choose(page)
        card = page.locator("[data-card]").first
        card.locator("[name$=description]").fill("二楼东侧。")
        card.locator("[data-phrases=description] summary").click()
        card.locator("[data-phrases=description] .result", has_text="疏散通道堆放杂物").click()
        playwright.expect(card.locator("[name$=description]")).to_have_value("二楼东侧；疏散通道堆放杂物")
        assert page.complaints == []


def test_a_complete_visit_folds_so_that_the_hazard_stands_on_the_first_screen(phone):
    with phone() as page:
        choose(page)
        page.locator("[data-card] [name$=description]").first.focus()
        assert not page.locator("[data-visit-body]").is_visible()
        assert "商丘豫盛冷链食品有限公司" in page.inner_text("[data-visit-summary]")
        assert page.locator("[data-card]").first.bounding_box()["y"] < 400
        page.get_by_role("button", name="修改").click()
        assert page.locator("[data-visit-body]").is_visible()
        assert page.complaints == []


def test_what_was_begun_goes_on_with_the_enterprise_that_had_to_be_registered_first(phone, live_server):
    with phone() as page:
        page.locator("[data-card] [name$=description]").first.fill("灭火器压力不足")
        page.locator("[name=enterprise_q]").press_sequentially("新开的厂")
        link = page.get_by_role("link", name="登记“新开的厂”")
        link.wait_for()
        page.wait_for_timeout(700)  # the draft is kept when the typing pauses
        link.click()
        assert page.input_value("[name=name]") == "新开的厂"
        page.goto(f"{live_server.url}/hazards/register/?enterprise={phone.firm}", wait_until="networkidle")
        assert page.input_value("[name=hazards-0-description]") == "灭火器压力不足"
        assert page.locator("[data-chosen]").get_attribute("data-chosen") == str(phone.firm)
        assert page.complaints == []
