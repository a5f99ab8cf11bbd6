"""What a person does before anything else: replace a password that somebody else knows or that is too old, bind a second factor."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, resolve_url
from django.utils import timezone

from accounts.models import User
from safetyledger import errors
from safetyledger.expiry import wants_data

OPEN = frozenset({"accounts:login", "accounts:logout", "accounts:alive", "healthz", "readyz", "favicon"})


def _always(person):
    return True


@dataclass(frozen=True)
class Duty:
    """``owed(person, at)`` is the sentence that says why it is owed, or "". It is done at ``page``; ``doors`` are open besides.

    Where it does not insist on ``person``, what was begun goes through: a form that is sent, a fragment of an open page.
    """

    page: str
    title: str
    advice: str
    owed: Callable
    doors: frozenset = frozenset()
    insists: Callable = _always


DUTIES = (
    Duty(
        page="accounts:password",
        title="须先更换密码",
        advice="请在网页上登录，更换密码后再使用；换密码后，接口令牌要重新生成。",
        owed=User.must_change_password,
        insists=lambda person: person.password_is_given,
    ),
    Duty(
        page="accounts:factors",
        title="须先绑定二次验证",
        advice="请在网页上登录，绑定后再使用；绑定后，接口令牌要重新生成。",
        owed=User.must_bind_factor,
        doors=frozenset({"accounts:factor_app", "accounts:factor_passkey"}),
    ),
)


def owed(person, at):
    """``[(duty, sentence), …]`` that ``person`` owes at the moment ``at``, the first to be done first."""
    found = ((duty, duty.owed(person, at)) for duty in DUTIES)
    return [(duty, sentence) for duty, sentence in found if sentence]


class FirstDutiesMiddleware:
    """Whoever owes one of `DUTIES` is led to the page where it is done, whatever was asked for."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        asked = request.resolver_match.view_name
        if not request.user.is_authenticated or asked in OPEN:
            return None
        for duty, sentence in owed(request.user, timezone.now()):
            if duty.insists(request.user) or _is_page(request):
                return None if asked == duty.page or asked in duty.doors else _led(request, duty, sentence)
        return None


def _led(request, duty, sentence):
    if request.path_info.startswith("/api/"):
        return errors.page(request, 403, (duty.title, sentence, duty.advice))
    if wants_data(request):
        return JsonResponse({"error": sentence}, status=403)
    if request.htmx:
        return HttpResponse(status=403, headers={"HX-Redirect": resolve_url(duty.page)})
    messages.warning(request, sentence)
    return redirect(duty.page)


def _is_page(request):
    return request.method in ("GET", "HEAD") and not request.htmx and not wants_data(request)
