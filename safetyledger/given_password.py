"""A password that somebody else knows, or that is too old, opens nothing but the page on which it is replaced."""

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, resolve_url
from django.utils import timezone
from rest_framework.authentication import TokenAuthentication
from rest_framework.exceptions import PermissionDenied

from safetyledger import errors
from safetyledger.expiry import wants_data

PAGE = "accounts:password"
OPEN = {PAGE, "accounts:login", "accounts:logout", "accounts:alive", "healthz", "readyz", "favicon"}
ADVICE = "请在网页上登录，更换密码后再使用。"


class GivenPasswordMiddleware:
    """Whoever signed in with a password chosen by somebody else is led to the page where it is replaced, whatever was asked for.

    One that has only grown old lets go through what was begun: a form that is sent, a fragment of an open page.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if not request.user.is_authenticated or request.resolver_match.view_name in OPEN:
            return None
        sentence = request.user.must_change_password(timezone.now())
        if not sentence or not (request.user.password_is_given or _is_page(request)):
            return None
        if request.path_info.startswith("/api/"):
            return errors.page(request, 403, ("须先更换密码", sentence, ADVICE))
        if wants_data(request):
            return JsonResponse({"error": sentence}, status=403)
        if request.htmx:
            return HttpResponse(status=403, headers={"HX-Redirect": resolve_url(PAGE)})
        messages.warning(request, sentence)
        return redirect(PAGE)


def _is_page(request):
    return request.method in ("GET", "HEAD") and not request.htmx and not wants_data(request)


class Token(TokenAuthentication):
    """The framework's; a token comes in for nobody whose password is to be replaced first."""

    def authenticate_credentials(self, key):
        person, token = super().authenticate_credentials(key)
        if sentence := person.must_change_password(timezone.now()):
            raise PermissionDenied(f"{sentence}。{ADVICE}")
        return person, token
