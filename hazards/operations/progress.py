"""How far the work on a major hazard has come: reported at least every quarter; changes no state."""

from django.db import transaction

from evidence.operations import attach_photos, sealed
from hazards.models import Progress
from hazards.operations.plans import next_progress
from journal import gate
from journal.gate import day_of
from journal.refusal import Refused


@transaction.atomic
def report_progress(hazard, *, by, at, content, percent, spent, reason="", photos=()):
    """Say what was done, how far it is (``percent``) and what was ``spent`` so far, in yuan.

    Neither falls below what was said last without a ``reason``. The next report is due so many months later as the settings say.
    """
    gate.check(hazard, "report_progress", by=by)
    last = hazard.progress.order_by("id").last()
    if last is not None and not reason:
        if percent < last.percent:
            raise Refused(f"完成比例低于上次报告的 {last.percent}%；请核对，确实减少的请写明原因")
        if spent < last.spent:
            raise Refused(f"累计已用资金低于上次报告的 {last.spent} 元；请核对，确实减少的请写明原因")
    due = next_progress(day_of(at))
    progress = Progress(hazard=hazard, content=content, percent=percent, spent=spent, reason=reason, by=by, at=at)
    event = gate.move(
        hazard,
        "report_progress",
        by=by,
        at=at,
        note=content,
        beside=[progress],
        evidence=sealed(photos, "during", part=progress.uid),
        changes={
            "完成比例": f"{percent}%",
            "累计已用资金（元）": spent,
            "减少的原因": reason,
            "照片": f"{len(photos)} 张" if photos else "",
            "下次进展应报日": due,
        },
        progress_due_on=due,
    )
    attach_photos(hazard, photos, stage="during", by=by, part=progress.uid)
    return event
