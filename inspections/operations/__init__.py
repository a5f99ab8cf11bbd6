"""Everything that changes visits, enterprises and sectors. Pages, API, workbooks and commands all come through these verbs.

Those about records take ``by=`` (a person, or None for the system) and ``at=`` (an aware moment) and either happen whole, with
their event, or raise `journal.refusal.Refused` with a Chinese sentence fit for the user.
"""

from inspections.operations.enterprises import adopt, edit, enlist, join_member, part_member, resume, suspend
from inspections.operations.sectors import edit_sector, restore_sector, retire_sector, seed_sectors
from inspections.operations.visits import (
    TOO_FEW,
    SentBefore,
    complete_visit,
    day_problem,
    is_short_of_people,
    record_visit,
)

__all__ = [
    "TOO_FEW", "SentBefore", "adopt", "complete_visit", "day_problem", "edit", "edit_sector", "enlist", "is_short_of_people",
    "join_member", "part_member", "record_visit", "restore_sector", "resume", "retire_sector", "seed_sectors", "suspend",
]  # fmt: skip
