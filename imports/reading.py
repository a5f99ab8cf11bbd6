"""A ledger kept elsewhere, taken over: read and judged row by row first, then entered in one transaction.

``read_ledger`` writes nothing; what it returns is the preview, the dry run and the work list of ``commit`` alike. The browser
and ``manage.py import_ledger`` both come through these two.
"""

from dataclasses import dataclass, field, fields
from functools import partial

from django.db import IntegrityError, transaction

from accounts.models import Unit, User
from hazards import operations
from hazards.columns import BY_FIELD, REQUIRED, SYNONYMS
from hazards.lifecycle import State
from hazards.responsibility import member_of
from imports.answers import Answers
from imports.matching import Enterprises, ImportKeys, Known, chunks
from imports.places import Places
from imports.rows import RowParser
from inspections.models import Enterprise
from inspections.operations import adopt as adopt_enterprises
from journal.refusal import Refused
from workbooks.cells import ParseError
from workbooks.reading import open_workbook
from workbooks.recognition import CountLedger, EmptySheet, Unrecognised, recognise

MAX_ROWS = 100_000
BROWSER_ROWS = 20_000  # what a request can read, check and enter before its worker is given up
SAMPLE = 20
SOURCE = "导入自 {filename}"


@dataclass
class SheetReading:
    """One sheet after reading. ``failed`` [(Entry, cells)], ``sample`` the first rows [(Entry, cells)] for the preview.

    ``note`` says why a sheet was left out; ``refused`` that it could not be (a ledger of counts).
    """

    index: int
    name: str
    note: str = ""
    asks: frozenset = frozenset()
    refused: bool = False
    header_rows: list = field(default_factory=list)
    columns: list = field(default_factory=list)
    rows: int = 0
    new: list = field(default_factory=list)
    unchanged: int = 0
    skipped: list = field(default_factory=list)
    skipped_count: int = 0
    failed: list = field(default_factory=list)
    noticed: list = field(default_factory=list)
    sample: list = field(default_factory=list)

    @property
    def has(self):
        return frozenset(column.field for column in self.columns if column.field)

    @property
    def missing(self):
        """Headings without which no row of this sheet can be imported."""
        has = self.has | ({"enterprise"} if "uscc" in self.has else set())
        return [BY_FIELD[name].heading for name in REQUIRED if name not in has] if self.columns else []


@dataclass
class Reading:
    """A file after reading: its sheets, and the unsaved enterprises its rows need."""

    filename: str
    places: Places
    sheets: list
    new_enterprises: list
    answers: Answers
    by: User | None = None

    @property
    def asks(self):
        """The names of `Answers` that the file leaves room for, in their order."""
        open_ = frozenset().union(*(sheet.asks for sheet in self.sheets))
        if self.by is None or self.by.unit is None or not self.places.may_hold(self.by):
            open_ -= {"holds"}
        return [field.name for field in fields(Answers) if field.name in open_]

    @property
    def error_rows(self):
        return sum(len(sheet.failed) for sheet in self.sheets)

    @property
    def is_clean(self):
        """True when nothing was refused: every row is new, known or skipped with a reason."""
        return not self.error_rows and not any(sheet.refused for sheet in self.sheets)


