"""The marks of a hazard: level, state, deadline, responsibilities, time bar. A builtin library, as look's tags are."""

from django import template
from django.utils.html import format_html, format_html_join

from hazards.clock import clock_stretches
from hazards.words import DEADLINE_ICONS, DUTIES, LEVELS, STATES, answer_of, deadline_words, short_body
from look.templatetags.look import icon
from look.words import day_words, local_day

register = template.Library()
LEFT = format_html(' <b class="text-red small">{}</b>', "已离岗")
DUTY = (
    '<li title="{}：{} {}"><i class="seal" aria-hidden="true">{}</i><span class="sr-only">{}：</span>{}'
    '<span class="who">{}</span></li>'
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
def deadline_badge(state, deadline, rectified_on, today, size="", feedback_on=None, issue_due_on=None):
    """剩 3 天 · 今日到期 · 逾期 5 天 · 逾期 2 天反馈 · 按期完成 · 11-23 前下达; ``size="lg"`` for the head of a page."""
    kind, said = deadline_words(state, deadline, rectified_on, today, feedback_on, issue_due_on)
    if kind == "none":
        return format_html('<span class="text-3">{}</span>', said)
    look = "badge deadline" + ("" if kind == "plain" else f" deadline-{kind}") + (" badge-lg" if size == "lg" else "")
    sign = icon(DEADLINE_ICONS[kind]) if kind in DEADLINE_ICONS else ""
    return format_html('<span class="{}">{}{}</span>', look, sign, said)


@register.simple_tag
def row_edge(state, deadline, today, issue_due_on=None):
    """Class of a table row: is-overdue, is-soon or nothing; repeats the badge, never replaces it."""
    kind, _ = deadline_words(state, deadline, None, today, issue_due_on=issue_due_on)
    return {"overdue": "is-overdue", "today": "is-soon", "soon": "is-soon"}.get(kind, "")


def _read(thing, name):
    value = thing.get(name, "") if isinstance(thing, dict) else getattr(thing, name, "")
    return "" if value is None else value


def _duty_rows(items):
    rows = []
    for item in items:
        seal, short, long = DUTIES.get(_read(item, "kind"), ("责", "责任", "责任"))
        row = {name: _read(item, name) for name in ("body_name", "person", "post", "phone", "left", "holder_id")}
        # In a cell the person must stay readable, so the body is as short as it can be said.
        short_name = _read(item, "short_name") or short_body(row["body_name"])
        rows.append({**row, "short_name": short_name, "seal": seal, "short": short, "long": long})
    return rows


@register.simple_tag
def duties(items):
    """Four responsibilities inside a table cell; each item has kind, body_name, person."""
    rows = (
        (
            row["long"],
            row["body_name"],
            row["person"],
            row["seal"],
            row["short"],
            format_html('<span class="body">{}</span>', row["short_name"]) if row["short_name"] else "",
            format_html("{}{}", row["person"] or "—", LEFT if row["left"] else ""),
        )
        for row in _duty_rows(items)
    )
    return format_html('<ul class="duties">{}</ul>', format_html_join("", DUTY, rows))


@register.inclusion_tag("hazards/_duty_cards.html")
def duty_cards(items, hands_over=False):
    """Four responsibilities on a page; each item has kind, body_name, person, post, phone. ``hands_over``: whether the reader may
    hand over the work of who has left."""
    return {"rows": _duty_rows(items), "hands_over": hands_over}


@register.inclusion_tag("hazards/_clock.html")
def clock(issued_on, original_deadline, deadline, today, state="", feedback_on=None, rectified_on=None, cause=""):
    """The time bar: time given, extension, overdue to today or, once answered, to the day of feedback or completion. ``cause``: what
    gave another deadline where it was no extension."""
    answered_on, answer = answer_of(state, feedback_on, rectified_on)
    stretches = clock_stretches(
        local_day(issued_on),
        original_deadline,
        deadline,
        today,
        lambda one: day_words(one, today),
        answered_on,
        answer,
        is_over=state == "closed",
        cause=cause,
    )
    return {"stretches": stretches}
