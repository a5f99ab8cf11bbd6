"""What the view behind an address says that it reads."""

from doors.api import parameters_of
from doors.names import NOTHING, names_of, once


def query_names(view, method, arguments):
    """What may stand in the address; ``arguments`` are those in its path."""
    if hasattr(view, "cls"):  # an endpoint of the API
        return parameters_of(view, method, arguments)
    return names_of(getattr(view, "view_class", view), "query_names", arguments)


def form_names(view, arguments):
    """What may be posted from a page; nothing for an endpoint of the API, whose serializers judge its body."""
    if hasattr(view, "cls"):
        return NOTHING
    return names_of(getattr(view, "view_class", view), "form_names", arguments) | once("csrfmiddlewaretoken", "whose")
