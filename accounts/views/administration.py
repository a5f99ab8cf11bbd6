"""What the three administrators (三员) find on their desk instead of ledger data: who waits for whom, and what was done last."""

from accounts.lifecycle import AccountState
from accounts.models import AccountEvent, UnitEvent, User
from accounts.roles import Role
from journal.models import Verification
from journal.views import timeline_entry

NEWEST, WAITING = 8, 8


def administration(user):
    """``{pending, pending_count, may_grant, changes, verification}``: at most six queries; what the role has nothing to do with is
    None. ``changes`` are entries of a timeline, each with ``whom``."""
    keeps = user.role in {Role.SYSADMIN, Role.SECADMIN}
    pending = User.objects.visible_to(user).filter(state=AccountState.PENDING)
    return {
        "pending": list(pending.select_related("unit").order_by("pk")[:WAITING]) if keeps else None,
        "pending_count": pending.count() if keeps else None,
        "may_grant": user.role == Role.SECADMIN,
        "changes": _changes(user),
        "verification": Verification.objects.filter(is_whole=True).exclude(ended_at=None).order_by("pk").last()
        if user.role == Role.AUDITOR
        else None,
    }


def _changes(user):
    """The newest of what was done to accounts and, for those who read units, to units."""
    streams = [AccountEvent] if user.role == Role.SECADMIN else [AccountEvent, UnitEvent]
    events = [event for stream in streams for event in stream.objects.select_related("record").order_by("-pk")[:NEWEST]]
    events.sort(key=lambda event: event.at, reverse=True)
    return [timeline_entry(event, user) | {"whom": str(event.record)} for event in events[:NEWEST]]
