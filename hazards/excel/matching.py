"""What of a file is already here: enterprises by credit code or name, rows by number or import key. Queries go in chunks."""

from collections import Counter
from hashlib import sha256

from hazards.excel.columns import BY_FIELD
from hazards.lifecycle import State
from hazards.models import Hazard
from inspections.models import Enterprise
from workbooks.cells import ParseError

CHUNK = 500  # SQLite takes 32,766 parameters; PostgreSQL plans short lists well
# Column → the Hazard field it fills, where the names differ.
STORED = {
    "territory": "territorial_unit",
    "found_by": "found_by_unit",
    "competent": "competent_unit",
    "supervising": "supervising_unit",
}
COMPARED = tuple(STORED.get(name, name) for name in BY_FIELD if name not in ("number", "enterprise", "uscc"))
_UNITS = frozenset({*STORED.values(), "sector"})
_COLUMN = {stored: name for name, stored in STORED.items()}


class Enterprises:
    """Finds the enterprise of each entry: by credit code, else by name in its township, else a new one; else it asks."""

    def __init__(self, target, home):
        self._division, self._home = target.division_code, home
        self._by_uscc, self._by_name, self._created, self._memo = {}, {}, {}, {}

    @property
    def new(self):
        """The enterprises to be created, unsaved, in the order met."""
        return list(self._created.values())

    def load(self, entries):
        """Read everything ``entries`` may refer to, in chunks."""
        for codes in chunks({entry.uscc for entry in entries if entry.uscc}):
            for firm in Enterprise.objects.filter(uscc__in=codes).select_related("sector"):
                self._by_uscc[firm.uscc] = firm
        for names in chunks({entry.firm for entry in entries if entry.firm}):
            for firm in Enterprise.objects.filter(name__in=names).select_related("sector").order_by("pk"):
                if firm.division_code.startswith(self._division):
                    self._by_name.setdefault(firm.name, []).append(firm)

    def find(self, entry):
        """The enterprise of ``entry``; raises ParseError when only a person can say which."""
        key = (entry.uscc, entry.firm, entry.territory.pk if entry.territory else None)
        if key not in self._memo:
            self._memo[key] = self._by_code(entry) if entry.uscc else self._named(entry)
        return self._memo[key]

    def _by_code(self, entry):
        if firm := self._by_uscc.get(entry.uscc):
            if not firm.division_code.startswith(self._division):
                raise ParseError("这个信用代码的企业不在本次导入的单位范围内，请核对")
            return firm
        if not entry.firm:
            raise ParseError("这个信用代码还没有登记过，请同时填写企业名称")
        unmarked = [firm for firm in self._candidates(entry) if not firm.uscc]
        return unmarked[0] if len(unmarked) == 1 else self._create(entry)

    def _named(self, entry):
        candidates = self._candidates(entry)
        if not candidates:
            return self._create(entry)
        if len({firm.township_id for firm in candidates}) > 1:
            raise ParseError(
                f"有 {len(candidates)} 家企业叫“{entry.firm}”，请在“属地”列写明乡镇（街道），或填写统一社会信用代码"
            )
        unmarked = [firm for firm in candidates if not firm.uscc]
        if len(candidates) > 1 and not unmarked:
            raise ParseError(f"该属地有 {len(candidates)} 家企业叫“{entry.firm}”，请填写统一社会信用代码")
        return unmarked[0] if unmarked else candidates[0]

    def _candidates(self, entry):
        named = self._by_name.get(entry.firm, [])
        if entry.territory is None:
            return named
        there = [firm for firm in named if firm.township_id == entry.territory.pk]
        return there or [firm for firm in named if firm.division_code.startswith(entry.territory.division_code)]

    def _create(self, entry):
        place = entry.territory if entry.territory is not None else self._home
        key = (entry.uscc,) if entry.uscc else (place.pk, entry.firm)
        if key not in self._created:
            self._created[key] = Enterprise(
                name=entry.firm, uscc=entry.uscc, township=place, division_code=place.division_code,
                sector=entry.fields.get("sector"),
            )  # fmt: skip
        return self._created[key]


