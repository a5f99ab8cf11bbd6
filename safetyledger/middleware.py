"""What happens to every request: whose forwarding headers count, what is refused outright, when a session ends."""

import ipaddress
import time

from django.conf import settings
from django.contrib.auth import logout
from django.core.exceptions import BadRequest
from django.middleware.common import CommonMiddleware

from doors.views import form_names, query_names
from safetyledger import errors

FORWARDING_HEADERS = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST", "HTTP_FORWARDED")
# How often a busy session's end is moved forward, in seconds: a write per minute instead of one per request.
TOUCH_EVERY = 60


class TrustedProxyMiddleware:
    """Forwarding headers are believed from `TRUSTED_PROXIES` only; afterwards `REMOTE_ADDR` is the real peer.

    Login limits and the audit trail may therefore use `REMOTE_ADDR` without asking further.
    """

    def __init__(self, get_response):
        self.get_response = get_response
        self.networks = [ipaddress.ip_network(text) for text in settings.TRUSTED_PROXIES]

    def __call__(self, request):
        meta = request.META
        if self.is_trusted(meta.get("REMOTE_ADDR", "")):
            meta["REMOTE_ADDR"] = self.peer(meta)
        else:
            for header in FORWARDING_HEADERS:
                meta.pop(header, None)
        return self.get_response(request)

    def is_trusted(self, address):
        """Whether `address` is one of our proxies; whatever is not an address is not."""
        try:
            parsed = ipaddress.ip_address(address)
        except ValueError:
            return False
        return any(parsed in network for network in self.networks)

    def peer(self, meta):
        """The last hop that is not ours: what stands left of it in the header is the client's own claim."""
        hops = [hop.strip() for hop in meta.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
        for hop in reversed(hops):
            if not self.is_trusted(hop):
                return hop if is_address(hop) else meta["REMOTE_ADDR"]
        return meta["REMOTE_ADDR"]


def is_address(text):
    """Whether `text` is an IPv4 or IPv6 address."""
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


class HealthMiddleware:
    """What asks for health is nobody: a session that came along would be asked of the database, which may be what hangs."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.path_info in settings.HEALTH_PATHS:
            request.META.pop("HTTP_COOKIE", None)
        return self.get_response(request)


class NoStoreMiddleware:
    """Nothing that a view answers is kept by a browser or a proxy: whoever signs out, or loses access, leaves no ledger
    behind. Static files are served before any view and keep a caching of their own.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        response["Cache-Control"] = "no-store, private"
        return response


class SlashMiddleware(CommonMiddleware):
    """An address without its final slash: the API serves it as if it had one, a page leads those who read it to the right
    one. A write is never redirected: the client would read the page instead, get 200 and believe it had written.
    """

    def process_request(self, request):
        if request.path_info.startswith("/api/") and super().should_redirect_with_slash(request):
            request.path += "/"
            request.path_info += "/"
        return super().process_request(request)

    def should_redirect_with_slash(self, request):
        return request.method in ("GET", "HEAD") and super().should_redirect_with_slash(request)


class RefuseNulMiddleware:
    """No path or query of ours holds a NUL, and PostgreSQL fails on one: refuse it here, once, with 400."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if "\x00" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            raise BadRequest("NUL in the address")


class KnownNamesMiddleware:
    """A name in the address or the form that the door does not know, or one written twice where one is meant, is refused
    with 400: a misspelt condition must not be taken for none, nor a misspelt field for one left empty.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        wrong = query_names(view, request.method, kwargs).refused(request.GET)
        posted = not wrong and request.method == "POST" and not hasattr(view, "cls")
        if posted:
            wrong = form_names(view, kwargs).refused(request.POST, request.FILES, what="项目")
        return errors.unknown_names(request, wrong, posted=posted) if wrong else None


class IdleSessionMiddleware:
    """Moves the end of a signed-in session forward while requests come; left alone it ends by `SESSION_COOKIE_AGE`, however busy by
    `SESSION_LONGEST_SECONDS` (GB/T 22239-2019 8.1.4.1 b)."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.user.is_authenticated and self.is_over(request):
            logout(request)
        if request.user.is_authenticated and self.is_due(request):
            now = int(time.time())
            request.session["touched_at"] = now
            # A beginning in the future is none: the clock has been set back since.
            request.session["began_at"] = min(now, request.session.get("began_at", now))
        return self.get_response(request)

    def is_over(self, request):
        """Whether it was begun too long ago."""
        began = request.session.get("began_at")
        return began is not None and time.time() - began > settings.SESSION_LONGEST_SECONDS

    def is_due(self, request):
        """Only a person keeps a session alive: a page's own polling, marked by its header, does not."""
        if "X-Background" in request.headers:
            return False
        # A mark of the future is none: the clock has been set back since.
        return not 0 <= time.time() - request.session.get("touched_at", 0) < TOUCH_EVERY
