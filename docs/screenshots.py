"""Makes the pictures of the README and of the guide: ``python docs/screenshots.py [http://127.0.0.1:8000 PASSWORD] [NAME …]``.

Without an address it starts a demonstration of its own in a directory that is gone afterwards; with names it makes those pictures
alone. Needs the development requirements and Chromium. Pictures are reduced to a palette of as many colours as fit the bytes allowed.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from itertools import groupby
from operator import attrgetter
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]
IMAGES = ROOT / "docs" / "images"
README_BYTES, GUIDE_BYTES = 250_000, 80_000
DESK, PHONE, PAGE = {"width": 1280, "height": 860}, {"width": 390, "height": 844}, {"width": 1000, "height": 680}


@dataclass(frozen=True)
class Picture:
    """``name``.png as ``who`` sees it on a ``device``: the page ``path``, or of its first ``row`` (a selector) the page, with the ``act``
    behind it; ``fill(page)`` does what makes it speak, and what ``at`` selects stands at the top."""

    name: str
    who: str
    device: dict
    path: str
    row: str = ""
    act: str = ""
    fill: Callable | None = None
    at: str = ""
    limit: int = GUIDE_BYTES


def main():
    given = sys.argv[1:]
    address, password = (given.pop(0), given.pop(0)) if given and "://" in given[0] else (None, None)
    wanted = [picture for picture in PICTURES if not given or picture.name in given]
    if address:
        take_all(wanted, address, password)
    else:
        with demonstration() as (address, password):
            take_all(wanted, address, password)


@contextmanager
def demonstration():
    """A demo server of its own: ``(address, password)``."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as var:
        kept = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
        environment = kept | {"VAR_DIR": var, "PORT": str(port), "DEMO": "1", "DEMO_PASSWORD": "Demo-for-pictures-1"}
        server = subprocess.Popen([sys.executable, "manage.py", "serve_all", "--prepare"], cwd=ROOT, env=environment)
        try:
            address = f"http://127.0.0.1:{port}"
            wait_for(f"{address}/healthz", server)
            yield address, environment["DEMO_PASSWORD"]
        finally:
            server.terminate()
            server.wait(timeout=30)


def wait_for(url, server, seconds=300):
    """Return when ``url`` answers; stop when the server has ended or never does."""
    give_up = time.monotonic() + seconds
    while time.monotonic() < give_up:
        try:
            urllib.request.urlopen(url, timeout=2).close()  # noqa: S310 - our own address
        except (urllib.error.URLError, OSError):
            if server.poll() is not None:
                break
            time.sleep(0.5)
        else:
            return
    sys.exit(f"{url} does not answer")


def take_all(pictures, address, password):
    IMAGES.mkdir(parents=True, exist_ok=True)
    by_person = sorted(pictures, key=lambda one: (one.who, one.device["width"]))
    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox", "--lang=zh-CN"],
            env={**os.environ, "LANGUAGE": "zh_CN"},
        )
        for (who, device), theirs in groupby(by_person, attrgetter("who", "device")):
            with signed_in(browser, address, password, who, device) as page:
                for picture in theirs:
                    shoot(page, address, picture)
        browser.close()


@contextmanager
def signed_in(browser, address, password, username, viewport):
    context = browser.new_context(viewport=viewport, locale="zh-CN", timezone_id="Asia/Shanghai")
    page = context.new_page()
    page.goto(f"{address}/accounts/login/")
    page.get_by_label("账号").fill(username)
    page.get_by_label("密码").fill(password)
    page.get_by_role("button", name="登录").click()
    page.wait_for_load_state("networkidle")
    if page.url.endswith("/accounts/login/"):
        sys.exit(f"{username} cannot sign in with this password")
    yield page
    context.close()


