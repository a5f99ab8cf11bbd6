"""The way back from a page to the list one came from, as it was: tab, conditions, order and stretch, also after acts.

A list leaves its query in a cookie of the session, signed with nothing and trusted with nothing: it is only ever read as the
query of that same list, and only for the person it was left for.
"""

from django.conf import settings
from django.http import QueryDict
from django.urls import reverse

SAFE = {"secure": settings.SESSION_COOKIE_SECURE, "httponly": True, "samesite": "Lax"}
YEAR = 365 * 24 * 3600
LONGEST = 1500  # signs of a query worth keeping


def remember(request, response, url_name, data, columns=()):
    """``response`` that leaves ``data`` (a QueryDict), the query of the list ``url_name``, for the way back, and the keys of
    the ``columns`` that this person shows there, for the next time."""
    query = data.urlencode()
    left = f"{request.user.pk}?{query}"
    name = _name(url_name)
    if len(query) <= LONGEST and request.COOKIES.get(name) != left:
        response.set_cookie(name, left, **SAFE)
    kept, choice = f"{name}-columns", f"{request.user.pk}?{'.'.join(sorted(columns))}"
    if request.COOKIES.get(kept, f"{request.user.pk}?") != choice:
        response.set_cookie(kept, choice, max_age=YEAR, **SAFE)
    return response


def columns_of(request, url_name):
    """The keys of the columns that this person last chose for the list; nothing when none were."""
    reader, _, keys = request.COOKIES.get(f"{_name(url_name)}-columns", "").partition("?")
    return frozenset(keys.split(".")) if reader == str(request.user.pk) and keys else frozenset()


def way_back(request, url_name):
    """The address of the list ``url_name`` as its reader last saw it, else as it opens."""
    address = reverse(url_name)
    reader, _, query = request.COOKIES.get(_name(url_name), "").partition("?")
    if reader != str(request.user.pk) or not query or len(query) > LONGEST:
        return address
    return f"{address}?{QueryDict(query).urlencode()}"


def _name(url_name):
    return f"list-{url_name.replace(':', '-')}"
