"""The template tags every page is assembled from; a builtin library, so no page loads it. See templates/components."""

import re

from django import template
from django.forms import CheckboxInput, CheckboxSelectMultiple, FileInput, RadioSelect, Select, SelectMultiple
from django.forms.utils import flatatt
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.text import slugify

from look import words
from look.fields import anchor_of
from look.filters import replaced
from look.ways import way_back

register = template.Library()
# The number of a hazard or a date in a sentence: browsers end lines at their hyphens.
HYPHENED = re.compile(r"(?<![\w-])((?:[A-Z]+|\d+)(?:-\d+)+)(?![\w-])", re.ASCII)
NOWRAP = '<span class="nowrap">{}</span>'


@register.simple_tag
def icon(name):
    """One icon of the sprite; decorative, so the word beside it or an aria-label must say what it means."""
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="{}#i-{}"></use></svg>', static("icons.svg"), name
    )


@register.filter
def day(value, today=None):
    """11-15 inside the year, else 2025-11-15."""
    return words.day_words(value, today or timezone.localdate())


@register.filter
def full_day(value):
    """2026-11-15 星期日."""
    return words.full_day_words(value)


@register.filter
def moment(value, today=None):
    """11-15 09:41 inside the year, else with the year."""
    return words.moment_words(value, today or timezone.localdate())


@register.filter
def whole(sentence):
    """``sentence`` with its numbers and dates kept on one line each: YH-4114-2026-000001 is read as one thing."""
    if hasattr(sentence, "__html__"):
        return sentence  # markup already: what it holds is its author's affair
    parts = enumerate(HYPHENED.split(sentence))
    return format_html_join("", "{}", ((format_html(NOWRAP, part) if n % 2 else part,) for n, part in parts))


register.filter("percent", words.percent_words)
register.filter("thousands", words.thousands_words)


@register.simple_tag(takes_context=True)
def query_with(context, **changes):
    """The query string of this page with parameters set; None or "" removes one. The cursor goes unless set again."""
    return replaced(context["request"].GET, **changes)


@register.simple_tag(takes_context=True)
def back_to(context, url_name):
    """The address of a list as its reader last saw it."""
    return way_back(context["request"], url_name)


@register.simple_tag
def list_row(listing, row, number=0):
    """A row of a list (look.lists.ListPage) as its columns draw it, on paper with its ``number`` before it."""
    cells = format_html_join("", "{}{}</td>", ((column.opening, column.cell(row)) for column in listing.shown))
    tick = _tick(listing, row) if listing.bulks else ""
    first = format_html('<td role="cell" class="n" data-label="序号">{}</td>', number) if number else ""
    return format_html(
        '<tr role="row"{}>{}{}{}</tr>', flatatt({"class": listing.row_look(row) or None}), tick, first, cells
    )


def _tick(listing, row):
    """The cell with which a row is picked, saying what of the bulk acts would be done to it."""
    pk, name = (row["pk"], row.get("number")) if isinstance(row, dict) else (row.pk, str(row))
    does = " ".join(bulk.name for bulk in listing.bulks if pk in bulk.keys)
    cell = '<td role="cell" class="c-check only-wide"><input type="checkbox" name="only" value="{}" form="bulk" data-does="{}" aria-label="选择 {}"></td>'
    return format_html(cell, pk, does, name or pk)


def _described_by(bound, has_help):
    ids = []
    if has_help:
        ids.append(f"{bound.auto_id}_helptext")
    if bound.errors:
        ids.append(f"{bound.auto_id}_error")
    return " ".join(ids)


def _control(bound, look, help_text, **extra):
    attrs = {"class": look + (" is-invalid" if bound.errors else ""), **extra}
    described = _described_by(bound, bool(help_text))
    if described:
        attrs["aria-describedby"] = described
    if bound.errors:
        attrs["aria-invalid"] = "true"
    return bound.as_widget(attrs=attrs)


@register.inclusion_tag("components/_field.html")
def field(bound, label="", help="", optional=""):
    """A form field with label, 必填, control, help and errors; radios and lists of checkboxes become buttons.

    A widget with a ``field_template`` has a fragment of its own for all of that.
    """
    widget = bound.field.widget
    help_text = help or bound.help_text
    context = {
        "bound": bound,
        "label": label or bound.label,
        "help": help_text,
        "optional": optional,
        "kind": "control",
    }
    if template := getattr(widget, "field_template", ""):
        return {**context, "kind": "whole", "template": template}
    if isinstance(widget, RadioSelect | CheckboxSelectMultiple):
        return {**context, "kind": "choices", "options": _options(bound), "layout": ""}
    if isinstance(widget, CheckboxInput):
        return {**context, "kind": "check", "control": _control(bound, "form-check-input", help_text)}
    look = "form-select" if isinstance(widget, Select) and not isinstance(widget, SelectMultiple) else "form-control"
    if isinstance(widget, FileInput):
        look = "form-control form-file"
    return {**context, "control": _control(bound, look, help_text)}


def _options(bound):
    return [
        {
            "tag": option.tag(),
            "label": option.choice_label,
            "look": f"choice choice-{slugify(option.data['value'])}",
        }
        for option in bound
        if option.data["value"] != ""
    ]


@register.inclusion_tag("components/_field.html")
def choices(bound, layout="", label="", help=""):
    """Radios as big buttons; ``layout`` is "" (in a row), "fill" (one row, equal widths) or "grid" (three a row)."""
    context = {"bound": bound, "label": label or bound.label, "help": help or bound.help_text, "optional": ""}
    return {**context, "kind": "choices", "options": _options(bound), "layout": layout}


@register.inclusion_tag("components/_field.html")
def switch(bound, hint=""):
    """A checkbox drawn as a switch; the word beside it carries the meaning."""
    context = {"bound": bound, "label": bound.label, "help": hint or bound.help_text, "optional": "", "kind": "switch"}
    return {**context, "control": _control(bound, "switch-input", "", role="switch")}


@register.inclusion_tag("components/_form_errors.html")
def form_errors(form):
    """Errors of the whole form, and of hidden fields, which have no place of their own."""
    hidden = [error for bound in form.hidden_fields() for error in bound.errors]
    return {"errors": [*form.non_field_errors(), *hidden], "lines": [], "takes_focus": False}


@register.inclusion_tag("components/_form_errors.html")
def to_mend(form):
    """What a refused form says at its top: its own errors, and a line for each field that leads to it. It takes the focus."""
    lines = [
        {"anchor": anchor_of(bound), "words": f"{bound.label}：{'；'.join(bound.errors)}"}
        for bound in form.visible_fields()
        if bound.errors
    ]
    return form_errors(form) | {"lines": lines, "takes_focus": True}
