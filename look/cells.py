"""How the cells of a list are drawn: each function gives one from a row to its words, escaped.

A ``path`` is dotted ("township.short_name"): attributes, or keys of a dict; a missing or empty value on the way is —.
"""

from django.template.loader import get_template
from django.urls import reverse
from django.utils.html import format_html

from look.words import full_date

NOTHING = "—"


def value_at(row, path):
    """What stands at ``path`` of ``row``, methods without arguments called; None where the way ends early."""
    for name in path.split("."):
        row = row.get(name) if isinstance(row, dict) else getattr(row, name)
        if row is None:
            return None
        if callable(row):
            row = row()
    return row


def text(path):
    """The value as it is written."""
    return lambda row: value_at(row, path) or NOTHING


def day(path):
    """A day written in full, as columns of days are compared by eye."""

    def drawn(row):
        found = value_at(row, path)
        return NOTHING if found is None else full_date(found)

    return drawn


def link(path, url_name, pk="pk", draw=text):
    """The value as a link to the page ``url_name`` of the row whose key stands at ``pk``."""
    words = draw(path)
    return lambda row: format_html('<a href="{}">{}</a>', reverse(url_name, args=[value_at(row, pk)]), words(row))


def with_meta(cell, path):
    """``cell`` and under it, smaller, the value at ``path`` where there is one."""

    def drawn(row):
        below = value_at(row, path)
        return format_html('{}<span class="meta">{}</span>', cell(row), below) if below else cell(row)

    return drawn


def fragment(template_name, name="row"):
    """The cell as a template draws it, with the row as ``name``."""
    return lambda row: get_template(template_name).render({name: row})
