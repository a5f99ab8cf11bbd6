"""The inbox. Every message is looked up among the reader's own: somebody else's does not exist here."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from doors.names import asked, once
from look.lists import Empty, ListPage, Tab
from look.paging import MOMENT, Order
from notifications import operations, rules
from notifications.filters import InboxFilter
from notifications.models import Notification


class Inbox(ListPage):
    title, label, url_name = "消息", "消息列表", "notifications:inbox"
    filter_class = InboxFilter
    orders = (Order("newest", "created_at", descending=True, key=MOMENT),)
    template, body, wide = "notifications/inbox.html", "notifications/_messages.html", False

    def ask(self):
        self.unread_total = self.rows().unread().count()
        return super().ask()

    def count(self):
        """Unread messages are counted for their tab anyway; all of them nobody needs to know."""
        return None if self.asked.data.get("tab") == "all" else self.unread_total

    def tabs(self):
        return [Tab("未读", {"tab": "unread"}, default=True, count=self.unread_total), Tab("全部", {"tab": "all"})]

    def nothing(self):
        title = "还没有消息" if self.asked.data.get("tab") == "all" else "没有未读消息"
        return Empty(title, "提醒、督办和办理结果会出现在这里。", icon="bell")

    def besides(self):
        return {"unread_total": self.unread_total}


inbox = Inbox.as_view()


@require_http_methods(["GET", "POST"])
def open_message(request, pk):
    """Marks the message read and goes where it points; a link is what an e-mail can carry, so GET does it too."""
    message = get_object_or_404(Notification.objects.visible_to(request.user), pk=pk)
    operations.mark_read(by=request.user, at=timezone.now(), notification=message)
    return redirect(message.url if rules.is_internal(message.url) else "notifications:inbox")


@asked(form=once("up_to"))
@require_POST
def read_all(request):
    """Marks what the page showed and what stands below it, but nothing that came since."""
    sent = request.POST.get("up_to", "")
    number = int(sent) if sent.isascii() and sent.isdecimal() and len(sent) < 19 else 0
    newest = Notification.objects.visible_to(request.user).filter(pk=number).first()
    if newest is None:
        messages.error(request, "消息列表已有变化，请核对后再标为已读")
        return redirect("notifications:inbox")
    count = operations.mark_read(by=request.user, at=timezone.now(), up_to=newest)
    messages.success(request, f"已将 {count} 条消息标为已读" if count else "没有未读消息")
    return redirect("notifications:inbox")
