"""Whatever leaves as a file or on paper is written down, whichever door it leaves by, before its first byte goes out.

A view says nothing about it: a file is known by its heading, a sheet of paper by the parameter that asks for one. A list of
people declares ``looks_up`` (what it finds, in words): asked for a name there, it tells phones and posts.
"""

import ipaddress
from email.message import Message

from django.utils import timezone

from disclosures.models import Disclosure
from look.filters import POSITION_PARAMETERS
from look.lists import PRINT

WORDS = "q"
Kind = Disclosure.Kind


class DisclosureMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        kind, what = told_of(request, response)
        if kind and request.user.is_authenticated:
            # What cannot be written down does not go out: an error here is the answer.
            Disclosure.objects.create(
                at=timezone.now(), person=request.user, kind=kind, what=what[:200], conditions=conditions_of(request, response)[:500],
                peer=_address(request.META.get("REMOTE_ADDR", "")),
            )  # fmt: skip
        return response


def told_of(request, response):
    """``(kind, what)`` of what ``response`` takes out; ``(None, "")`` when it only shows."""
    if request.method != "GET" or response.status_code != 200:
        return None, ""
    view = getattr(request.resolver_match.func, "view_class", None)
    if name := file_name(response.headers.get("Content-Disposition", "")):
        return (Kind.FILE if request.resolver_match.view_name.startswith("evidence:") else Kind.EXPORT), name
    if PRINT in request.GET:
        return Kind.PRINT, getattr(view, "title", "") or request.path_info
    if request.GET.get(WORDS) and (found := getattr(view, "looks_up", "")):
        return Kind.SEARCH, found
    return None, ""


def file_name(heading):
    """The name a browser would give the file of this Content-Disposition; "" for what is only shown."""
    message = Message()
    message["Content-Disposition"] = heading
    return message.get_filename("") if message.get_content_disposition() == "attachment" else ""


def conditions_of(request, response):
    """What was asked for: in words where the view says them (``response.conditions``), else as it stands in the address."""
    said = getattr(response, "conditions", None)
    if said is not None:
        return said
    given = ((name, value) for name, values in request.GET.lists() for value in values if value)
    return "；".join(f"{name}={value}" for name, value in given if name not in (PRINT, *POSITION_PARAMETERS))


def _address(peer):
    try:
        return str(ipaddress.ip_address(peer))
    except ValueError:
        return None
