"""What of a file is already here: enterprises by credit code or name, rows by number or import key. Queries go in chunks."""

from collections import Counter
from hashlib import sha256

from django.db.models import Exists, OuterRef

from accounts.scope import Reach, in_division, scope_of
from folding.texts import fold
from hazards.columns import COLUMNS, Kind
from hazards.models import Hazard
from hazards.models.number import NUMBERING, may_bring
from hazards.operations.adoption import NOT_THEIRS
from inspections.models import Enterprise
from workbooks.cells import ParseError

CHUNK = 500  # SQLite takes 32,766 parameters; PostgreSQL plans short lists well
OTHER_CODE = (
    "同一属地的“{name}”登记的统一社会信用代码是 {code}，与这一行不同；请核对代码，确是另一家的，请在名称后注明区别"
)
NEEDS_SECTOR = "新企业请填写属于您单位主管或监管的行业领域，整份台账都没有写的，可以在核对时一次选定"
COMPARED = tuple(column for column in COLUMNS if column.compared)


class Enterprises:
    """Finds the enterprise of each entry: by credit code, else by name in its township, else a new one; else it asks.
    Names are compared folded.

    ``by``: only enterprises visible to them are taken; None sees all of ``target``. ``sector`` is that of new ones whose rows
    name none.
    """

    def __init__(self, target, home, by=None, sector=None):
        self._division, self._home, self._sector = target.division_code, home, sector
        self._visible = Enterprise.objects.visible_to(by) if by is not None else Enterprise.objects.all()
        scope = scope_of(by) if by is not None else None
        self._line = scope.function if scope is not None and scope.reach is Reach.DEPARTMENT else None
        self._by_uscc, self._by_name, self._memo = {}, {}, {}
        self._created, self._created_by_uscc = {}, {}

    @property
    def new(self):
        """The enterprises to be created, unsaved, in the order met."""
        return list(self._created.values())

    def load(self, entries):
        """Read everything ``entries`` may refer to, in chunks."""
        for codes in chunks({entry.uscc for entry in entries if entry.uscc}):
            for firm in self._read(uscc__in=codes):
                self._by_uscc[firm.uscc] = firm
        for names in chunks({fold(entry.firm) for entry in entries if entry.firm}):
            for firm in self._read(name_folded__in=names):
                if firm.division_code.startswith(self._division):
                    self._by_name.setdefault(firm.name_folded, []).append(firm)

    def _read(self, **which):
        seen = Exists(self._visible.filter(pk=OuterRef("pk")))
        return Enterprise.objects.filter(**which).annotate(is_seen=seen).select_related("sector").order_by("pk")

    def division_of(self, entry):
        """Where the enterprise an entry names lies (division code), when it is here and lies in one place only; else ""."""
        divisions = {firm.division_code for firm in self._candidates(entry)}
        return divisions.pop() if len(divisions) == 1 else ""

    def may_be(self, entry, pk):
        """Whether what ``entry`` says of its enterprise may mean the one with ``pk``: no other one has this code or name here. An
        enterprise renamed since has left its name behind, and one that moved its place."""
        marked = self._by_uscc.get(entry.uscc)
        named = [marked] if marked is not None else self._by_name.get(fold(entry.firm), [])
        return not named or any(firm.pk == pk for firm in named)

    def find(self, entry):
        """The enterprise of ``entry``; raises ParseError when only a person can say which."""
        key = (entry.uscc, fold(entry.firm), entry.territory.pk if entry.territory else None)
        if key not in self._memo:
            firm = self._by_code(entry) if entry.uscc else self._named(entry)
            if firm.pk is not None and not firm.is_seen:
                # It is here, so it cannot be entered once more either.
                raise ParseError(f"企业“{entry.firm or entry.uscc}”不在您的管辖范围内，请核对")
            self._memo[key] = firm
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
        return candidates[0]

    def _candidates(self, entry):
        named = self._by_name.get(fold(entry.firm), [])
        if entry.territory is None:
            return [firm for firm in named if firm.is_seen] or named
        there = [firm for firm in named if firm.township_id == entry.territory.pk]
        return there or [firm for firm in named if firm.division_code.startswith(entry.territory.division_code)]

    def _create(self, entry):
        place = entry.territory if entry.territory is not None else self._home
        key = (place.pk, fold(entry.firm))
        firm = self._created_by_uscc.get(entry.uscc) if entry.uscc else None
        firm = firm or self._created.get(key) or self._namesake(entry, place)
        if firm is None:
            sector = entry.fields.get("sector") or self._sector
            if self._line is not None and not self._in_line(sector):
                raise ParseError(f"企业“{entry.firm}”还没有登记；{NEEDS_SECTOR}")
            firm = self._created[key] = Enterprise(
                name=entry.firm, township=place, division_code=place.division_code, sector=sector
            )
        if entry.uscc:
            if firm.uscc not in ("", entry.uscc):
                raise ParseError(OTHER_CODE.format(name=entry.firm, code=firm.uscc))
            if firm.pk is None:  # another row of the file may have left it out
                firm.uscc = entry.uscc
                self._created_by_uscc[entry.uscc] = firm
        return firm

    def _namesake(self, entry, place):
        """The enterprise of this name that is in ``place`` already, with another credit code than the row's."""
        named = self._by_name.get(fold(entry.firm), [])
        return next((firm for firm in named if firm.township_id == place.pk), None)

    def _in_line(self, sector):
        return sector is not None and self._line in (sector.competent_function, sector.supervising_function)