def shoot(page, address, picture):
    page.goto(address + picture.path, wait_until="networkidle")
    if picture.row:
        found = page.locator(picture.row).first
        if not found.count():
            sys.exit(f"{picture.name}: nothing on {picture.path}")
        page.goto(address + found.get_attribute("href") + picture.act, wait_until="networkidle")
    if picture.fill is not None:
        picture.fill(page)
    page.wait_for_timeout(600)  # charts draw themselves in
    page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
    if picture.at:
        top = page.locator(picture.at).first
        top.wait_for(timeout=5000)
        top.evaluate("one => scrollTo(0, one.getBoundingClientRect().top + scrollY - 72)")
    whole = Image.open(BytesIO(page.screenshot())).convert("RGB")
    for colours in (256, 128, 64, 32):
        out = BytesIO()
        whole.quantize(colours, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
        if len(out.getvalue()) <= picture.limit:
            break
    (IMAGES / f"{picture.name}.png").write_bytes(out.getvalue())
    print(f"docs/images/{picture.name}.png {len(out.getvalue()) // 1000} kB, {colours} colours", flush=True)


def describe(page):
    """Something typed, so that the form does not look dead."""
    page.get_by_label("隐患描述").first.fill("二楼东侧安全出口上锁，疏散通道堆放纸箱，人员无法快速撤离")


def written(**fields):
    """Types ``fields``, by the names of their inputs."""

    def fill(page):
        for name, words in fields.items():
            page.locator(f"[name='{name}']").first.fill(words)

    return fill


def ticked(page):
    for tick in page.locator("td input[name='only']").all()[:4]:
        tick.check()


def opened(page):
    """The menu of the levels, with what each leaves."""
    page.locator(".filters summary").first.click()
    page.wait_for_load_state("networkidle")


def bulk_page(page):
    ticked(page)
    page.locator("[data-bulk-does='chase']").click()
    page.wait_for_load_state("networkidle")


def cited(page):
    """A major hazard whose criterion is looked for."""
    page.get_by_label("隐患描述").first.fill("涉氨制冷的快速冻结装置未设置在单独的作业间内")
    page.locator("label.choice-major").first.click()
    page.locator("[data-criterion] input[type=search]").first.fill("液氨")
    page.locator("[data-criterion] .results button").first.wait_for()


def to_register(page):
    """From the page of a firm to the page where hazards in it are registered."""
    firm = page.url.rstrip("/").split("/")[-1]
    page.goto(page.url.split("/inspections/")[0] + f"/hazards/register/?enterprise={firm}", wait_until="networkidle")
    describe(page)


def to_cite(page):
    to_register(page)
    cited(page)


FORM = ".stack > section:nth-of-type(3)"  # below the head of the row and its photos: what was asked for, or the form
ROW = "main table tbody a:visible"
PICTURES = (
    Picture("ledger", "township", DESK, "/hazards/", limit=README_BYTES),
    Picture("hazard", "township", DESK, "/hazards/?view=overdue&level=major", ROW, limit=README_BYTES),
    Picture("import", "township", DESK, "/hazards/import/", limit=README_BYTES),
    Picture("desk", "safety_office", DESK, "/", limit=README_BYTES),
    Picture("ranking", "leader", DESK, "/rankings/", limit=README_BYTES),
    Picture("desk-phone", "inspector", PHONE, "/", limit=README_BYTES),
    Picture(
        "register-phone", "inspector", PHONE, "/inspections/enterprises/", ROW, fill=to_register, limit=README_BYTES
    ),
    Picture("ledger-phone", "inspector", PHONE, "/hazards/?view=open", limit=README_BYTES),
    Picture("inbox-phone", "enterprise", PHONE, "/notifications/?tab=all", limit=README_BYTES),
    # The guide.
    Picture("official-forms", "safety_office", DESK, "/rankings/forms/"),
    Picture(
        "extension-ask",
        "enterprise",
        PHONE,
        "/hazards/?view=all&level=general&waiting=submit_feedback&order=-deadline",
        ROW,
        "request_extension/",
        written(reason="配件需厂家定制，两周后到货", protection="停用该部位，专人看守"),
        at=FORM,
    ),
    Picture(
        "extension-decide",
        "township",
        PAGE,
        "/hazards/?view=all&waiting=decide_extension",
        ROW,
        "decide_extension/",
        at=FORM,
    ),
    Picture("finding", "safety_office", PAGE, "/hazards/?view=open", fill=opened),
    Picture("transfer-offer", "township", PAGE, "/hazards/?view=open&state=registered", ROW, "offer_transfer/"),
    Picture(
        "transfer-answer",
        "township",
        PAGE,
        "/hazards/?view=all&waiting=answer_transfer",
        ROW,
        "answer_transfer/",
        at=FORM,
    ),
    Picture("report-file", "department", PHONE, "/reports/?waiting=me", ROW, "file/"),
    Picture("referral", "township", PAGE, "/hazards/?view=all&waiting=answer_referral", ROW),
    Picture("splitting", "township", PAGE, "/hazards/?view=open&state=registered", ROW, "split/"),
    Picture("voiding-ask", "township", PAGE, "/hazards/?view=open&state=registered", ROW, "request_void/"),
    Picture(
        "voiding-decide", "safety_office", PAGE, "/hazards/?view=all&waiting=decide_void", ROW, "decide_void/", at=FORM
    ),
    Picture("correction", "township", PAGE, "/hazards/?view=open&state=registered", ROW, "correct/"),
    Picture("correction-reassign", "township", PAGE, "/hazards/?view=open&state=rectifying", ROW, "reassign/"),
    Picture("bulk", "township", PAGE, "/hazards/?view=open", fill=ticked),
    Picture("bulk-form", "township", PAGE, "/hazards/?view=open", fill=bulk_page),
    Picture("explained", "safety_office", PAGE, "/rankings/?kind=township", ROW),
    Picture("leader-phone", "leader", PHONE, "/rankings/leader/"),
    Picture("criteria", "safety_office", PAGE, "/standards/"),
    Picture("criteria-cite", "inspector", PHONE, "/inspections/enterprises/", ROW, fill=to_cite, at="[data-criterion]"),
    Picture("bulletin", "safety_office", DESK, "/bulletins/?state=issued", ROW),
    Picture("bulletin-sign", "safety_office", DESK, "/bulletins/?state=pending", ROW, "issue_bulletin/"),
    Picture("audit", "auditor", DESK, "/"),
    Picture("second-factor", "inspector", PHONE, "/accounts/factors/app/", at="img"),
    Picture("flags", "safety_office", PAGE, "/flags/?kind=photo&state=answered", ROW),
    Picture("enforcement", "township", PAGE, "/measures/"),
    Picture("enforcement-resume", "township", PAGE, "/measures/?waiting=me", ROW),
    Picture("major", "enterprise", PAGE, "/hazards/?view=open&level=major", ROW, at="#major"),
    Picture("major-plan", "department", PAGE, "/hazards/?view=all&waiting=decide_plan", ROW, "decide_plan/", at=FORM),
    Picture("access", "township", PAGE, "/accounts/sessions/"),
    Picture("responsibilities", "township", PAGE, "/responsibilities/"),
    Picture("responsibilities-gaps", "safety_office", PAGE, "/responsibilities/gaps/"),
    Picture(
        "files",
        "township",
        PAGE,
        "/hazards/?view=all&waiting=answer_referral",
        ROW,
        at="section:has(h2:text-is('整改前后'))",
    ),
    Picture("following-instruct", "leader", PAGE, "/hazards/?view=overdue", ROW, "instruct/"),
    Picture(
        "following-answer",
        "township",
        PAGE,
        "/hazards/?view=all&waiting=answer_instruction",
        ROW,
        "answer_instruction/",
        at=FORM,
    ),
)


if __name__ == "__main__":
    main()
