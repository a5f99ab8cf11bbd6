"""Walk the event chains and name the first link that does not hold."""

from dataclasses import dataclass
from itertools import groupby

from hazards.models import Hazard, HazardEvent

CHUNK = 2000


@dataclass(frozen=True)
class Break:
    """A broken chain: ``hazard`` (its number or what stands for it), ``sequence`` of the link, ``what`` in Chinese."""

    hazard: str
    sequence: int
    what: str

    def __str__(self):
        return f"{self.hazard} 第 {self.sequence} 条：{self.what}"


def verify_chains():
    """Check every chain; yields ``(events read so far, Break or None)`` for each hazard, by primary key.

    Two streams side by side, so memory does not grow with the ledger. People go on working meanwhile: what looks
    broken is read again before it is said.
    """
    chains = groupby(_events(HazardEvent.objects.all()), key=lambda event: event.hazard_id)
    chain_id, chain = next(chains, (None, ()))
    read = 0
    for hazard in _hazards(Hazard.objects.all()).iterator(chunk_size=CHUNK):
        while chain_id is not None and chain_id < hazard.pk:
            yield read, _vanished(chain_id)
            chain_id, chain = next(chains, (None, ()))
        events = []
        if chain_id == hazard.pk:
            events = list(chain)
            chain_id, chain = next(chains, (None, ()))
        read += len(events)
        yield read, _first_break(hazard, events) and _break_now(hazard.pk)
    while chain_id is not None:
        yield read, _vanished(chain_id)
        chain_id, chain = next(chains, (None, ()))


def _events(rows):
    return rows.order_by("hazard_id", "sequence").iterator(chunk_size=CHUNK)


def _hazards(rows):
    return rows.order_by("pk").only("uid", "number", "version", "last_digest")


def _break_now(pk):
    """The break of one chain as it stands now, or None: a hazard that moved on between the two streams has none."""
    hazard = _hazards(Hazard.objects.filter(pk=pk)).first()
    if hazard is None:
        return _vanished(pk)
    return _first_break(hazard, list(_events(HazardEvent.objects.filter(hazard=pk, sequence__lte=hazard.version + 1))))


def _vanished(pk):
    return Break(f"隐患 {pk}", 1, "办理记录还在，台账里却没有这条隐患")


def _first_break(hazard, events):
    previous = ""
    for expected, event in enumerate(events, start=1):
        event.hazard = hazard  # its digest covers the hazard's uid; this saves a query
        if event.sequence != expected:
            return Break(str(hazard), expected, f"缺失，其后直接是第 {event.sequence} 条")
        if event.previous != previous:
            return Break(str(hazard), expected, "与上一条记录接不上，上一条或本条被改动过")
        if event.compute_digest() != event.digest:
            return Break(str(hazard), expected, "内容与校验值不符，记录被改动过")
        previous = event.digest
    if hazard.version != len(events):
        return Break(str(hazard), len(events) + 1, f"缺失：台账记有 {hazard.version} 条，实有 {len(events)} 条")
    if hazard.last_digest != previous:
        return Break(str(hazard), len(events), "与台账所记的末条校验值不符")
    return None
