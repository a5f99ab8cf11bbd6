"""重大隐患报告: sent at once to those who supervise, signed by each of them (安全生产法 §41, 总局令第16号 §14)."""

from copy import copy

from django.db.models import Q

from accounts.models import Unit
from hazards.models import MajorReport, Receipt
from journal import gate
from journal.gate import day_of


def recipients(hazard, by):
    """The units a report by ``by`` goes to: supervising and competent department, the safety offices of county and city; not the
    unit that reports."""
    departments = Q(pk__in=[hazard.supervising_unit_id, hazard.competent_unit_id])
    offices = Q(kind=Unit.Kind.COMMITTEE_OFFICE, division_code__in=[hazard.county_code, hazard.city_code])
    return list(Unit.objects.filter(departments | offices, is_active=True).exclude(pk=by.unit_id).order_by("code"))


def report_major(hazard, *, by, at, cause, harm, treatment):
    """Report a major hazard: how it stands and why, how dangerous and how hard to mend it is, how it is treated or when the plan comes.

    Each of the `recipients` signs for it; until the last has, the row says since when it is waited for.
    """
    gate.check(hazard, "report_major", by=by)
    units = recipients(hazard, by)
    report = MajorReport(hazard=hazard, cause=cause, harm=harm, treatment=treatment, by=by, at=at)
    receipts = [Receipt(hazard=hazard, unit=unit) for unit in units]
    return gate.move(
        hazard,
        "report_major",
        by=by,
        at=at,
        note=cause,
        beside=[report, *receipts],
        changes={"报送": "、".join(unit.short_name for unit in units)},
        report_owed_on=None,
        receipts_since=day_of(at) if units else None,
    )


def acknowledge_report(hazard, *, by, at):
    """Sign for the report in the name of one's unit."""
    gate.check(hazard, "acknowledge_report", by=by)
    row = copy(next(one for one in hazard.unsigned_receipts if one.unit_id == by.unit_id))
    row.by, row.at = by, at
    others = [one for one in hazard.unsigned_receipts if one.pk != row.pk]
    return gate.move(
        hazard,
        "acknowledge_report",
        by=by,
        at=at,
        beside=[row],
        changes={"签收单位": by.unit},
        receipts_since=hazard.receipts_since if others else None,
    )


def owed_after(hazard, today):
    """The column that says since when a report is owed of a hazard that is major from ``today`` on."""
    made = MajorReport.objects.filter(hazard=hazard).exists()
    return {} if made else {"report_owed_on": today}
