"""What an app adds to the page of a record that lies in an app below it, or to the desk: registered once, drawn by the page.

The page knows no more than that there may be panels; an app below never asks one above.
"""

from collections import defaultdict

_PANELS = defaultdict(list)


class Desk:
    """What stands for a record on the first page of every role, where panels may stand too."""


class DeskTop:
    """The same, above all else: what a person owes by the hour."""


def register(kind, panel, *, place=100):
    """Show ``panel`` on the pages of ``kind`` (a model), those with a smaller ``place`` first.

    ``panel(request, record)`` is the context of a fragment, its ``template`` among it, in a bounded number of queries; None
    when there is nothing to show to this visitor.
    """
    if any(known is panel for _, known in _PANELS[kind]):
        return  # an app may be made ready twice
    _PANELS[kind].append((place, panel))
    _PANELS[kind].sort(key=lambda one: one[0])


def panels_of(request, record):
    """The panels of ``record`` for this visitor, as look/_panels.html draws them."""
    drawn = (panel(request, record) for _, panel in _PANELS[type(record)])
    return [one for one in drawn if one is not None]
