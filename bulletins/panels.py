"""What a desk shows of bulletins: those that wait for this person's signature, and those not yet read. Two queries."""

from django.urls import reverse

from bulletins.models import Bulletin
from bulletins.receipts import unread_by
from journal.acts import named
from look.panels import Desk, register

SHOWN = 3


def of_desk(request, desk):
    user = request.user
    if not user.reads_rankings:
        return None
    seen, signing = Bulletin.objects.visible_to(user), named(Bulletin, "issue_bulletin").waits_for(user)
    pending = [] if signing is None else list(seen.filter(signing).order_by("pk")[: SHOWN + 1])
    unread = list(unread_by(user, seen).order_by("-issued_at", "-pk")[: SHOWN + 1])
    if not pending and not unread:
        return None
    page = reverse("bulletins:list")
    return {
        "template": "bulletins/_desk.html",
        "pending": pending[:SHOWN],
        "pending_more": f"{page}?state=pending" if len(pending) > SHOWN else "",
        "unread": unread[:SHOWN],
        "unread_more": f"{page}?reading=unread" if len(unread) > SHOWN else "",
    }


def register_panels():
    register(Desk, of_desk, place=20)
