"""Pictures: one used for several hazards, and one that is its own after."""

from itertools import groupby
from operator import itemgetter

from django.conf import settings

from evidence.likeness import are_same, same_ones
from evidence.models import Photo
from flags.findings.ground import STREAM, Place, taken
from flags.kinds import Kind

BEFORE, AFTER = Photo.Stage.BEFORE, Photo.Stage.AFTER


def _by_unit(ground, kind):
    """``(unit, [(hazard, firm, day found, photo, stage, likeness, when taken), …])`` of the pictures that can be told apart, unit by
    unit: those of one unit are in memory at a time."""
    columns = ("likeness", "taken_at")
    rows = ground.found(kind).filter(photos__likeness__isnull=False)
    told = rows.order_by("found_by_unit", "-found_on", "-pk", "photos__pk").values_list(
        "found_by_unit", "pk", "enterprise", "found_on", "photos__pk", "photos__stage", *(f"photos__{one}" for one in columns)
    )  # fmt: skip
    for unit, pictures in groupby(told.iterator(STREAM), key=itemgetter(0)):
        yield unit, [picture[1:] for picture in pictures]


def reused(ground):
    """One picture in hazards of different firms or days. Within one visit a picture may well show two hazards."""
    findings = []
    for unit, pictures in _by_unit(ground, Kind.PHOTO):
        told = {photo: (hazard, (firm, day)) for hazard, firm, day, photo, *_ in pictures}
        groups = same_ones({photo: (likeness, taken_at) for *_, photo, _, likeness, taken_at in pictures})
        parts = [keys for keys in groups if len({told[photo][1] for photo in keys}) > 1]
        hazards = {told[photo][0] for keys in parts for photo in keys}
        if len(hazards) >= settings.FLAG_PHOTO_ROWS:
            placed = [
                [Place(part, told[photo][0], photo=photo) for photo in keys] for part, keys in enumerate(parts, 1)
            ]
            total = len({hazard for hazard, _ in told.values()})
            findings.append(ground.finding(Kind.PHOTO, unit, taken(placed), row_count=len(hazards), out_of=total))
    return findings


def unchanged(ground):
    """Hazards of which a picture after is one before."""
    findings = []
    for unit, pictures in _by_unit(ground, Kind.UNCHANGED):
        parts, total = [], 0
        for hazard, of_one in groupby(pictures, key=itemgetter(0)):
            of_stage = {BEFORE: [], AFTER: []}
            for *_, photo, stage, likeness, taken_at in of_one:
                of_stage.get(stage, []).append((photo, (likeness, taken_at)))
            total += bool(of_stage[BEFORE] and of_stage[AFTER])
            pair = next(
                ((one, other) for one, seen in of_stage[BEFORE] for other, then in of_stage[AFTER] if are_same(seen, then)),
                None,
            )  # fmt: skip
            if pair:
                parts.append([Place(len(parts) + 1, hazard, photo=photo) for photo in pair])
        if len(parts) >= settings.FLAG_UNCHANGED_ROWS:
            findings.append(ground.finding(Kind.UNCHANGED, unit, taken(parts), row_count=len(parts), out_of=total))
    return findings
