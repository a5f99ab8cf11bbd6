"""What a desk shows of bulletins: those that wait for this person's signature, and those not yet read. Two queries."""

from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from bulletins.models import Bulletin
from bulletins.receipts import unread_by
from journal.acts import named
from look.panels import Desk, register
from look.words import full_date

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


def for_leaders(request):
    """What waits for a leader's signature, then the newest bulletins this person has not read, as rows of the leaders' page. One query."""
    user = request.user
    seen, signing = Bulletin.objects.visible_to(user), named(Bulletin, "issue_bulletin").waits_for(user)
    found = unread_by(user, seen)
    if signing is not None:
        found = found | seen.filter(signing)
    return [
        _row(one, f"{full_date(timezone.localdate(one.issued_at))} 印发，未读", "阅看") if one.issued_at
        else _row(one, f"{full_date(timezone.localdate(one.drafted_at))} 拟稿，待签发", "签发")
        for one in found.order_by(F("issued_at").desc(nulls_first=True), "-pk")[:SHOWN]
    ]  # fmt: skip


def _row(one, meta, button):
    return {"title": str(one), "meta": meta, "url": one.get_absolute_url(), "button": button}


def register_panels():
    from rankings.views import leader  # views need the models of every app

    register(Desk, of_desk, place=20)
    if for_leaders not in leader.WAITING:
        leader.WAITING.append(for_leaders)
