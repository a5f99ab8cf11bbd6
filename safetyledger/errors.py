"""Pages for requests that fail: what happened and what to do, in Chinese."""

import logging

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, JsonResponse
from django.template.loader import render_to_string

logger = logging.getLogger(__name__)

HOME = ("/", "回到工作台")
PAGES = {
    400: ("请求无法识别", "提交的内容或网址不正确。", "请返回上一页检查后重新提交。"),
    403: ("没有权限", "您没有权限进行此操作。", "如确需办理，请联系本单位管理员开通权限。"),
    404: ("页面不存在", "该页面不存在，或不在您的管辖范围内。", "请检查网址，或从工作台、台账重新进入。"),
    500: ("系统出错", "系统处理时发生错误，本次操作没有保存。", "请稍后重试；仍然出错时请联系系统管理员。"),
}


def page(request, status, words, *, link=HOME, errors=None):
    """The error page with `status` and one way on, `link` (address, words), in the frame of the site for signed-in people;
    the API gets problem details (RFC 9457) instead, with `errors`, `{name: [sentence, …]}`, where single names are to blame."""
    title, sentence, advice = words
    if request.path_info.startswith("/api/"):
        problem = {"type": "about:blank", "title": title, "status": status, "detail": sentence}
        problem |= {"errors": errors} if errors else {}
        return JsonResponse(problem, status=status, content_type="application/problem+json")
    context = {"title": title, "sentence": sentence, "advice": advice, "status": status, "link": link}
    return HttpResponse(_framed(request, context) or render_to_string("errors/error.html", context), status=status)


def _framed(request, context):
    """The page inside the frame that signed-in people know, so that they can go on; "" for others, and where the frame fails:
    it asks the database for the user and the messages, which may be just what failed."""
    try:
        if request.user.is_authenticated:
            return render_to_string("errors/error_inside.html", context, request)
    except Exception:  # whatever failed the request may fail its frame, too, and the page without one always works
        logger.warning("error page without its frame", exc_info=True)
    return ""


@login_not_required
def bad_request(request, exception=None):
    return page(request, 400, PAGES[400])


def unknown_names(request, wrong, *, posted=False):
    """400 for names that the door does not know: `wrong` is `{name: sentence}`. The page offers itself without them."""
    sentence = f"{'；'.join(wrong.values())}。"
    if posted:
        words, link = (PAGES[400][0], sentence, "本次提交没有保存。请返回上一页，刷新后重新提交。"), HOME
    else:
        kept = request.GET.copy()
        for name in wrong:
            del kept[name]
        words = ("网址无法识别", f"网址中{sentence}", "请打开本页，从页面上的筛选重新选择。")
        link = (f"{request.path}?{kept.urlencode()}".removesuffix("?"), "打开本页")
    return page(request, 400, words, link=link, errors={name: [told] for name, told in wrong.items()})


@login_not_required
def permission_denied(request, exception=None):
    """The sentence of a refusal of ours (`PermissionDenied("…")`) is shown, Django's own is not Chinese."""
    title, sentence, advice = PAGES[403]
    own = str(exception) if exception else ""
    return page(request, 403, (title, own if own and not own.isascii() else sentence, advice))


@login_not_required
def not_found(request, exception=None):
    return page(request, 404, PAGES[404])


@login_not_required
def server_error(request):
    return page(request, 500, PAGES[500])
