"""The inbox. Every message is looked up among the reader's own: somebody else's does not exist here."""

import re
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from notifications import operations, rules
from notifications.models import Notification

PAGE_SIZE = 50
TABS = {"unread": "未读", "all": "全部"}


@require_GET
def inbox(request):
    tab = request.GET.get("tab", "unread")
    if tab not in TABS:
        raise Http404("没有这一类消息")
    mine = Notification.objects.visible_to(request.user)
    unread_total = mine.unread().count()
    rows, older, newer = _page(mine.unread() if tab == "unread" else mine, mine, request.GET.get("cursor", ""))
    context = {
        "tabs": [_tab(name, tab, unread_total if name == "unread" else None) for name in TABS],
        "tab": tab,
        "rows": rows,
        "unread_total": unread_total,
        "shown": f"本页 {len(rows)} 条",
        "next_url": _address(tab, f"{rows[-1].pk}") if older else "",
        "previous_url": _address(tab, f"-{rows[0].pk}") if newer else "",
    }
    return render(request, "notifications/inbox.html", context)


@require_http_methods(["GET", "POST"])
def open_message(request, pk):
    """Marks the message read and goes where it points; a link is what an e-mail can carry, so GET does it too."""
    message = get_object_or_404(Notification.objects.visible_to(request.user), pk=pk)
    operations.mark_read(by=request.user, at=timezone.now(), notification=message)
    return redirect(message.url if rules.is_internal(message.url) else "notifications:inbox")


@require_POST
def read_all(request):
    count = operations.mark_read(by=request.user, at=timezone.now())
    messages.success(request, f"已将 {count} 条消息标为已读" if count else "没有未读消息")
    return redirect("notifications:inbox")


def _page(rows, mine, cursor):
    """One page of ``rows``, and whether older and newer ones follow.

    ``cursor``: "" the newest, "17" those older than message 17, "-17" those newer. The mark is looked up in ``mine``,
    because a message read since has left the unread ``rows``.
    """
    found = re.fullmatch(r"(-?)(\d{1,18})", cursor, re.ASCII)
    if not found:
        if cursor:
            raise Http404("页码无效，请回到消息首页")
        page = list(rows.newest_first()[: PAGE_SIZE + 1])
        return page[:PAGE_SIZE], len(page) > PAGE_SIZE, False
    mark = get_object_or_404(mine, pk=int(found[2]))
    if found[1]:
        page = list(rows.newer_than(mark).order_by("created_at", "pk")[: PAGE_SIZE + 1])
        return page[:PAGE_SIZE][::-1], bool(page), len(page) > PAGE_SIZE
    page = list(rows.older_than(mark).newest_first()[: PAGE_SIZE + 1])
    return page[:PAGE_SIZE], len(page) > PAGE_SIZE, bool(page)


def _tab(name, current, count):
    return {"label": TABS[name], "url": _address(name), "current": name == current, "count": count, "red": False}


def _address(tab, cursor=""):
    query = {name: value for name, value in (("tab", tab), ("cursor", cursor)) if value and value != "unread"}
    return reverse("notifications:inbox") + (f"?{urlencode(query)}" if query else "")
