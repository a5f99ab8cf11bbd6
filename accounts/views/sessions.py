"""登录设备: where one is signed in, and ending it there."""

import re

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts import devices, operations, sessions
from accounts.models import SignIn, User
from accounts.operations import signing_in
from doors.names import asked, once

SHOWN = 50
OTHERS = "others"
KNOWN = re.compile(r"[0-9a-f]{64}", re.ASCII)  # as `sessions.digest_of` writes it


@require_safe
def open_sessions(request):
    """The devices, the one that asks first."""
    return _page(request)


def _page(request, status=200):
    here, at = _key(request), timezone.now()
    found = sessions.open_to(request.user.pk, at)
    rows = sorted(found[:SHOWN], key=lambda row: row.pk != here)
    context = {"rows": rows, "here": here, "count": found.count(), "most": sessions.most_of(request.user.role)}
    return render(request, "accounts/sessions.html", context, status=status)


@asked(form=once("which"))
@require_POST
def session_end(request):
    """End the session that ``which`` names, or all others."""
    which, here = request.POST.get("which", ""), _key(request)
    if which != OTHERS and not KNOWN.fullmatch(which):
        messages.warning(request, "没有写明要退出哪一台设备，请在下面的列表里选择")
        return _page(request, status=400)
    if which == OTHERS:
        ended = operations.end_other_sessions(request.user, here)
    else:
        ended = 0 if which == here else operations.end_session(request.user, which)
    if ended:
        source = devices.source_of(request, request.user.username)
        signing_in.note(request.user, SignIn.Result.ENDED, source, at=timezone.now())
        messages.success(request, f"已退出 {ended} 台设备上的登录")
    else:
        messages.info(request, "没有需要退出的设备，可能已经退出")
    return redirect("accounts:sessions")


def own_end_access(request):
    """退出所有设备: what would end, and ending it; who did it is led to the sign-in page."""
    at = timezone.now()
    if request.method != "POST":
        person = request.user
        counted = {"devices": sessions.open_to(person.pk, at).count(), "tokens": person.tokens.live(at).count()}
        return render(request, "accounts/end_access.html", counted)
    person = User.objects.get(pk=request.user.pk)
    try:
        operations.end_access(person, by=person, at=at)
    except operations.Refused as refusal:  # somebody changed the account meanwhile
        messages.warning(request, str(refusal))
        return redirect("accounts:own_end_access")
    return redirect("accounts:login")


def _key(request):
    return sessions.digest_of(request.session.session_key or "")
