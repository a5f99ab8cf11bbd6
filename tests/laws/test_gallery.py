"""Laws of the gallery and the stylesheets: nothing is drawn, tagged or styled for the gallery's sake alone."""

import ast
import re
from pathlib import Path

import pytest
from django.template import engines
from django.template.library import import_library

ROOT = Path(__file__).resolve().parents[2]
APPS = sorted(path.parent for path in ROOT.glob("*/__init__.py") if path.parent.name != "tests")
GALLERY = {
    "gallery.html",
    *(f"_gallery_{part}.html" for part in ("words", "controls", "story", "tables")),
    "gallery.py",
}
TEMPLATES = [path for path in sorted((ROOT / "templates").rglob("*.html")) if path.name not in GALLERY]
SOURCES = [
    path
    for app in APPS
    for path in sorted(app.rglob("*.py"))
    if path.name not in GALLERY and "migrations" not in path.parts
]
SCRIPTS = sorted((ROOT / "static" / "js").rglob("*.js"))
SHEETS = sorted((ROOT / "static" / "css").glob("*.css"))
LIBRARIES = ("look.templatetags.look", "hazards.templatetags.hazard_badges", "rankings.templatetags.ranking_drawings")

# Classes put together from a value, each with the reason.
PUT_TOGETHER = {
    "w-": "a share in whole percent (widths.css)",
    "deadline-": "the kind of hazards.words.deadline_words",
    "state-": "the css name in hazards.words.STATES",
    "choices-": "the layout given to the tag choices",
    "opinion-": "ok or bad, by the result of a review",
    "risk-": "the risk grade of an enterprise",
    "plan-": "how far a version of a plan is (hazards.views.major)",
    "lv-": "what a map is coloured by, and the step (rankings.views.map)",
    "p": "the parts of a score are numbered: p1 … p6",
}  # fmt: skip
NUMBERED = re.compile(r"p[1-6]")


def text_of(path):
    return path.read_text(encoding="utf-8")


def strings_of(source):
    """String literals of Python code without docstrings."""
    tree = ast.parse(source)
    said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said
    ]


def classes_written():
    """Every word that can end up in a class attribute: of class attributes, quoted values in tags, string literals."""
    parts = []
    for path in TEMPLATES:
        text = text_of(path)
        parts += re.findall(r'class="((?:\{[%{].*?[%}]\}|[^"])*)"', text)
        parts += re.findall(r"\{% block \w+_class %\}(.*?)\{% endblock", text)
        for tag in re.findall(r"\{%.*?%\}", text):
            parts += re.findall(r"\"([^\"]*)\"|'([^']*)'", tag)
    for path in SOURCES:
        parts += strings_of(text_of(path))
    for path in SCRIPTS:
        parts += re.findall(r"\"([^\"]*)\"|'([^']*)'", text_of(path))
    return set(
        re.findall(
            r"[A-Za-z][\w-]*", " ".join(one for part in parts for one in ([part] if isinstance(part, str) else part))
        )
    )


def classes_styled(path):
    """The classes in the selectors of a stylesheet."""
    text = re.sub(r"/\*.*?\*/", "", text_of(path), flags=re.DOTALL)
    selectors = re.sub(r"\{[^{}]*\}", "{}", text)
    return set(re.findall(r"\.([A-Za-z][\w-]*)", selectors))


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.name)
def test_every_class_of_a_stylesheet_is_written_somewhere(path):
    prefixes = tuple(prefix for prefix in PUT_TOGETHER if prefix.endswith("-"))
    unused = {
        name
        for name in classes_styled(path) - classes_written()
        if not (name.startswith(prefixes) or NUMBERED.fullmatch(name))
    }
    assert unused == set()


def test_every_fragment_is_used_by_a_page_or_a_tag():
    everything = "\n".join(map(text_of, [*TEMPLATES, *SOURCES]))
    fragments = [
        path for folder in ("components", "look") for path in sorted((ROOT / "templates" / folder).glob("*.html"))
    ]
    names = [path.relative_to(ROOT / "templates").as_posix() for path in fragments]
    assert [name for name in names if not re.search(rf"[\"']{re.escape(name)}[\"']", everything)] == []


@pytest.mark.parametrize("module", LIBRARIES)
def test_every_tag_is_used_by_a_page_or_a_list(module):
    library = import_library(module)
    templates = "\n".join(map(text_of, TEMPLATES))
    own = ROOT / f"{module.replace('.', '/')}.py"
    sources = "\n".join(text_of(path) for path in SOURCES if path != own)
    unused = {
        name for name in library.tags if not re.search(rf"\{{%\s*{name}\b", templates) and f"{name}(" not in sources
    }
    unused |= {name for name in library.filters if not re.search(rf"\|{name}\b", templates)}
    assert unused == set()


def test_the_libraries_of_every_page_are_among_those_looked_at():
    builtins = {
        module for module in engines["django"].engine.builtins if module.split(".")[0] in {app.name for app in APPS}
    }
    assert builtins <= set(LIBRARIES)
