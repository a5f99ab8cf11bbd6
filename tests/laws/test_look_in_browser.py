"""The component page in a real Chromium: axe reports nothing, the content policy blocks nothing."""

import shutil
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.urls import reverse

from safetyledger.npm import NODE_MODULES

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
AXE = NODE_MODULES / "axe-core" / "axe.min.js"
RULES = "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice']})"
SMALL_TARGETS = """
  [...document.querySelectorAll("button, input, select, textarea, summary, a.btn, .tabs a, .chip a, .phonebar a")]
    .map(element => [element, element.getBoundingClientRect(),
      (element.closest("label") || element).getBoundingClientRect()])
    .filter(([element, own, label]) => own.width > 0 && Math.max(label.height, own.height) < 43.5)
    .map(([element]) => element.outerHTML.slice(0, 120))
"""

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
    pytest.mark.skipif(not AXE.is_file(), reason="axe-core is not installed: run npm ci"),
]


@contextmanager
def component_page(client, live_server, person, width):
    """The component page as ``person`` sees it, with the complaints of the browser's console."""
    # Before the browser starts: its event loop forbids the ORM in this thread.
    client.force_login(person)
    cookie = {
        "name": settings.SESSION_COOKIE_NAME,
        "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
        "url": live_server.url,
    }
    complaints = []
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        context = browser.new_context(viewport={"width": width, "height": 800})
        context.add_cookies([cookie])
        page = context.new_page()
        page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(live_server.url + reverse("look"), wait_until="networkidle")
        yield page, complaints
        browser.close()


@pytest.mark.parametrize("width", [360, 1280])
def test_component_page_is_quiet_fits_and_is_accessible(client, live_server, manager, width):
    with component_page(client, live_server, manager, width) as (page, complaints):
        assert page.locator(".echart canvas").count() == 2
        assert complaints == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        if width < 768:
            assert page.evaluate(SMALL_TARGETS) == []
        page.evaluate(AXE.read_text(encoding="utf-8"))
        found = page.evaluate(f"{RULES}.then(report => report.violations.map(one => [one.id, one.nodes[0].html]))")
        assert found == []
