"""One answer to every kind of request that comes without a session, or with the token of an earlier one.

A page leads to the sign-in and back; a posted form is kept (`accounts.unsent`) and waits behind the sign-in; a fragment for htmx
becomes the whole page; a script that asked for data is told in words. The API answers for itself.
"""

from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme

from accounts import unsent
from accounts.views import sign_in_again
from safetyledger import errors

SIGNED_OUT = "登录已过期，请重新登录后再试"
STALE = (
    "页面已过期",
    "页面打开时间过长或登录状态已变化，本次提交没有保存。",
    "请返回上一页，先复制已填写的内容，再刷新页面重新提交。",
)
ANOTHERS = (
    "页面属于另一个账号",
    "这个页面是用另一个账号打开的，本次提交没有保存。",
    "请返回上一页复制需要的内容，用原来的账号登录后再提交。",
)


class SignInMiddleware(LoginRequiredMiddleware):
    """Every page needs a sign-in unless it says @login_not_required; who has none is answered by :func:`signed_out`."""

    def handle_no_permission(self, request, view_func):
        return signed_out(request)


def wants_data(request):
    """Whether a script of ours asked, which cannot follow to a page."""
    return request.headers.get("Accept", "").startswith("application/json")


def signed_out(request):
    """The answer to a request without a session."""
    if wants_data(request):
        return JsonResponse({"error": SIGNED_OUT}, status=401)
    if request.htmx:
        address = resolve_url(settings.LOGIN_URL)
        return HttpResponse(status=401, headers={"HX-Redirect": f"{address}?{urlencode({'next': _page_of(request)})}"})
    if request.method in ("GET", "HEAD"):
        return redirect_to_login(request.get_full_path())
    key = unsent.keep(request) if request.method == "POST" else ""
    return redirect_to_login(resolve_url("accounts:resume", key) if key else _page_of(request))


@login_not_required
def csrf_failure(request, reason=""):
    """A form with a token that is not of this session: its page was opened before somebody signed in, here or in another tab."""
    if wants_data(request):
        return JsonResponse({"error": STALE[1]}, status=403)
    if request.path_info == resolve_url(settings.LOGIN_URL):
        return sign_in_again(request)
    if request.path_info == resolve_url("accounts:second_step"):
        return redirect("accounts:second_step")  # which knows who has signed in meanwhile, and who waits
    if not request.user.is_authenticated:
        return signed_out(request)
    if unsent.whose(request) not in (None, request.user.pk):
        return errors.page(request, 403, ANOTHERS)
    if key := unsent.keep(request):
        return redirect("accounts:resume", key)
    return errors.page(request, 403, STALE)


def _page_of(request):
    """The page of ours from which a request came that is no page itself; "" when none is named."""
    said = request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(said, {request.get_host()}, require_https=request.is_secure()):
        return ""
    parts = urlsplit(said)
    return parts.path + (f"?{parts.query}" if parts.query else "")
