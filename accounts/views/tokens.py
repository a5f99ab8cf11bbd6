"""接口令牌 of one's own, and those of others for the security administrator to end."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_POST, require_safe

from accounts import operations
from accounts.access_forms import TokenForm
from accounts.models import User
from accounts.roles import Role
from accounts.views.duty import require_role
from doors.names import asked, of_form

ENDED_SHOWN = 20  # of those that let nobody in any more, the newest


@require_safe
def tokens(request):
    return render(request, "accounts/tokens.html", listed(_own(request), timezone.now()))


@asked(form=of_form(TokenForm))
@sensitive_post_parameters("password")
@sensitive_variables("secret")
def token_new(request):
    """The form, and the one answer that shows the secret: no redirect, message or cookie carries it."""
    person, at = _own(request), timezone.now()
    form = TokenForm(request.POST if request.method == "POST" else None, person=person, request=request, at=at)
    if not form.is_valid():
        return _form(request, form)
    try:
        token, secret = operations.make_token(person, by=person, at=at, **form.given())
    except operations.Refused as refusal:
        form.add_error(None, str(refusal))
        return _form(request, form)
    return render(request, "accounts/token_made.html", {"token": token, "secret": secret})


@require_POST
def token_revoke(request, pk):
    _revoke(request, _own(request), pk)
    return redirect("accounts:tokens")


@require_POST
def person_token_revoke(request, pk, token):
    require_role(request, {Role.SECADMIN}, "他人的令牌由安全管理员撤销")
    person = get_object_or_404(User.objects.visible_to(request.user), pk=pk)
    _revoke(request, person, token)
    return redirect(person)


def listed(person, at):
    """Context of the list of the tokens of ``person``: those in use, and the newest of the others with why not."""
    live = list(person.tokens.live(at))
    ended = list(person.tokens.exclude(pk__in=[token.pk for token in live]).select_related("person")[:ENDED_SHOWN])
    return {"live": live, "ended": [(token, token.refusal(at)) for token in ended]}


def _own(request):
    """The account of who asks, as it is now."""
    return User.objects.get(pk=request.user.pk)


def _revoke(request, person, pk):
    token = get_object_or_404(person.tokens, pk=pk)
    try:
        operations.revoke_token(person, by=request.user, at=timezone.now(), token=token)
    except operations.NotPermitted as refusal:
        raise PermissionDenied(str(refusal)) from refusal
    except operations.Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, f"已撤销令牌：{token}")


def _form(request, form):
    return render(request, "accounts/token_form.html", {"form": form}, status=400 if form.is_bound else 200)
