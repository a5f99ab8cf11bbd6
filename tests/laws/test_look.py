"""Laws of the look: what the content policy, the old browsers and the one component page demand of every template."""

import re
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.contrib.staticfiles import finders
from django.test.signals import template_rendered
from django.urls import reverse

from hazards import words
from safetyledger import navigation, npm

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
COMPONENTS = ROOT / "templates" / "components"
SHEETS = sorted((ROOT / "static" / "css").glob("*.css"))
SCRIPTS = sorted((ROOT / "static" / "js").rglob("*.js"))
SOURCES = sorted(
    path for app in ROOT.glob("*/__init__.py") if app.parent.name != "tests" for path in app.parent.rglob("*.py")
)
ICONS = (ROOT / "static" / "icons.txt").read_text(encoding="utf-8").split()

REFUSED_IN_TEMPLATES = {
    "inline style": r"\sstyle\s*=",
    "style element": r"<style\b",
    "inline script": r"<script(?![^>]*\bsrc=)",
    "event attribute": r"\son[a-z]+\s*=\s*[\"']|hx-on",
    "script address": r"javascript:",
    "unescaped output": r"\|\s*safe\b|autoescape off",
    "address of another host": r"(?:src|href)\s*=\s*[\"'](?:https?:)?//",
}
# Chromium 88 and Firefox 85 do not know these.
UNKNOWN_TO_OLD_BROWSERS = r":has\(|color-mix\(|oklch\(|oklab\(|light-dark\(|@container|@layer|\bdvh\b|&\s*[.:{]"


def named(paths):
    return pytest.mark.parametrize("path", paths, ids=lambda path: str(path.relative_to(ROOT)))


@named(TEMPLATES)
def test_template_keeps_to_the_content_policy(path):
    text = path.read_text(encoding="utf-8")
    broken = [law for law, pattern in REFUSED_IN_TEMPLATES.items() if re.search(pattern, text, re.IGNORECASE)]
    assert broken == []


@named([path for path in TEMPLATES if path.parent == COMPONENTS])
def test_component_says_what_context_it_needs(path):
    first = path.read_text(encoding="utf-8").splitlines()[0]
    assert re.fullmatch(r"\{# .*Context.*: .* #\}", first)


@named(SHEETS)
def test_stylesheet_is_known_to_old_browsers(path):
    text = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert re.findall(UNKNOWN_TO_OLD_BROWSERS, text) == []
    assert len(text.splitlines()) <= 400


@named(SCRIPTS)
def test_script_never_evaluates_or_writes_markup(path):
    text = path.read_text(encoding="utf-8")
    # Markup may only be copied from a <template> the server wrote.
    written = r"(?:inner|outer)HTML\s*\+?=(?!=|\s*document\.getElementById)|insertAdjacentHTML|document\.write"
    assert re.findall(rf"\beval\(|new Function|{written}|https?://", text) == []


def test_breakpoint_is_767_px():
    widths = set()
    for path in SHEETS:
        widths |= set(re.findall(r"@media \((?:min|max)-width: (\d+)px\)", path.read_text(encoding="utf-8")))
    assert widths == {"767", "768", "1180", "1760"}


def icons_named_in_source():
    """Icon names written in templates and in Python tables of our apps, with where each stands."""
    found = {name: "hazards/words.py" for _, name, _ in words.STATES.values()}
    found |= dict.fromkeys(words.DEADLINE_ICONS.values(), "hazards/words.py")
    found |= {icon: "safetyledger/navigation.py" for *_, icon, _ in navigation.MENU if icon}
    for path in TEMPLATES:
        text = path.read_text(encoding="utf-8")
        for name in re.findall(r"""{%-?\s*icon\s+["']([^"']+)|icon_name=["']([a-z0-9-]+)""", text):
            found["".join(name)] = str(path.relative_to(ROOT))
    for path in SOURCES:
        for name in re.findall(
            r"""(?:["']icon["']:\s*|\bicon=)["']([a-z0-9-]+)["']""", path.read_text(encoding="utf-8")
        ):
            found[name] = str(path.relative_to(ROOT))
    return found


def test_icons_are_in_the_list_of_the_sprite():
    missing = {name: place for name, place in icons_named_in_source().items() if name not in ICONS}
    assert missing == {}


def test_every_icon_of_the_sprite_is_drawn_by_a_page():
    pages = [path for path in [*TEMPLATES, *SOURCES, *SCRIPTS] if "gallery" not in path.name]
    everything = "\n".join(path.read_text(encoding="utf-8") for path in pages)
    assert [name for name in ICONS if not re.search(rf"[\"'#](?:i-)?{name}[\"']", everything)] == []


def test_icon_list_is_sorted_without_repeats():
    assert sorted(set(ICONS)) == ICONS


def test_static_names_in_templates_exist():
    missing = {}
    for path in TEMPLATES:
        for name in re.findall(r"""{%\s*static\s+["']([^"']+)""", path.read_text(encoding="utf-8")):
            if name not in npm.FILES and not finders.find(name):
                missing[name] = str(path.relative_to(ROOT))
    assert missing == {}


@pytest.mark.django_db
def test_component_page_shows_every_fragment(client):
    person = get_user_model().objects.create_user("designer", password="x", full_name="冯晓岚", role="sysadmin")
    client.force_login(person)
    shown = set()

    def note(sender, template, **kwargs):
        shown.add(template.name)

    template_rendered.connect(note)
    try:
        response = client.get(reverse("look"))
    finally:
        template_rendered.disconnect(note)
    assert response.status_code == 200
    fragments = {f"components/{path.name}" for path in COMPONENTS.glob("*.html")}
    assert fragments - shown == set()
    assert "style=" not in response.content.decode()
