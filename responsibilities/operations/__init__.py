"""Everything that changes the matrix. Pages, API and workbook all come through these verbs.

Verbs take ``by=`` (a person) and ``at=`` (an aware moment) and either happen whole, with their events, or raise
`journal.refusal.Refused` with a Chinese sentence fit for the user.
"""

from responsibilities.operations.charges import appoint_charge, replace_charge
from responsibilities.operations.lines import appoint_line, replace_line
from responsibilities.operations.periods import end
from responsibilities.operations.sheets import take_over

__all__ = ["appoint_charge", "appoint_line", "end", "replace_charge", "replace_line", "take_over"]
