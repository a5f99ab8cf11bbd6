"""Laws of the repository as text: no dead template, no way around the gate or the scope, no file too long to read."""

import ast
import os
import re
import subprocess
import sys
import tomllib
from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command

from tests.laws.past_the_gate import PAST_THE_GATE

ROOT = Path(__file__).resolve().parents[2]
APPS = sorted(path.parent.name for path in ROOT.glob("*/__init__.py") if path.parent.name != "tests")
SOURCES = sorted(path for app in APPS for path in (ROOT / app).rglob("*.py"))
WRITTEN = [path for path in SOURCES if "migrations" not in path.parts]
TESTS = sorted((ROOT / "tests").rglob("*.py"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SCRIPTS = sorted((ROOT / "static" / "js").rglob("*.js"))
MAX_LINES, MAX_FUNCTION, MAX_SCRIPT = 400, 60, 200


def text_of(path):
    return path.read_text(encoding="utf-8")


def named(path):
    return path.relative_to(ROOT).as_posix()


def names_in(path):
    """``{line: name of the innermost class and function around it}`` of a module; lines outside of any are left out."""
    around = {}

    def walk(node, prefix):
        for child in ast.iter_child_nodes(node):
            name = prefix
            if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                name = f"{prefix}.{child.name}".lstrip(".")
                around.update(dict.fromkeys(range(child.lineno, child.end_lineno + 1), name))
            walk(child, name)

    walk(ast.parse(text_of(path)), "")
    return around


def places(hits):
    """``{"path:function", …}`` of what `found` gives: what an exemption names, so that the next line of a file is under the law."""
    around, named_there = {}, set()
    for hit in hits:
        path, line, _ = hit.split(":", 2)
        around[path] = around.get(path) or names_in(ROOT / path)
        named_there.add(f"{path}:{around[path].get(int(line), '')}")
    return named_there


def found(pattern, paths):
    """``["path:line: text", …]`` of every match."""
    hits = []
    for path in paths:
        for number, line in enumerate(text_of(path).splitlines(), start=1):
            if re.search(pattern, line):
                hits.append(f"{named(path)}:{number}: {line.strip()}")
    return hits


def test_every_app_stands_in_the_layers():
    """An app that import-linter does not know keeps every contract."""
    rules = tomllib.loads(text_of(ROOT / "pyproject.toml"))["tool"]["importlinter"]
    assert sorted(rules["root_packages"]) == APPS
    layers = next(one["layers"] for one in rules["contracts"] if "containers" not in one and one["type"] == "layers")
    assert sorted(name.strip() for layer in layers for name in re.split(r"[|:]", layer)) == APPS
    inside = {container for one in rules["contracts"] for container in one.get("containers", ())}
    assert inside <= set(APPS)


@pytest.mark.django_db
def test_models_and_migrations_agree():
    try:
        call_command("makemigrations", check=True, dry_run=True, stdout=(said := StringIO()))
    except SystemExit:
        pytest.fail(said.getvalue())


def test_every_template_is_used():
    everything = "\n".join(text_of(path) for path in [*WRITTEN, *TEMPLATES])
    # A name may be put together from a choice: hazards/_register_{'enterprise' if whole else 'results'}.html.
    put_together = [re.escape(text) for text in re.findall(r'f"([\w/]+)\{[^"]*\}\.html"', everything)]
    unused = []
    for path in TEMPLATES:
        name = path.relative_to(ROOT / "templates").as_posix()
        if (
            f'"{name}"' not in everything
            and f"'{name}'" not in everything
            and not any(re.match(one, name) for one in put_together)
        ):
            unused.append(name)
    assert unused == []


def test_every_template_that_is_named_exists():
    names = set()
    for path in [*WRITTEN, *TEMPLATES]:
        names |= set(re.findall(r"""["']((?:[\w-]+/)*[\w-]+\.html)["']""", text_of(path)))
    # Django REST framework and others bring templates of their own; ours lie in these folders.
    ours = {path.name for path in (ROOT / "templates").iterdir() if path.is_dir()}
    missing = [name for name in names if name.split("/")[0] in ours and not (ROOT / "templates" / name).is_file()]
    assert missing == []


def test_every_script_is_loaded_by_a_page_or_by_another_script():
    loaded = {
        ROOT / "static" / name for path in TEMPLATES for name in re.findall(r"static '(js/[^']+)'", text_of(path))
    }
    for path in SCRIPTS:
        loaded |= {(path.parent / name).resolve() for name in re.findall(r"""\bfrom ["'](\.[^"']+)""", text_of(path))}
    assert {named(path) for path in loaded ^ set(SCRIPTS)} == set()


@pytest.mark.parametrize("path", SCRIPTS, ids=named)
def test_script_is_short_enough_to_read(path):
    assert len(text_of(path).splitlines()) <= MAX_SCRIPT


def test_nothing_is_marked_safe():
    assert found(r"\|\s*safe\b|autoescape off", TEMPLATES) == []
    assert found(r"mark_safe|SafeString\(|\.extra\(|RawSQL", WRITTEN) == []


def test_only_the_gate_writes_records():
    """A record, its events and what is written beside them are written by `journal` alone."""
    writes = r"\.(save|create|get_or_create|update_or_create|bulk_create|bulk_update|create_user|delete)\((?!out\b)|\.update\(\w+=|(?<![.\w])insert\("
    outside = [path for path in WRITTEN if path.relative_to(ROOT).parts[0] != "journal"]
    where = places(hit for hit in found(writes, outside) if "gate.create(" not in hit)
    assert where - set(PAST_THE_GATE) == set()
    assert set(PAST_THE_GATE) - where == set(), "exceptions nobody needs"


# Who sets a column called like one of the gate's.
SETS_A_STATE = {
    "bench/sweep.py:": "a condition in SQL",
    "journal/chronicle.py:Life.happen": "lives written whole",
    "journal/chronicle.py:born": "lives written whole",
    "journal/gate.py:create": "the gate",
    "safetyledger/file_broker.py:Transport.__init__": "the state of the broker, which is none of a record",
}


def test_only_the_gate_changes_a_state():
    """The columns of the gate are set by it and, for lives written whole, by `journal.chronicle`."""
    assert places(found(r"\w\.(state|version|last_digest)\s*=(?!=)|update\([^)]*\b(state|version)=", WRITTEN)) == set(
        SETS_A_STATE
    )


def doors():
    """Modules that let something in or out: by their name, and everything that reads a workbook into the ledger."""
    inner = ("views", "api", "tasks.py", "views.py", "api.py", "filters.py", "forms.py", "export.py")
    return [
        path
        for path in WRITTEN
        if named(path).startswith("imports/") or any(part in inner for part in path.relative_to(ROOT).parts[1:])
    ]


# Reads at a door that need no scope, each function with its reason.
UNSCOPED = {
    "enforcement/views.py:MeasureList.fetch": "rows of a page whose ids come from a scoped list",
    "reporting/views.py:ReportList.fetch": "rows of a page whose ids come from a scoped list",
    "enforcement/views.py:ClosingList.fetch": "rows of a page whose ids come from a scoped list",
    "flags/views.py:FlagList.fetch": "rows of a page whose ids come from a scoped list",
    "flags/views.py:FlagRowList.fetch": "rows of a page whose ids come from a scoped list",
    "hazards/views/todos.py:_fetched": "rows of a list whose ids come from a scoped query",
    "hazards/views/files.py:documents_about": "of a row that a scoped query found, and of those on it in scope",
    "hazards/views/detail.py:_others": "more columns of a row that a scoped query found",
    "hazards/views/ledger.py:Ledger.fetch": "rows of a page whose ids come from a scoped filter",
    "imports/matching.py:Enterprises.__init__": "an import by the system, which has no scope",
    "imports/matching.py:Enterprises._read": "credit codes are unique in the whole house, not in one scope",
    "imports/matching.py:Known.__init__": "an import by the system, which has no scope",
    "imports/matching.py:Known._read": "numbers and keys are unique in the whole house, not in one scope",
    "imports/batches.py:reread": "a row that was looked up in scope",
    "imports/batches.py:enter": "locks a row that was looked up in scope",
    "imports/places.py:_matrix": "who answers for what in the city of the import, as defaults are chosen everywhere",
    "inspections/views.py:Visits.fetch": "rows of a page whose ids come from a scoped list",
    "inspections/views.py:Enterprises.fetch": "rows of a page whose ids come from a scoped list",
}


# Bodies, people, sectors and standards are looked up and offered as choices by every form; their own lists go by ``visible_to``.
DIRECTORY = {"Unit", "User", "Sector", "Standard", "Criterion"}


def test_doors_read_rows_in_scope():
    """``Hazard.objects`` at a door is followed by ``visible_to``; the exceptions stand above."""
    scoped = {kind.__name__ for kind in apps.get_models() if hasattr(kind._default_manager, "visible_to")}
    kinds = "|".join(scoped - DIRECTORY)
    reads = found(rf"\b({kinds})\.objects\.(?!visible_to|none\(|model\b)", doors())
    reads = [hit for hit in reads if not re.search(r"(uploaded|created)_by=(request\.)?user\b", hit)]  # one's own
    assert places(reads) - set(UNSCOPED) == set()
    assert set(UNSCOPED) - places(reads) == set(), "exceptions nobody needs"


def test_no_module_is_a_drawer_for_everything():
    drawers = {"utils", "helpers", "common", "services", "misc", "tools", "lib"}
    assert [
        named(path)
        for path in [*SOURCES, *TESTS]
        if path.stem in drawers or drawers & set(path.parts[len(ROOT.parts) : -1])
    ] == []


@pytest.mark.parametrize("path", [*WRITTEN, *TESTS], ids=named)
def test_file_and_functions_are_short_enough_to_read(path):
    text = text_of(path)
    assert len(text.splitlines()) <= MAX_LINES
    functions = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    assert {
        one.name: one.end_lineno - one.lineno + 1 for one in functions if one.end_lineno - one.lineno >= MAX_FUNCTION
    } == {}


def test_nothing_is_left_for_later():
    words = "|".join(["TO" + "DO", "FIX" + "ME", "XX" + "X", "TE" + "MP"])
    assert found(rf"\b({words})\b|raise Not" + "ImplementedError", [*SOURCES, *TESTS, *TEMPLATES]) == []


LOCKS = [
    "requirements.txt",
    "requirements-dev.txt",
    "requirements-peers.txt",
    "requirements-mutants.txt",
    "package-lock.json",
    ".npmrc",
]


@pytest.mark.parametrize("name", LOCKS)
def test_lock_names_no_index_or_host(name):
    text = text_of(ROOT / name)
    assert re.findall(r"--(?:extra-)?index-url|--find-links|--trusted-host|@\s*(?:https?|file|git)", text) == []
    # npm writes the address a package came from; only the public registry's may stand there.
    assert [
        url for url in re.findall(r'"resolved":\s*"([^"]+)"', text) if not url.startswith("https://registry.npmjs.org/")
    ] == []


def committed():
    """Names of the files in the repository; every file outside a checkout of git."""
    try:
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("no git checkout here")
    return [name for name in listed.decode().split("\0") if name and (ROOT / name).is_file()]


def test_no_file_names_a_place_of_one_machine():
    places = re.compile(r"/(?:work|tmp/w|root|Users)/|/home/[a-z]")
    named_here = []
    for name in committed():
        if name == "tests/laws/test_repository.py" or Path(name).suffix in (
            ".gz",
            ".png",
            ".jpg",
            ".xlsx",
            ".et",
            ".xls",
            ".woff2",
        ):
            continue
        if places.search((ROOT / name).read_text(encoding="utf-8", errors="replace")):
            named_here.append(name)
    assert named_here == []


@pytest.mark.parametrize("name", ["README.md", "README.zh.md"])
def test_commands_in_the_readme_exist(name):
    path = ROOT / name
    targets = set(re.findall(r"^([a-z]+):", text_of(ROOT / "Makefile"), re.MULTILINE))
    commands = {file.stem for app in APPS for file in (ROOT / app).glob("management/commands/*.py")}
    django = {
        "migrate",
        "createsuperuser",
        "check",
        "collectstatic",
        "runserver",
        "changepassword",
        "dumpdata",
        "loaddata",
        "shell",
        "drf_create_token",
    }
    text = text_of(path)
    assert set(re.findall(r"\bmake ([a-z]+)\b", text)) - targets == set()
    assert set(re.findall(r"manage\.py ([a-z_]+)", text)) - commands - django == set()
    links = [link for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text) if not (ROOT / link).exists()]
    assert links == []


def test_production_settings_pass_the_deployment_check(tmp_path):
    production = {
        "DATABASE_URL": f"sqlite:///{tmp_path / 'db.sqlite3'}",
        "SECRET_KEY": "c" * 20 + "0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFG",
        "AUDIT_KEYS": "k1:" + "0123456789abcdef" * 4,
        "DATA_KEYS": "k1:" + "fedcba9876543210" * 4,
        "ALLOWED_HOSTS": "ledger.example",
        "VAR_DIR": str(tmp_path),
    }
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PYTEST", "REDIS_URL", "DEMO", "DEBUG"))
    }
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    done = subprocess.run(command, cwd=ROOT, env=kept | production, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 silenced" in done.stdout + done.stderr


def test_pages_of_the_guide_have_pictures_which_are_there_and_described():
    pages = sorted((ROOT / "docs" / "guide").glob("*.md"))
    taken = set(re.findall(r'Picture\(\s*"([a-z-]+)"', text_of(ROOT / "docs" / "screenshots.py")))
    for page in [ROOT / "README.md", ROOT / "README.zh.md", *pages]:
        shown = re.findall(r"!\[([^\]]*)\]\(([^)]*images/([^)]+)\.png)\)", text_of(page))
        assert shown or (page.parent.name == "guide" and page.name == "README.md"), page
        for words, link, name in shown:
            assert words and name in taken and (page.parent / link).is_file(), (page, link)
    assert {file.stem for file in (ROOT / "docs" / "images").glob("*.png")} == taken
    assert sum(file.stat().st_size for file in (ROOT / "docs" / "images").iterdir()) < 2_500_000
