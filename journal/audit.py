"""Does every record stand as its events say, and every chain as it was written? Names what does not.

People go on working meanwhile: what looks broken is read again before it is said. Memory does not grow with the ledger.
"""

from collections import defaultdict
from dataclasses import dataclass
from itertools import groupby

from django.apps import apps
from django.db.models import Exists, F, OuterRef
from django.db.models.functions import Length

from journal import digest
from journal.facts import unlike
from journal.models import Beside, Offset, record_kinds
from journal.series import Series

CHUNK = 1000
LOOKS = 3  # a record is called broken when it looks so three times in a row
UNKNOWN = "编号不是系统发出的"
WITNESSES = []  # callables (kind, ids) -> {record id: [what events say of each file, …]}: what is really attached to records


@dataclass(frozen=True)
class Break:
    """``place`` (what stands for the record), ``sequence`` of the event where it shows (0: no one event), ``what`` in Chinese."""

    place: str
    sequence: int
    what: str

    def __str__(self):
        return f"{self.place} 第 {self.sequence} 条：{self.what}" if self.sequence else f"{self.place}：{self.what}"


@dataclass
class Count:
    """What was looked at: records and events of one kind."""

    records: int = 0
    events: int = 0


def breaks(kinds=None, counts=None):
    """Every break in every kind of record: the first of each record. ``counts`` ({kind: Count}) is filled on the way."""
    counts = {} if counts is None else counts
    for kind in kinds or record_kinds():
        counts[kind] = Count()
        yield from _records(kind, counts[kind])
        yield from _without_record(kind)
        yield from _places(kind)
        yield from _numbers(kind)


def _records(kind, count):
    rows = beyond = kind.objects.order_by("pk")  # from the very first: nobody promises that ids are positive
    while ids := list(beyond.values_list("pk", flat=True)[:CHUNK]):
        beyond = rows.filter(pk__gt=ids[-1])
        count.records += len(ids)
        try:
            looked = _look(kind, ids, count)
        except Exception:  # a row or an event that no longer can be read: which one?
            looked = {pk: found for pk in ids if (found := _look_at_one(kind, pk))}
        for pk, found in looked.items():
            for _ in range(LOOKS - 1):
                found = found and _look_at_one(kind, pk)
            if found:
                yield found


def _look_at_one(kind, pk):
    try:
        return _look(kind, [pk]).get(pk)
    except Exception:  # whatever a tampered value makes a field, a driver or a check raise
        return Break(f"{kind.noun} 第 {pk} 号", 0, "内容无法读取，被改动过")


def _look(kind, ids, count=None):
    """``{record id: first Break}`` of those among ``ids`` (ascending) that look broken, in a handful of queries."""
    span = (ids[0], ids[-1])
    # Events first: a record that moves on between the two reads then has more than it says, and is read again.
    chains = _by_record(
        kind.stream().objects.filter(record__pk__range=span).order_by("record_id", "sequence"), "record_id"
    )
    rows = kind.objects.filter(pk__in=ids).in_bulk()
    beside = [(model, _beside(model, span)) for model in _besides(kind)]
    attached = [witness(kind, ids) for witness in WITNESSES]
    members = {name: _members(kind, name, span) for name in kind.sealed_sets}
    found = {}
    for pk, record in rows.items():
        events = chains.get(pk, [])
        if count is not None:
            count.events += len(events)
        checks = (
            _chain(record, events),  # first: only of sealed events is it known that they can be read at all
            _row(record, events),
            _sets(record, events, {name: by_record.get(pk, []) for name, by_record in members.items()}),
            _rows_beside(record, events, [(model, by_record.get(pk, [])) for model, by_record in beside]),
            _evidence(record, events, [by_record.get(pk, []) for by_record in attached]),
            _by_digest(record),
        )
        if first := next((one for check in checks for one in check), None):
            found[pk] = first
    return found


def _said(events):
    return {name: value for event in events for name, value in event.facts.items()}


def _by_record(rows, column):
    return {pk: list(group) for pk, group in groupby(rows, key=lambda row: getattr(row, column))}


def _besides(kind):
    return [model for model in apps.get_models() if issubclass(model, Beside) and _leads_to(model, kind)]


def _leads_to(model, kind):
    for name in model.record_path.split("__"):
        model = model._meta.get_field(name).related_model
    return model is kind


def _beside(model, span):
    rows = defaultdict(list)
    of_records = model.objects.filter(**{f"{model.record_path}__pk__range": span})
    for row in of_records.order_by("pk").annotate(of_record=F(model.record_path)):
        rows[row.of_record].append(row)
    return rows


def _members(kind, name, span):
    through = getattr(kind, name).through
    field = kind._meta.get_field(name)
    near, far = field.m2m_field_name(), field.m2m_reverse_field_name()
    rows = defaultdict(list)
    for pk, other in through.objects.filter(**{f"{near}__pk__range": span}).order_by(far).values_list(near, far):
        rows[pk].append(other)
    return rows


