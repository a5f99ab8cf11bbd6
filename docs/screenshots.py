"""Makes the pictures of the README: ``python docs/screenshots.py [http://127.0.0.1:8000 PASSWORD]``.

Without an address it starts a demonstration of its own in a directory that is gone afterwards. Needs the development
requirements and Chromium. Pictures are reduced to a palette, so that each stays below ``MAX_BYTES``.
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
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]
IMAGES = ROOT / "docs" / "images"
MAX_BYTES = 250_000
DESK, PHONE = {"width": 1280, "height": 860}, {"width": 390, "height": 844}


def main():
    if len(sys.argv) == 3:
        take_all(*sys.argv[1:])
    else:
        with demonstration() as (address, password):
            take_all(address, password)


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


def take_all(address, password):
    IMAGES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        with signed_in(browser, address, password, "township", DESK) as page:
            shoot(page, f"{address}/hazards/", "ledger")
            shoot(page, first(page, address, "/hazards/?view=overdue", "table.ledger tbody a"), "hazard")
            shoot(page, f"{address}/hazards/import/", "import")
        with signed_in(browser, address, password, "safety_office", DESK) as page:
            shoot(page, f"{address}/", "desk")
        with signed_in(browser, address, password, "leader", DESK) as page:
            shoot(page, f"{address}/rankings/", "ranking")
        with signed_in(browser, address, password, "inspector", PHONE) as page:
            shoot(page, f"{address}/", "desk-phone")
            firm = first(page, address, "/inspections/enterprises/", "main table a, main .cards a")
            shoot(
                page,
                f"{address}/hazards/register/?enterprise={firm.rstrip('/').split('/')[-1]}",
                "register-phone",
                fill=describe,
            )
            shoot(page, f"{address}/hazards/?view=open", "ledger-phone")
        with signed_in(browser, address, password, "enterprise", PHONE) as page:
            shoot(page, f"{address}/notifications/?tab=all", "inbox-phone")
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


def first(page, address, path, selector):
    """The address of the first link that ``selector`` finds on the page ``path``."""
    page.goto(address + path, wait_until="networkidle")
    return address + page.locator(selector).first.get_attribute("href")


def describe(page):
    """Something typed, so that the form does not look dead."""
    page.get_by_label("隐患描述").first.fill("二楼东侧安全出口上锁，疏散通道堆放纸箱，人员无法快速撤离")


def shoot(page, url, name, fill=None):
    page.goto(url, wait_until="networkidle")
    if fill is not None:
        fill(page)
    page.wait_for_timeout(600)  # charts draw themselves in
    page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
    whole = Image.open(BytesIO(page.screenshot())).convert("RGB")
    for colours in (256, 128, 64):
        out = BytesIO()
        whole.quantize(colours, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
        if len(out.getvalue()) <= MAX_BYTES:
            break
    (IMAGES / f"{name}.png").write_bytes(out.getvalue())
    print(f"docs/images/{name}.png {len(out.getvalue()) // 1000} kB", flush=True)


if __name__ == "__main__":
    main()
