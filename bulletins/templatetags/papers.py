"""How the words of a bulletin are drawn on its page."""

from django import template
from django.utils.html import conditional_escape, format_html, format_html_join

from bulletins.composing import NUMBER

register = template.Library()
OF_A_DAY = tuple("年月日时周号")  # what follows a number that is no figure


@register.simple_tag
def marked(text, known):
    """``text`` with those of its numbers that are ``known`` (a set) to come from the freeze underlined in dots."""
    parts, at = [], 0
    for match in NUMBER.finditer(text):
        if match[0] in known and not text.startswith(OF_A_DAY, match.end()):
            parts += [conditional_escape(text[at : match.start()]), format_html("<mark>{}</mark>", match[0])]
            at = match.end()
    parts.append(conditional_escape(text[at:]))
    return format_html_join("", "{}", ((part,) for part in parts))