def read_ledger(file, filename, *, unit, today, by=None, max_rows=None, layout=None, answers=None, keep_cells=False):
    """Read and judge every row of ``file`` for import into ``unit``; nothing is written.

    ``by``: whose sight of enterprises and rows decides what a row is compared with; None sees all of ``unit``.

    ``layout``: ``{sheet index: {"header_rows": [1-based, …], "mapping": {column index: field or None}}}`` overrides what is
    recognised, ``answers`` (:class:`Answers`) speak for what the whole file leaves out. ``keep_cells`` keeps the raw cells of every row, for a workbook of the refused ones. Raises workbooks Unreadable
    for a file that is none, and Refused with a Chinese sentence when no sheet holds a ledger or it has more than ``max_rows``
    (:data:`MAX_ROWS`) rows.
    """
    places = Places(unit)
    most = MAX_ROWS if max_rows is None else max_rows
    answers = answers or Answers()
    sheets, entries = [], {}
    with open_workbook(file, filename) as workbook:
        for sheet in workbook.sheets:
            found = SheetReading(sheet.index, sheet.name)
            sheets.append(found)
            if sheet.hidden:
                found.note = "隐藏的工作表，未导入"
                continue
            room = most - sum(map(len, entries.values()))
            parser = partial(RowParser, places=places, today=today, answers=answers)
            kept = MAX_ROWS if keep_cells else SAMPLE
            pairs = _read_sheet(sheet, found, (layout or {}).get(sheet.index, {}), parser, room, kept)
            if pairs is None:
                raise Refused(_too_many(most))
            entries[sheet.index] = pairs
    _need_one(sheets)
    matching = Enterprises(unit, places.home, by, answers.find_sector(by))
    return Reading(filename, places, sheets, _settle(sheets, entries, matching, Known(unit, by)), answers, by)


def _read_sheet(sheet, found, layout, parser_for, room, cells_kept):
    """The entries of one sheet, problems and all, or None when there are more than ``room``; fills ``found`` with what was seen."""
    entries = []
    try:
        table = recognise(sheet.rows(), SYNONYMS, mapping=layout.get("mapping"), header_rows=layout.get("header_rows"))
    except Unrecognised as error:
        found.note = str(error)
        found.refused = isinstance(error, CountLedger) or (bool(layout) and not isinstance(error, EmptySheet))
        return entries
    found.header_rows, found.columns = table.header_rows, table.columns
    parser = parser_for({column.field: column.heading for column in table.columns if column.field}, table.meta)
    found.asks = parser.asks
    for row in table.rows:
        if len(entries) == room:
            return None
        entry = parser.parse(row)
        # Raw cells are kept only where somebody will see them.
        cells = row.cells if entry.problems or len(entries) < cells_kept else None
        entries.append((entry, cells))
    found.rows = len(entries)
    found.skipped, found.skipped_count = table.skipped, table.skipped_count
    return entries


def _too_many(most):
    if most < MAX_ROWS:
        return f"网页一次最多导入 {most} 行，请拆分后分批导入；更大的台账请联系系统管理员导入"
    return f"一次最多导入 {most} 行，请拆分后分批导入"


def _need_one(sheets):
    if any(sheet.columns for sheet in sheets):
        return
    told = [sheet for sheet in sheets if sheet.note]
    first = next((sheet for sheet in told if sheet.refused), told[0])
    raise Refused(f"工作表“{first.name}”：{first.note}")


def _settle(sheets, entries, firms, known):
    """Divide the entries of each sheet into new, unchanged and failed; returns the enterprises to be created."""
    good = [entry for pairs in entries.values() for entry, _ in pairs if not entry.problems]
    firms.load(good)
    keys = ImportKeys(known.division)
    for entry in good:
        keys.give(entry, firms.division_of(entry))
    known.load(good)
    for sheet in sheets:
        for position, (entry, cells) in enumerate(entries.get(sheet.index, ())):
            if not entry.problems and known.holds(entry, sheet.has, firms):
                sheet.unchanged += 1
            elif not entry.problems:
                try:
                    entry.enterprise = firms.find(entry)
                    if known.is_taken(entry):
                        raise ParseError("这条隐患已由其他单位录入台账，请从文件中删去")
                    sheet.new.append(entry)
                    if entry.notices:
                        sheet.noticed.append(entry)
                except ParseError as error:
                    entry.refuse("enterprise", entry.firm or entry.uscc, str(error))
            if entry.problems:
                sheet.failed.append((entry, cells or []))
            if position < SAMPLE:
                sheet.sample.append((entry, cells))
    return firms.new


