"""How a township works, as numbers and switches: honest by its diligence, or with a trick (`tricks`)."""

from dataclasses import dataclass

from rankings.simulation.city import FIRMS_PER_INSPECTOR, WEEKLY_SHARE


@dataclass(frozen=True)
class Behaviour:
    """Honest unless a trick changes it. Shares and chances are 0…1, lengths days; ``visits`` are firms a week.

    ``follow_up`` is how closely it sees to what it found: how soon firms mend, how soon it looks again.
    """

    visits: float
    thoroughness: float
    follow_up: float
    reports: float
    # What firms report by themselves of what nobody found.
    self_reported: float = 0.12
    issues: bool = True
    # Days of a deadline, None: by the weight of the hazard.
    deadline: int | None = None
    # What is done about a hazard that is not mended: None; on its last day "refuse" (an empty feedback, refused, with a new
    # deadline) or "park" (an empty feedback that waits for review until the hazard is mended); "renew", on the last day of each
    # month an empty feedback that is refused on the day after.
    on_last_day: str | None = None
    # How long such a feedback waits at least.
    parked_days: int = 0
    # Rows without a hazard that each visit adds, and after how many days they are closed (0: at once).
    invented: int = 0
    invented_days: int = 0
    claims_others: bool = False
    punishes_all: bool = False
    rows_per_easy: int = 1
    all_on_the_spot: bool = False
    only_safe: bool = False
    hides_late: bool = False
    # Share of visits that are written down and not paid.
    on_paper: float = 0
    # Firms on register on the last day of a month, as a share of those there are.
    last_day_register: float = 1

    def __post_init__(self):
        if self.on_last_day not in (None, "refuse", "park", "renew"):
            raise ValueError(self.on_last_day)


def honest(township):
    """What a township does that plays no tricks, as diligent and as many as it is."""
    d, asked = township.diligence, len(township.firms) * WEEKLY_SHARE
    able = min(asked * (0.35 + 0.7 * d), township.inspectors * FIRMS_PER_INSPECTOR)
    return Behaviour(
        visits=0.02 * asked if township.temper == "idle" else able,
        thoroughness=0.35 + 0.55 * d,
        follow_up=d,
        reports=0.55 + 0.45 * d,
    )