class ImportKeys:
    """Gives every entry of a file the key under which it is known for ever: what it is, not how far it has come.

    SHA-256 over city and number, or over city, enterprise, day, description, place and, for rows alike in all of these,
    which of them it is. A row whose state or deadline was edited in the file is therefore the same row. An enterprise is
    its credit code, else its name and the division the row says it lies in (else ``division``, imported into): every township
    has its 便民超市.
    """

    def __init__(self, division):
        self._division, self._seen, self._numbers = division, Counter(), {}

    def give(self, entry, lies_in=""):
        """Set ``entry.keys``; a number used twice in the file is a problem of the second row.

        ``lies_in``: the division of the enterprise the name means here. A row its township imported is known by it to the
        city, whose file may have no 属地; the row's own division comes first, because enterprises move.
        """
        city = self._division[:4]
        if entry.number:
            first = self._numbers.setdefault(entry.number, entry.row)
            if first != entry.row:
                entry.refuse("number", entry.number, f"编号与第 {first} 行重复")
            entry.keys = (_digest(city, entry.number),)
            return
        fields = entry.fields
        what = fields.get("description") or fields.get("requirement", "")
        facts = (fields["found_on"].isoformat(), what, fields.get("location", ""), entry.foreign)
        if entry.uscc:
            places = ("",)
        else:
            said = entry.territory.division_code if entry.territory is not None else self._division
            places = dict.fromkeys(filter(None, (said, lies_in)))
        entry.keys = tuple(self._key(city, entry.uscc or entry.firm, place, *facts) for place in places)

    def _key(self, *facts):
        facts = tuple(map(fold, facts))
        self._seen[facts] += 1
        return _digest(*facts, str(self._seen[facts]))


def _digest(*facts):
    return sha256("\x1f".join(facts).encode()).hexdigest()


class Known:
    """The rows already in the ledger that entries may be. Compared with are only those inside the division imported into and
    visible to ``by`` (None: all of the division); of others nothing is told but that they cannot be entered again."""

    def __init__(self, target, by=None):
        self.division = target.division_code
        visible = Hazard.objects.all() if by is None else Hazard.objects.visible_to(by)
        self._mine = visible.filter(in_division(self.division))
        self._by_number, self._by_key, self._taken, self._lasts = {}, {}, set(), {}

    def load(self, entries):
        """Read what ``entries`` may be, in chunks."""
        numbers = {entry.number for entry in entries if entry.number}
        self._read("number", numbers, self._by_number)
        self._read("import_key", {key for entry in entries for key in entry.keys}, self._by_key)
        for jurisdiction, year in {NUMBERING.parts_of(number)[:2] for number in numbers}:
            self._lasts[jurisdiction, year] = NUMBERING.last_of(unit=jurisdiction, year=year)

    def _read(self, name, values, found):
        wanted = ("number", "import_key", "version", "enterprise", *(column.stored for column in COMPARED))
        for chunk in chunks(values):
            for row in self._mine.filter(**{f"{name}__in": chunk}).values(*wanted):
                found[row[name]] = row
        for chunk in chunks(values - found.keys()):
            self._taken.update(Hazard.objects.filter(**{f"{name}__in": chunk}).values_list(name, flat=True))

    def holds(self, entry, has, firms):
        """True when the row is in the ledger already; adds a problem when it is there with other content, or out of reach.

        ``has``: the fields the file has columns for; ``firms``: the Enterprises. A row imported before and dealt with since is
        known whatever the file says, but not as a row of another enterprise: only a number can be common to both.
        """
        known = self._by_number.get(entry.number) if entry.number else None
        if known is not None and not firms.may_be(entry, known["enterprise"]):
            _refuse_known(entry, known, "enterprise", entry.firm or entry.uscc, "企业名称")
            return False
        if known is None:
            known = next((self._by_key[key] for key in entry.keys if key in self._by_key), None)
        if known is None:
            if entry.number:
                self._check_number(entry)
            return False
        if known["version"] > 1 and known["import_key"] in entry.keys:
            return True
        return _is_same(entry, has, known)

    def is_taken(self, entry):
        """True for a new row that somebody else entered out of the importer's sight. Ask once its enterprise is found: only
        who reaches the enterprise may hear it."""
        return entry.keys[0] in self._taken

    def _check_number(self, entry):
        last = self._lasts[NUMBERING.parts_of(entry.number)[:2]]
        if entry.number in self._taken or not may_bring(entry.number, last):
            # One sentence for both: whether a number is somebody else's is not for this importer to learn.
            entry.refuse("number", entry.number, NOT_THEIRS)


def _is_same(entry, has, known):
    for column in COMPARED:
        given = column.field in has and column.stored not in entry.filled
        if given and _differs(entry, column, known[column.stored]):
            _refuse_known(entry, known, column.field, _text(entry, column), column.heading)
            return False
    return True


def _refuse_known(entry, known, field, text, heading):
    sentence = f"这条隐患已在台账中（{known['number']}），但“{heading}”不同；导入不修改已有隐患，请在系统里办理"
    entry.refuse(field, text, sentence)


def _differs(entry, column, stored):
    if column.field == "territory":
        mine = entry.territory
        if mine is None:
            return False  # was filled with the enterprise's township
    elif column.field == "found_by" and column.stored not in entry.fields:
        return False  # left to the importing unit, or kept with the inspectors
    else:
        mine = entry.fields.get(column.stored, column.empty)
    if column.kind in (Kind.UNIT, Kind.SECTOR):
        return (mine.pk if mine is not None else None) != stored
    if column.kind is Kind.TEXT:
        return fold(mine or "") != fold(column.read(stored) if stored else "")
    return mine != stored


def _text(entry, column):
    value = entry.territory if column.field == "territory" else entry.fields.get(column.stored)
    return dict(column.choices).get(value, "" if value is None else str(value))


def chunks(values):
    """``values`` (a set) as sorted lists of at most :data:`CHUNK`."""
    ordered = sorted(values)
    for start in range(0, len(ordered), CHUNK):
        yield ordered[start : start + CHUNK]
