"""A real Chromium before a live server: people who sign in, and whatever the browser complains about."""

import re
import shutil
from datetime import timedelta
from io import BytesIO

import pytest
from django.utils import timezone
from PIL import Image

from hazards import operations
from tests import stages
from tests.factories import EnterpriseFactory, UnitFactory, UserFactory
from tests.journeys.background import background_work

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
PASSWORD = "Chuan-8-Shang"
PHONE, DESKTOP = {"width": 360, "height": 740}, {"width": 1280, "height": 900}


def pytest_collection_modifyitems(items):
    for item in items:
        if "tests/journeys/" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"))


@pytest.fixture
def chromium(live_server, monkeypatch, request):
    """A browser of this test alone: Playwright's event loop must begin after the database is ready and end before it is emptied.

    A test may parametrize it with options of the launch. While it runs, Django takes this thread for asynchronous code; nothing here is.
    """
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    with playwright.sync_playwright() as driver:
        options = getattr(request, "param", {})
        browser = driver.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--disable-software-rasterizer"], **options
        )
        yield browser
        browser.close()


class Visitor:
    """One person at one device."""

    def __init__(self, page, base):
        self.page, self.base = page, base

    def go(self, path):
        self.page.goto(self.base + path)

    def sign_in(self, person):
        """Fill in the sign-in page that is shown."""
        self.page.get_by_label("账号").fill(person.username)
        self.page.get_by_label("密码").fill(PASSWORD)
        self.press("登录")

    def press(self, words):
        """Press the button or follow the link that says exactly ``words``; what follows must wait for what it needs."""
        exactly = re.compile(rf"^\s*{re.escape(words)}\s*$")
        found = self.page.get_by_role("button", name=exactly).or_(self.page.get_by_role("link", name=exactly))
        found.filter(visible=True).first.click()

    def sees(self, words):
        playwright.expect(self.page.locator("body")).to_contain_text(words)

    def fits(self):
        """Nothing is wider than the screen."""
        wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, self.page.url

    def take_photos(self, field, *colours):
        """Pick pictures in the album of ``field``; with script wait until the server has them."""
        self.page.locator(f"[data-name='{field}'] input[type=file]").last.set_input_files(
            [jpeg(colour) for colour in colours]
        )


def jpeg(colour):
    out = BytesIO()
    Image.new("RGB", (800, 600), colour).save(out, "JPEG")
    return {"name": f"{colour}.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


@pytest.fixture
def visit(chromium, live_server):
    """Signs people in on devices of their own: ``visit(person, PHONE)``; complaints of the console fail the test, but for those
    with a word of ``visit.expects``."""
    complaints, contexts = [], []

    def sign_in(person, viewport=DESKTOP, **options):
        context = chromium.new_context(
            viewport=viewport, locale="zh-CN", timezone_id="Asia/Shanghai", reduced_motion="reduce", **options
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        page.on(
            "console",
            lambda said: complaints.append((page.url, said.text)) if said.type in ("error", "warning") else None,
        )
        page.on("pageerror", lambda error: complaints.append((page.url, str(error))))
        visitor = Visitor(page, live_server.url)
        visitor.go("/accounts/login/")
        visitor.sign_in(person)
        visitor.sees("工作台")
        return visitor

    sign_in.expects = ()
    yield sign_in
    for context in contexts:
        context.close()
    assert [said for said in complaints if not any(word in said[1] for word in sign_in.expects)] == []


@pytest.fixture
def people(live_server):
    """Everybody of the journey, with the password above, and the firm they meet at."""
    township = UnitFactory(code="411402001", name="双八镇人民政府", short_name="双八镇")
    city = UnitFactory(code="4114", name="商丘市人民政府", short_name="商丘市")
    county = UnitFactory(code="411402", name="梁园区人民政府", short_name="梁园区", parent=city)
    township.parent = county
    township.save()
    office = UnitFactory(code="4114-AWB", name="商丘市安全生产委员会办公室", short_name="商丘市安委办", parent=city)
    firm = EnterpriseFactory(township=township, name="商丘豫盛冷链食品有限公司", uscc="")
    roles = {
        "inspector": ("inspector", township, "袁立新"), "colleague": ("inspector", township, "贺春生"), "manager": ("manager", township, "郑有田"),
        "office": ("safety_office", office, "冯晓岚"), "leader": ("leader", city, "宁致和"), "enterprise": ("enterprise", None, "孟令山"),
    }  # fmt: skip
    made = {}
    for name, (role, unit, full_name) in roles.items():
        made[name] = UserFactory(username=name, role=role, unit=unit, full_name=full_name)
        made[name].set_password(PASSWORD)
        made[name].save()
    firm.members.add(made["enterprise"])
    return made | {"firm": firm}


@pytest.fixture
def ordered(people):
    """A hazard of the firm that its township has ordered to be mended within thirty days."""
    return order(people, "快速冻结装置未设置在单独的作业间内", days=30)


def order(people, description, **due):
    """A hazard of the firm, registered today and ordered to be mended by ``due`` (as `operations.issue`); only registered without."""
    at = timezone.now()
    row = operations.draft(
        by=people["inspector"], at=at, enterprise=people["firm"], found_on=timezone.localdate(at), description=description,
        requirement="当日整改",
    )  # fmt: skip
    operations.register(row, by=people["inspector"], at=at)
    if due:
        operations.issue(row, by=people["manager"], at=at, **due)
    return row


@pytest.fixture
def cast(live_server):
    """The people of `tests.stages`, who can sign in."""
    people = stages.cast()
    people["secadmin"] = UserFactory(role="secadmin", unit=None)
    for name, person in people.items():
        if name != "firm":
            person.set_password(PASSWORD)
            person.save()
    return people


@pytest.fixture
def last_week():
    """Noon of the Wednesday of last week."""
    noon = timezone.localtime().replace(hour=12, minute=0, second=0, microsecond=0)
    return noon - timedelta(days=noon.weekday() + 5)


@pytest.fixture
def work(live_server, tmp_path):
    """``work()`` has everything done that waits for a worker: by a real one where there is Redis, else here and now."""
    with background_work(tmp_path) as do:
        yield do