def commit(reading, *, by, at):
    """Enter the new rows of ``reading`` with the enterprises they need, all or none; returns how many.

    Raises Refused when somebody entered the same rows or enterprises meanwhile: reading again shows what is left.
    """
    try:
        with transaction.atomic():
            source = SOURCE.format(filename=reading.filename)[:200]
            adopt_enterprises(reading.new_enterprises, by=by, at=at, source=source)
            # Rows that bring their number go first, so that none of the new numbers takes one of theirs, and in its order,
            # so that rows of one day stand in an imported ledger as they did in the exported one.
            pairs = [(sheet, entry) for sheet in reading.sheets for entry in sheet.new]
            pairs.sort(key=lambda pair: (not pair[1].number, pair[1].number))
            return operations.adopt(_values(pairs, reading, by), by=by, at=at, source=source)
    except IntegrityError as error:
        raise Refused("其中的隐患或企业刚刚被另一次导入或登记写入，本次没有导入；请重新识别后再导入") from error


def _values(pairs, reading, by):
    """Hazard field values per row, as operations.adopt takes them."""
    members, places = _members(pairs), reading.places
    # Who brings a ledger in is not for that one who answers for it; they may say so.
    passed_over = None if reading.answers.holds else by
    for sheet, entry in pairs:
        firm = entry.enterprise
        values = entry.filled | entry.fields
        values |= {"enterprise": firm, "import_key": entry.keys[0], "number": entry.number or None}
        if "sector" in sheet.has:
            values.setdefault("sector", None)
        if entry.territory is not None:
            values["territorial_unit"] = entry.territory
        else:
            values["territorial_unit_id"] = firm.township_id
        if values["state"] != State.CLOSED:
            _fill_duties(values, sheet.has, firm, places, members.get(firm.pk), passed_over)
        yield values


def _fill_duties(values, has, firm, places, member, passed_over):
    """Who answers for a row that is still open: bodies and people the file has no column for come from the matrix; a person
    it names becomes the holder when exactly one account of that body has the name. ``passed_over`` becomes one only by name."""
    sector = values.get("sector") or (None if "sector" in has else firm.sector)
    for kind in ("competent", "supervising"):
        if kind not in has and sector is not None:
            values[f"{kind}_unit"] = places.body(firm.division_code, sector, kind)
    territory = values.get("territorial_unit") or places.governments.get(firm.division_code)
    for kind in ("territorial", "competent", "supervising"):
        unit = territory if kind == "territorial" else values.get(f"{kind}_unit")
        if unit is None:
            continue
        person = values.get(f"{kind}_person")
        holder = places.person(unit, person) if person else None
        if not person and f"{kind}_person" not in has:
            holder = places.holder(unit, sector)
            holder = None if holder == passed_over else holder
        if holder:
            values |= {f"{kind}_holder": holder, f"{kind}_person": str(holder), f"{kind}_phone": holder.phone}
    named = values.get("enterprise_person")
    if member and (named == str(member) or (not named and "enterprise_person" not in has)):
        values |= {"enterprise_holder": member, "enterprise_person": str(member), "enterprise_phone": member.phone}
    elif not named and "enterprise_person" not in has:
        values |= {"enterprise_person": firm.principal, "enterprise_phone": firm.phone}


def _members(pairs):
    """The account of each enterprise already registered that answers for it, as hazards.responsibility chooses: ``{enterprise pk: User}``."""
    through = Enterprise.members.through
    found = {}
    for firms in chunks({entry.enterprise.pk for _, entry in pairs if entry.fields["state"] != State.CLOSED}):
        rows = (
            through.objects.filter(enterprise__in=firms, user__is_active=True)
            .select_related("user", "enterprise")
            .order_by("user_id")
        )
        for row in rows:
            found.setdefault(row.enterprise_id, (row.enterprise, []))[1].append(row.user)
    return {pk: member_of(firm, members) for pk, (firm, members) in found.items()}


def units_to_import_into(user):
    """The units whose ledger ``user`` may import: governments of the territory, nearest to the top first."""
    return Unit.objects.visible_to(user).active().filter(kind=Unit.Kind.GOVERNMENT).order_by("division_code")
