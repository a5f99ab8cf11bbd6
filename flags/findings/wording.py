"""Descriptions: the same one over and over, and those that say nothing."""

from collections import Counter, defaultdict

from django.conf import settings
from django.db.models import Count

from flags.findings.ground import KEPT, STREAM, Place, taken
from flags.kinds import Kind
from flags.perfunctory import is_perfunctory
from folding.texts import fold


def descriptions(ground):
    """Both kinds from one reading: of each unit its descriptions, every one once, with how often it stands there."""
    rows = ground.found(Kind.COPIED)
    texts = rows.values_list("found_by_unit", "description").annotate(times=Count("pk"))
    said, totals, vague = defaultdict(Counter), Counter(), Counter()
    for unit, description, times in texts.iterator(STREAM):
        said[unit][fold(description)] += times
        totals[unit] += times
        if is_perfunctory(description):
            vague[unit] += times
    return [*_copied(ground, said, totals), *_perfunctory(ground, vague, totals)]


def _copied(ground, said, totals):
    least = settings.FLAG_COPIED_ROWS
    often = {unit: {text for text, times in texts.items() if times >= least} for unit, texts in said.items()}
    hits = {unit: sum(said[unit][text] for text in texts) for unit, texts in often.items()}
    percent = settings.FLAG_COPIED_PERCENT
    flagged, figures = ground.shared(Kind.COPIED, hits, totals, rows=least, percent=percent)
    findings = []
    for unit in flagged:
        parts = defaultdict(list)
        for pk, description in _rows(ground, unit):
            if (text := fold(description)) in often[unit]:
                parts[text].append(pk)
        placed = [[Place(part, pk) for pk in keys] for part, keys in enumerate(parts.values(), 1)]
        findings.append(
            ground.finding(Kind.COPIED, unit, taken(placed), figures=figures, row_count=hits[unit], out_of=totals[unit])
        )
    return findings


def _perfunctory(ground, vague, totals):
    least, percent = settings.FLAG_PERFUNCTORY_ROWS, settings.FLAG_PERFUNCTORY_PERCENT
    flagged, figures = ground.shared(Kind.PERFUNCTORY, vague, totals, rows=least, percent=percent)
    findings = []
    for unit in flagged:
        keys = [pk for pk, description in _rows(ground, unit) if is_perfunctory(description)]
        places = [Place(hazard=pk) for pk in keys[:KEPT]]
        findings.append(
            ground.finding(Kind.PERFUNCTORY, unit, places, figures=figures, row_count=vague[unit], out_of=totals[unit])
        )
    return findings


def _rows(ground, unit):
    """``(key, description)`` of what one unit found, the newest first."""
    rows = ground.found(Kind.COPIED).filter(found_by_unit=unit)
    return rows.order_by("-found_on", "-pk").values_list("pk", "description").iterator(STREAM)
