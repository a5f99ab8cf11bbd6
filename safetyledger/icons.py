"""One SVG sprite of just the icons the pages use, drawn by @tabler/icons."""

import re
from xml.etree import ElementTree

from django.conf import settings

from safetyledger.npm import NODE_MODULES

NAMES = settings.BASE_DIR / "static" / "icons.txt"
SPRITE = settings.BASE_DIR / "build" / "static" / "icons.svg"
SVG = "http://www.w3.org/2000/svg"
KEPT_ATTRIBUTES = ("viewBox", "fill", "stroke", "stroke-width", "stroke-linecap", "stroke-linejoin")
NAME = re.compile(r"[a-z0-9-]+")


class UnknownIcon(Exception):
    """A name in static/icons.txt that @tabler/icons does not have."""


def names():
    """The listed names, one a line; blank lines and lines from # on are skipped."""
    lines = (line.partition("#")[0].strip() for line in NAMES.read_text(encoding="utf-8").splitlines())
    return sorted({line for line in lines if line})


def drawing(name):
    """File of an icon: `check` is outlined, `check-filled` is filled. Raises UnknownIcon."""
    icons = NODE_MODULES / "@tabler" / "icons" / "icons"
    candidates = [icons / "outline" / f"{name}.svg", icons / "filled" / f"{name.removesuffix('-filled')}.svg"]
    for path in candidates if NAME.fullmatch(name) else []:
        if path.is_file() and (path.parent.name == "outline" or name.endswith("-filled")):
            return path
    raise UnknownIcon(f"No icon “{name}” in @tabler/icons; see static/icons.txt.")


def symbol(name):
    """The icon as <symbol id="i-NAME">."""
    # The file is one npm installed against the lock's hash, not somebody's upload.
    source = ElementTree.parse(drawing(name)).getroot()  # noqa: S314
    kept = {key: source.attrib[key] for key in KEPT_ATTRIBUTES if key in source.attrib}
    target = ElementTree.Element(f"{{{SVG}}}symbol", {"id": f"i-{name}", **kept})
    for shape in source:
        # The first path of every icon is an invisible square that only holds its place.
        if shape.get("d") != "M0 0h24v24H0z":
            shape.tail = None
            target.append(shape)
    return target


def sprite():
    """The whole sprite as text."""
    ElementTree.register_namespace("", SVG)
    root = ElementTree.Element(f"{{{SVG}}}svg")
    root.extend(symbol(name) for name in names())
    return ElementTree.tostring(root, encoding="unicode")


def build():
    """Writes the sprite where it differs; returns how many icons it holds."""
    text = sprite()
    SPRITE.parent.mkdir(parents=True, exist_ok=True)
    if not SPRITE.exists() or SPRITE.read_text(encoding="utf-8") != text:
        SPRITE.write_text(text, encoding="utf-8")
    return text.count("<symbol")
