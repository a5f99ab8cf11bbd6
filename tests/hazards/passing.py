"""A hazard passed on between the units of `tests.stages.cast`, in few words."""

from django.utils import timezone

from hazards import operations
from hazards.models import Hazard
from journal.audit import breaks
from tests import told


def offer(row, by, at=None, **given):
    row.refresh_from_db()
    given = {"to_unit": told.elsewhere(by), "reason": "属于对方职责"} | given
    return operations.offer_transfer(row, by=by, at=at or timezone.now(), **given)


def accept(row, by, at=None, holder=None):
    return operations.answer_transfer(row, by=by, at=at or timezone.now(), accepted=True, holder=holder or by)


def give_back(row, by, at=None, opinion="不属于本单位职责"):
    return operations.answer_transfer(row, by=by, at=at or timezone.now(), accepted=False, opinion=opinion)


def assign(row, by, unit, holder, at=None):
    return operations.assign_transfer(row, by=by, at=at or timezone.now(), unit=unit, holder=holder, reason="已协商")


def sees(person, row):
    return Hazard.objects.visible_to(person).filter(pk=row.pk).exists()


def owns(person, row):
    return Hazard.objects.visible_to(person, guests=False).filter(pk=row.pk).exists()


def whole(row):
    """Row and chain agree, and of the row no offer waits that its columns do not tell."""
    row.refresh_from_db()
    waits = row.transfers.open().first()
    assert (row.offered_unit_id, row.offered_by_unit_id, row.transfer_due_on) == (
        (waits.to_unit_id, waits.from_unit_id, waits.due_on) if waits else (None, None, None)
    )
    assert list(breaks([Hazard])) == []
