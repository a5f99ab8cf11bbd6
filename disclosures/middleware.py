"""Whatever leaves as a file or as a list to be printed is written down, whichever door it leaves by, before its first byte goes out. What a
browser prints of a page that it shows, nobody hears of.

A view says nothing about it: a file is known by its heading, a sheet of paper by the parameter that asks for one, a list of the API by
its name. A list of people declares ``looks_up`` (what it finds, in words), because it tells phones and posts.
"""

from email.message import Message

from django.core.cache import cache
from django.utils import timezone

from accounts.operations.signing_in import address_of
from disclosures.models import Disclosure
from look.filters import POSITION_PARAMETERS
from look.lists import PRINT

API = "/api/v1/"
DAY = 24 * 60 * 60  # seconds
Kind = Disclosure.Kind


class DisclosureMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        kind, what = told_of(request, response)
        if not kind or not request.user.is_authenticated:
            return response
        key = _key(request.user, what) if kind == Kind.API else ""
        if key and cache.get(key):
            return response
        if not (key and _is_known_today(request.user, what)):
            # What cannot be written down does not go out: an error here is the answer.
            Disclosure.objects.create(
                at=timezone.now(), person=request.user, kind=kind, what=what[:200], conditions=conditions_of(request, response)[:500],
                peer=address_of(request.META.get("REMOTE_ADDR", "")),
            )  # fmt: skip
        if key:  # only what stands in the table is remembered
            cache.set(key, True, DAY)
        return response


def told_of(request, response):
    """``(kind, what)`` of what ``response`` takes out; ``(None, "")`` when it only shows."""
    if request.method == "HEAD" or response.status_code != 200:
        return None, ""
    called, handler = request.resolver_match.view_name, request.resolver_match.func
    view = getattr(handler, "view_class", None)
    if (name := file_name(response.headers.get("Content-Disposition", ""))) is not None:
        return (Kind.FILE if called.startswith("evidence:") else Kind.EXPORT), name or request.path_info
    if request.method != "GET":
        return None, ""
    if PRINT in request.GET and getattr(response, "is_printed", True):
        return Kind.PRINT, getattr(view, "title", "") or request.path_info
    if found := getattr(view, "looks_up", ""):
        return Kind.SEARCH, found
    if request.path_info.startswith(API) and called.endswith("-list"):
        return Kind.API, _listed(handler.cls)
    return None, ""


def _listed(door):
    """What an endpoint of the API lists, in words."""
    rows = getattr(door, "queryset", None)
    return "统计排名" if rows is None else f"{rows.model._meta.verbose_name}列表"


def _is_known_today(person, what):
    """Whether it is written down that a program of ``person``, or a page, reads this list: once a day, for it reads page by page."""
    day = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    return Disclosure.objects.filter(person=person, kind=Kind.API, what=what, at__gte=day).exists()


def _key(person, what):
    return f"disclosed:{person.pk}:{what}:{timezone.localdate():%Y%m%d}"


def file_name(heading):
    """The name a browser would give the file of this Content-Disposition, or ""; None for what is only shown."""
    message = Message()
    message["Content-Disposition"] = heading
    return message.get_filename("") if message.get_content_disposition() == "attachment" else None


def conditions_of(request, response):
    """What was asked for: in words where the view says them (``response.conditions``), else as it stands in the address."""
    said = getattr(response, "conditions", None)
    if said is not None:
        return said
    given = ((name, value) for name, values in request.GET.lists() for value in values if value)
    return "；".join(f"{name}={value}" for name, value in given if name not in (PRINT, *POSITION_PARAMETERS))
