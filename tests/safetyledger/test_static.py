import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.template import engines

from safetyledger import icons, npm, static_storage
from safetyledger.unknown_variable import UnknownVariable

TEMPLATES = settings.BASE_DIR / "templates"
STATIC_TAG = re.compile(r"""\{%\s*static\s+["']([^"']+)["']""")
ICON_TAG = re.compile(r"""\{%\s*icon\s+["']([^"']+)["']""")


def found_in_templates(pattern):
    return {
        (path.relative_to(TEMPLATES).as_posix(), name)
        for path in TEMPLATES.rglob("*.html")
        for name in pattern.findall(path.read_text(encoding="utf-8"))
    }


def test_every_static_file_a_template_names_exists():
    icons.build()
    missing = [(template, name) for template, name in found_in_templates(STATIC_TAG) if not finders.find(name)]

    assert missing == []


def test_every_icon_a_template_names_is_in_the_sprite():
    listed = set(icons.names())

    assert [pair for pair in found_in_templates(ICON_TAG) if pair[1] not in listed] == []


def test_sprite_holds_each_listed_icon_and_no_script():
    text = icons.sprite()

    assert re.findall(r'<symbol id="i-([a-z0-9-]+)"', text) == icons.names()
    assert "<script" not in text


@pytest.mark.parametrize("name", ["no-such-icon", "../../package", "diamond.svg", ""])
def test_unknown_icon_is_named(name):
    with pytest.raises(icons.UnknownIcon, match="see static"):
        icons.drawing(name)


def test_filled_icon_is_found_by_its_suffix():
    assert icons.drawing("diamond-filled").parent.name == "filled"
    assert icons.drawing("diamond").parent.name == "outline"


def test_only_listed_npm_files_are_served():
    assert Path(finders.find("vendor/htmx.min.js")).is_file()
    assert finders.find("vendor/../package.json") is None
    assert finders.find("htmx.org/package.json") is None


def test_check_says_what_to_run_when_packages_are_missing(monkeypatch, settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    assert npm.check_node_modules(None) == []

    monkeypatch.setattr(npm, "NODE_MODULES", tmp_path)

    assert [error.hint for error in npm.check_node_modules(None)] == ["Run npm ci."]


def test_source_maps_are_not_followed_and_the_rest_is():
    patterns = str(static_storage.ManifestStorage.patterns)

    assert "sourceMappingURL" not in patterns
    assert "url" in patterns


def test_collected_scripts_import_each_other_by_hashed_name(settings, tmp_path):
    icons.build()
    settings.STATIC_ROOT = tmp_path
    manifest = {"BACKEND": "safetyledger.static_storage.ManifestStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": manifest}
    call_command("collectstatic", interactive=False, verbosity=0)

    hashed = json.loads((tmp_path / "staticfiles.json").read_text(encoding="utf-8"))["paths"]
    served = {(tmp_path / name).resolve() for name in hashed.values()}
    imported = set()
    for name in (name for name in hashed if name.startswith("js/")):
        script = tmp_path / hashed[name]
        for other in re.findall(r"""\bfrom ["'](\.[^"']+)""", script.read_text(encoding="utf-8")):
            imported.add((script.parent / other).resolve())
    assert imported
    assert imported - served == set()
    assert all(path.is_file() for path in imported)


def test_unknown_template_variable_fails():
    template = engines["django"].from_string("{{ no_such_variable.at_all }}")
    with pytest.raises(UnknownVariable, match="no_such_variable"):
        template.render({})