def _chain(record, events):
    lawful = {(source, target, move.name) for source, target, move in record.lifecycle.arrows()}
    previous, state, place = "", "", place_of(record)
    for expected, event in enumerate(events, start=1):
        event.record = record  # saves a query: the digest covers its uid
        if event.sequence != expected:
            yield Break(place, expected, f"缺失，其后直接是第 {event.sequence} 条")
        if event.previous != previous:
            yield Break(place, expected, "与上一条记录接不上，上一条或本条被改动过")
        if wrong := digest.complaint(event.format, event.digest):
            yield Break(place, expected, wrong)
        elif event.compute_digest() != event.digest:
            yield Break(place, expected, "内容与校验值不符，记录被改动过")
        if (event.from_state, event.to_state, event.kind) not in lawful or event.from_state != state:
            yield Break(place, expected, "不是规定的办理步骤")
        previous, state = event.digest, event.to_state
    if record.version != len(events):
        yield Break(place, len(events) + 1, f"缺失：台账记有 {record.version} 条，实有 {len(events)} 条")
    if record.last_digest != previous:
        yield Break(place, len(events), "与台账所记的末条校验值不符")
    if record.state != state:
        label = record.lifecycle.label_of
        yield Break(place, len(events), f"状态被改动：办理记录为“{label(state)}”，台账为“{record.state_label}”")


def _row(record, events):
    """A row is the sum of what its events set: a bare ``save()`` shows here."""
    for field in unlike(record, _said(events)):
        yield Break(place_of(record), 0, f"“{_label(field)}”被改动，与办理记录不符")


def _label(field):
    """A column that no page shows has no words of its own."""
    return f"内部栏目 {field.name}" if str(field.verbose_name).isascii() else field.verbose_name


def _sets(record, events, members):
    said = _said(events)
    for name, ids in members.items():
        if sorted(ids) != said.get(name, []):
            label = record._meta.get_field(name).verbose_name
            yield Break(place_of(record), 0, f"“{label}”被改动，与办理记录不符")


def _rows_beside(record, events, beside):
    said = {uid: facts for event in events for uid, facts in event.beside.items()}
    for model, rows in beside:
        for row in rows:
            facts = said.pop(str(row.uid), None)
            if facts is None or unlike(row, facts):
                yield Break(place_of(record), 0, f"{model._meta.verbose_name}被改动，与办理记录不符")
    if said:
        yield Break(place_of(record), 0, f"缺失：办理记录提到的附属记录 {len(said)} 条")


def _evidence(record, events, attached):
    said = sorted(list(one) for event in events for one in event.evidence)
    if WITNESSES and said != sorted(list(one) for some in attached for one in some):
        yield Break(place_of(record), 0, "照片或附件与办理记录不符")


def _by_digest(record):
    if wrong := record.unsealed_rows:
        yield Break(place_of(record), 0, wrong)


def place_of(record):
    """What stands for a record in sentences."""
    return f"{record.noun} {record}"


def _without_record(kind):
    orphans = kind.stream().objects.filter(~Exists(kind.objects.filter(pk=OuterRef("record_id"))))
    for pk, sequence in orphans.order_by("record_id", "sequence").values_list("record_id", "sequence"):
        yield Break(f"{kind.noun} {pk}", sequence, f"办理记录还在，台账里却没有这条{kind.noun}")


def _places(kind):
    """Places in the outbox are given without a gap: a record removed with all its events leaves some empty."""
    stream = kind.stream()
    given = Offset.objects.filter(consumer="", stream=stream._meta.db_table).values_list("last", flat=True).first() or 0
    if missing := given - stream.objects.filter(position__gt=0, position__lte=given).count():
        yield Break(kind.noun, 0, f"缺失：办理记录少了 {missing} 条，可能连同所属的{kind.noun}一起被删除")


def _numbers(kind):
    """Every number given stands on a record, and no record has one that was not given."""
    if kind.numbering is None:
        return
    numbering, column = kind.numbering, kind.numbering.column
    known = {(series.unit, series.year): series for series in Series.objects.filter(kind=numbering.kind)}
    for (unit, year), series in known.items():
        if not series.can_be_read:
            yield Break(f"编号序列 {numbering.kind}-{unit}-{year}", 0, "内容无法读取，被改动过")
            continue
        head = f"{numbering.kind}-{unit}-{year}-"
        texts = kind.objects.filter(**{f"{column}__startswith": head}).order_by(Length(column), column)
        written = (numbering.parts_of(text) for text in texts.values_list(column, flat=True).iterator(chunk_size=CHUNK))
        for n, stands in series.unlike(parts[2] for parts in written if parts):
            yield Break(numbering.text(unit, year, n), 0, UNKNOWN if stands else "编号已发出，却没有这一条")
    numbered = kind.objects.exclude(**{column: None}).order_by().values_list(column, flat=True)
    for text in numbered.iterator(chunk_size=CHUNK):
        parts = numbering.parts_of(text)
        if parts is None or parts[:2] not in known:
            yield Break(text, 0, UNKNOWN)
