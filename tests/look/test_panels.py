"""Panels stand on the page of their kind of record, in order, for those to whom they have something to show."""

from collections import defaultdict

import pytest

from look import panels


class Record:
    pass


class Other:
    pass


@pytest.fixture(autouse=True)
def _empty(monkeypatch):
    monkeypatch.setattr(panels, "_PANELS", defaultdict(list))


def test_panels_of_a_kind_come_in_order_and_those_with_nothing_to_show_are_left_out():
    def late(request, record):
        return {"template": "late.html", "said": (request, record)}

    def early(request, record):
        return {"template": "early.html"}

    def silent(request, record):
        return None

    panels.register(Record, late)
    panels.register(Record, early, place=1)
    panels.register(Record, silent, place=2)
    panels.register(Other, lambda request, record: {"template": "other.html"})
    row = Record()
    drawn = panels.panels_of("visitor", row)
    assert [panel["template"] for panel in drawn] == ["early.html", "late.html"]
    assert drawn[1]["said"] == ("visitor", row)


def test_a_panel_registered_twice_is_shown_once():
    def panel(request, record):
        return {"template": "a.html"}

    panels.register(Record, panel)
    panels.register(Record, panel)
    assert len(panels.panels_of(None, Record())) == 1
