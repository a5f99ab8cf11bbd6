"""A flag as tests want it, raised by the system over a unit, and at the stage they ask for."""

from datetime import timedelta

from django.utils import timezone

from flags import operations
from flags.models import Flag, FlagRow
from journal import chronicle

STAGES = ("raised", "answered", "upheld", "dismissed")


def flag(unit, *, manager, office, stage="raised", hazards=(), kind="copied"):
    """Raised so long ago that its time for an answer is over; ``manager`` answers and ``office`` decides as far as ``stage`` says."""
    at = timezone.now() - timedelta(days=20)
    today = timezone.localdate(at)
    row = Flag(
        kind=kind, unit=unit, first=today - timedelta(days=28), last=today - timedelta(days=1), own=50, peers=8, peer_count=7,
        row_count=len(hazards), key=f"test:{Flag.objects.count()}", raised_on=today, answer_due_on=today + timedelta(days=7),
    )  # fmt: skip
    life = chronicle.Life(row)
    life.happen("raise", by=None, at=at, beside=[FlagRow(flag=row, part=1, hazard_id=one.pk) for one in hazards])
    chronicle.write([life])
    if stage in ("answered", "upheld"):
        operations.answer(row, by=manager, at=at + timedelta(days=1), text="统一检查用语")
    if stage in ("upheld", "dismissed"):
        told = {"dismissed": stage == "dismissed", "reason": "已核对原始记录"}
        operations.decide(row, by=office, at=at + timedelta(days=2), **told)
    return row
