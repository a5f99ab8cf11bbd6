"""One record: what it says of itself, what was done to it, and what this person may do next."""

from django.shortcuts import render
from django.urls import reverse

from journal import acts
from journal.gate import spoken
from journal.views.pages import Pages
from journal.views.timeline import timeline
from look.panels import panels_of
from look.ways import way_back


class RecordPage(Pages):
    """``facts`` of one record, its timeline, and its acts: as the strip 下一步 where a record can wait for one, else as buttons.

    A kind that has more to show gives a ``template`` that extends journal/record.html, and ``beside`` for it.
    """

    template = "journal/record.html"
    http_method_names = ["get", "head"]

    def beside(self, record):
        """More context of the page."""
        return {}

    def url_of(self, record, act):
        return reverse(f"{record._meta.app_label}:{record.slug}_act", args=[record.pk, act.name])

    def get(self, request, pk):
        record = self.record(request.user, pk)
        strip = next_of(request.user, record, lambda act: self.url_of(record, act))
        waits = any(act.is_urged for act in acts.acts_of(self.kind))
        awaited = acts.awaited(record, request.user)
        context = {
            "record": record,
            "facts": [_told(record, name) for name in self.facts],
            "next": strip if waits else None,
            "waiting": awaited.waiting if awaited else "",
            "acts": offers(request.user, record, self.url_of) if not waits else [],
            "entries": timeline(record, request.user),
            "panels": panels_of(request, record),
            "home": way_back(request, self.home),
            "home_label": self.home_label,
        }
        return render(request, self.template, context | self.beside(record))


def _told(record, name):
    field = record._meta.get_field(name)
    return field.verbose_name, spoken(field, getattr(record, name))


def offers(user, record, url_of, word=lambda act: act.words):
    """What ``user`` may do to ``record`` now, for buttons: ``[{label, url, icon, red}, …]``, the next one first."""
    return [
        {"label": word(act), "url": url_of(record, act), "icon": act.icon, "red": act.is_danger}
        for act in acts.open_to(user, record)
    ]


def next_of(user, record, url_of):
    """The strip 下一步 for ``user``: one urged act, the others as a menu; None when nothing is open to the user.

    ``url_of(act)`` is the address of an act's page.
    """
    offered = acts.open_to(user, record)
    if not offered:
        return None
    first = acts.first_of(user, offered)
    others = [act for act in offered if act is not first]
    if first is not None:
        words = first.words_for(user)
        strip = {"title": words, "why": first.strip, "act": words, "act_url": url_of(first)}
    else:
        # What this person may do is not what the record waits for: it stays in the menu, nothing is urged.
        awaited = acts.awaited(record, user)
        strip = {
            "title": awaited.waiting if awaited else record.state_label,
            "why": "现在不需要您办理。",
            "act": "",
            "act_url": "",
        }
    more = [
        {"label": act.words_for(user), "url": url_of(act), "icon": act.icon, "red": act.is_danger} for act in others
    ]
    return strip | {"more": more}
