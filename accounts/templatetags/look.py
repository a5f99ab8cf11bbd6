"""The template tags every page is assembled from; a builtin library, so no page loads it. See templates/components."""

from django import template
from django.forms import CheckboxInput, CheckboxSelectMultiple, FileInput, RadioSelect, Select, SelectMultiple
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html

from accounts.templatetags import drawing, words

register = template.Library()

LEVELS = {"general": "一般", "major": "重大"}
STATES = {  # state → (css name, icon, word)
    "draft": ("draft", "circle-dashed", "草稿"),
    "registered": ("registered", "clipboard-list", "已登记"),
    "rectifying": ("rectifying", "progress", "整改中"),
    "pending_review": ("review", "eye-check", "待复查"),
    "closed": ("closed", "circle-check", "已销号"),
    "discarded": ("discarded", "ban", "已弃草稿"),
}
DEADLINE_ICONS = {"overdue": "clock-exclamation", "today": "hourglass", "soon": "hourglass", "done": "check"}
DUTIES = {  # kind → (seal, short word, long word)
    "territorial": ("属", "属地", "属地责任"),
    "competent": ("主", "行业主管", "行业主管"),
    "supervising": ("监", "监管", "监管责任"),
    "enterprise": ("企", "企业主体", "企业主体"),
}


@register.simple_tag
def icon(name):
    """One icon of the sprite; decorative, so the word beside it or an aria-label must say what it means."""
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="{}#i-{}"></use></svg>', static("icons.svg"), name
    )


@register.simple_tag
def level_badge(level, label=""):
    """重大 solid with a diamond, 一般 outlined."""
    look = "badge level-major" if level == "major" else "badge"
    return format_html('<span class="{}">{}</span>', look, label or LEVELS.get(level, level))


@register.simple_tag
def state_badge(state, label=""):
    """Icon and word of a state of a hazard's life."""
    look, name, word = STATES.get(state, ("draft", "circle-dashed", state))
    return format_html('<span class="state state-{}">{}{}</span>', look, icon(name), label or word)


@register.simple_tag
def deadline_badge(state, deadline, rectified_on, today, size="", feedback_on=None):
    """剩 3 天 · 今日到期 · 逾期 5 天 · 逾期 2 天反馈 · 按期完成 · 未下达 —; ``size="lg"`` for the head of a page."""
    kind, said = words.deadline_words(state, deadline, rectified_on, today, feedback_on)
    if kind == "none":
        return format_html('<span class="text-3">{}</span>', said)
    look = "badge deadline" + ("" if kind == "plain" else f" deadline-{kind}") + (" badge-lg" if size == "lg" else "")
    sign = icon(DEADLINE_ICONS[kind]) if kind in DEADLINE_ICONS else ""
    return format_html('<span class="{}">{}{}</span>', look, sign, said)


@register.simple_tag
def row_edge(state, deadline, today):
    """Class of a table row: is-overdue, is-soon or nothing; repeats the badge, never replaces it."""
    kind, _ = words.deadline_words(state, deadline, None, today)
    return {"overdue": "is-overdue", "today": "is-soon", "soon": "is-soon"}.get(kind, "")


def _read(thing, name):
    value = thing.get(name, "") if isinstance(thing, dict) else getattr(thing, name, "")
    return "" if value is None else value


def _duty_rows(items):
    rows = []
    for item in items:
        seal, short, long = DUTIES.get(_read(item, "kind"), ("责", "责任", "责任"))
        row = {name: _read(item, name) for name in ("body_name", "person", "post", "phone")}
        # In a cell the person must stay readable, so the body is as short as it can be said.
        short_name = _read(item, "short_name") or words.short_body(row["body_name"])
        rows.append({**row, "short_name": short_name, "seal": seal, "short": short, "long": long})
    return rows


@register.inclusion_tag("components/_duties.html")
def duties(items):
    """Four responsibilities inside a table cell; each item has kind, body_name, person."""
    return {"rows": _duty_rows(items)}


@register.inclusion_tag("components/_duty_cards.html")
def duty_cards(items):
    """Four responsibilities on a page; each item has kind, body_name, person, post, phone."""
    return {"rows": _duty_rows(items)}


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


register.filter("wan", words.wan_words)
register.filter("percent", words.percent_words)
register.filter("thousands", words.thousands_words)


@register.simple_tag(takes_context=True)
def query_with(context, **changes):
    """The query string of this page with parameters set; None or "" removes one. The cursor goes unless set again."""
    query = context["request"].GET.copy()
    for name in ("cursor", "page"):
        query.pop(name, None)
    for name, value in changes.items():
        if value is None or value == "":
            query.pop(name, None)
        elif isinstance(value, list | tuple):
            query.setlist(name, [str(one) for one in value])
        else:
            query[name] = str(value)
    return "?" + query.urlencode()


@register.simple_tag(takes_context=True)
def query_without(context, name, value=""):
    """The query string without parameter ``name``, or without just one of its values: the ✕ of a chip."""
    query = context["request"].GET.copy()
    kept = [one for one in query.getlist(name) if value != "" and one != str(value)]
    for gone in ("cursor", "page", name):
        query.pop(gone, None)
    if kept:
        query.setlist(name, kept)
    return "?" + query.urlencode()


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
    major = "choice choice-major"
    return [
        {
            "tag": option.tag(),
            "label": option.choice_label,
            "look": major if option.data["value"] == "major" else "choice",
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


@register.inclusion_tag("components/_photos.html")
def photo_picker(name, label, uploaded=(), required=False, help="", errors=(), keep_name="keep_photo"):
    """Camera tile, album tile and thumbnails of photos already uploaded (each with pk and url; unticking drops it)."""
    context = {"name": name, "label": label, "uploaded": uploaded, "required": required}
    return {**context, "help": help, "errors": errors, "keep_name": keep_name}


@register.inclusion_tag("components/_form_errors.html")
def form_errors(form):
    """Errors of the whole form, and of hidden fields, which have no place of their own."""
    hidden = [error for bound in form.hidden_fields() for error in bound.errors]
    return {"errors": [*form.non_field_errors(), *hidden]}


@register.inclusion_tag("components/_clock.html")
def clock(issued_on, original_deadline, deadline, today, state="", feedback_on=None, rectified_on=None):
    """The time bar: time given, extension, overdue to today or, once answered, to the day of feedback or completion."""
    answered_on, answer = words.answer_of(state, feedback_on, rectified_on)
    stretches = drawing.clock_stretches(
        words.local_day(issued_on), original_deadline, deadline, today, lambda one: words.day_words(one, today),
        answered_on, answer,
    )  # fmt: skip
    return {"stretches": stretches}


@register.inclusion_tag("components/_spark.html")
def sparkline(values, label="得分"):
    """Eight periods as a small line; None is a period without data."""
    points = drawing.spark_points(values)
    said = "、".join("无数据" if value is None else str(value) for value in values)
    return {
        "path": drawing.spark_path(points),
        "last": points[-1] if points else None,
        "said": f"近 {len(values)} 期{label}：{said}",
    }


@register.inclusion_tag("components/_score_parts.html")
def score_parts(parts, deductions=0, labels=()):
    """The score bar: result parts blue, process parts grey, deductions red; ``labels`` name the parts aloud."""
    rects, minus = drawing.score_rects(parts, deductions)
    named = zip(labels or [f"第 {place} 项" for place in range(1, len(parts) + 1)], parts, strict=False)
    said = "，".join(f"{name} {'无数据' if value is None else value}" for name, value in named)
    return {"rects": rects, "minus": minus, "said": f"{said}，扣减 {deductions}"}
