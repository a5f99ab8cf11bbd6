"""Everything that changes units and accounts. Pages and commands all come through these verbs.

Verbs about accounts take ``by=`` (an administrator) and ``at=`` (an aware moment; only doors read the clock) and either
happen whole, with their event, or raise :class:`Refused` with a Chinese sentence fit for the user.
"""

from accounts.operations.people import (
    add_person,
    deactivate,
    edit_account,
    grant,
    latest_event,
    open_account,
    reset_password,
)
from accounts.operations.units import init_city, unit_named
from journal.refusal import Conflict, NotPermitted, Refused

__all__ = [
    "Conflict", "NotPermitted", "Refused", "add_person", "deactivate", "edit_account", "grant", "init_city", "latest_event",
    "open_account", "reset_password", "unit_named",
]  # fmt: skip