class ImportKeys:
    """Gives every entry of a file the key under which it is known for ever: what it is, not how far it has come.

    SHA-256 over city and number, or over city, enterprise, day, description, place and, for rows alike in all of these,
    which of them it is. A row whose state or deadline was edited in the file is therefore the same row.
    """

    def __init__(self, city):
        self._city, self._seen, self._numbers = city, Counter(), {}

    def give(self, entry):
        """Set ``entry.key``; a number used twice in the file is a problem of the second row."""
        if entry.number:
            first = self._numbers.setdefault(entry.number, entry.row)
            if first != entry.row:
                entry.refuse("number", entry.number, f"编号与第 {first} 行重复")
            entry.key = _digest(self._city, entry.number)
            return
        fields = entry.fields
        what = fields.get("description") or fields.get("requirement", "")
        facts = (
            self._city,
            entry.uscc or entry.firm,
            fields["found_on"].isoformat(),
            what,
            fields.get("location", ""),
            entry.foreign,
        )
        facts = tuple("".join(fact.split()) for fact in facts)
        self._seen[facts] += 1
        entry.key = _digest(*facts, str(self._seen[facts]))


def _digest(*facts):
    return sha256("\x1f".join(facts).encode()).hexdigest()


def load_known(entries):
    """``(by_number, by_key)``: the rows already in the ledger that ``entries`` may be, as dicts of :data:`COMPARED`."""
    wanted = ("number", "import_key", "version", *COMPARED)
    by_number, by_key = {}, {}
    for numbers in chunks({entry.number for entry in entries if entry.number}):
        for known in Hazard.objects.filter(number__in=numbers).values(*wanted):
            by_number[known["number"]] = known
    for keys in chunks({entry.key for entry in entries}):
        for known in Hazard.objects.filter(import_key__in=keys).values(*wanted):
            by_key[known["import_key"]] = known
    return by_number, by_key


def is_known(entry, has, by_number, by_key):
    """True when the row is in the ledger already; adds a problem when it is there with other content.

    ``has``: the fields the file has columns for. A row imported before and dealt with since is known whatever the file says.
    """
    known = by_number.get(entry.number) if entry.number else None
    if known is None:
        known = by_key.get(entry.key)
        if known is None:
            return False
        if known["version"] > 1:
            return True
    for name in COMPARED:
        column = _COLUMN.get(name, name)
        if column in has and name not in entry.filled and _differs(entry, name, column, known[name]):
            heading = BY_FIELD[column].heading
            entry.refuse(
                column,
                _text(entry, name),
                f"这条隐患已在台账中（{known['number']}），但“{heading}”不同；导入不修改已有隐患，请在系统里办理",
            )
            return False
    return True


def _differs(entry, name, column, stored):
    if name == "territorial_unit":
        mine = entry.territory
        if mine is None:
            return False  # was filled with the enterprise's township
    elif name == "found_by_unit" and name not in entry.fields:
        return False  # left to the importing unit, or kept with the inspectors
    else:
        mine = entry.fields.get(name)
    if name in _UNITS:
        return (mine.pk if mine is not None else None) != stored
    if isinstance(stored, str) and name not in ("state", "level"):
        return (mine or "") != BY_FIELD[column].read(stored)
    return mine != stored and (mine or stored) not in (False, None)


def _text(entry, name):
    value = entry.territory if name == "territorial_unit" else entry.fields.get(name)
    return State(value).label if name == "state" else "" if value is None else str(value)


def chunks(values):
    """``values`` (a set) as sorted lists of at most :data:`CHUNK`."""
    ordered = sorted(values)
    for start in range(0, len(ordered), CHUNK):
        yield ordered[start : start + CHUNK]
