"""Everything that changes units and accounts. Pages and commands all come through these verbs.

Verbs take ``by=`` (an administrator) and ``at=`` (an aware moment; only doors read the clock) and either happen whole, with
their event, or raise :class:`Refused` with a Chinese sentence fit for the user.
"""

from accounts.operations.access import end_access, end_other_sessions, end_session
from accounts.operations.factors import bind_factor, clear_factor, drop_factor, renew_codes, reset_factor
from accounts.operations.people import (
    USED_BEFORE,
    add_person,
    change_own_password,
    deactivate,
    edit_account,
    grant,
    note_set_password,
    open_account,
    readmit,
    reset_password,
    was_used,
)
from accounts.operations.tokens import make_token, note_use, revoke_token, token_with
from accounts.operations.units import edit_unit, init_city, restore_unit, retire_unit, unit_named
from journal.refusal import Conflict, NotPermitted, Refused

__all__ = [
    "USED_BEFORE",
    "Conflict",
    "NotPermitted",
    "Refused",
    "add_person",
    "bind_factor",
    "change_own_password",
    "clear_factor",
    "deactivate",
    "drop_factor",
    "edit_account",
    "edit_unit",
    "end_access",
    "end_other_sessions",
    "end_session",
    "grant",
    "init_city",
    "make_token",
    "note_set_password",
    "note_use",
    "open_account",
    "readmit",
    "renew_codes",
    "reset_factor",
    "reset_password",
    "restore_unit",
    "retire_unit",
    "revoke_token",
    "token_with",
    "unit_named",
    "was_used",
]  # fmt: skip
