"""One row of a sheet as one entry of the ledger, or the reasons why not. No database: names are looked up in Places.

The rules for what a ledger leaves out (documented for users on the import page and in docs):

* A column the file does not have may be filled from another one (issued from found, closed from reviewed); an empty cell of a
  column it has stays empty, so that an exported ledger imports back equal.
* A finished row is history: it may lack its description or have its days in a strange order, which is reported. An open row
  must be right.
* What a cell says and the ledger has no place for is told in a notice, never dropped without a word.
"""

from dataclasses import dataclass, field
from datetime import date

from hazards.cells import AT_ONCE, DONE, ON_SPOT, OPEN, closes, closing_state_of, is_our_number, shown
from hazards.columns import BY_FIELD, COLUMNS, DAYS, Kind
from hazards.lifecycle import State
from hazards.models import Hazard
from inspections import uscc
from workbooks.cells import ParseError

NO_DESCRIPTION = "（原台账未填写隐患描述）"
MEMO = 20_000
DAY_COLUMNS = tuple(column for column in COLUMNS if column.kind in DAYS)
DUE = tuple(column.field for column in COLUMNS if column.kind is Kind.DUE)
# What is entered as the file states it; the rest is settled below, together with enterprise and state.
STATED = tuple(column for column in COLUMNS if not column.settled)
# A day that stands for another one the file does not give.
STANDS_FOR = {"deadline": "proposed_deadline", "rectified_on": "feedback_on"}
# How far a row has come, in words of a day's cell and as a state.
STAGES = {
    OPEN: 0,
    State.REGISTERED: 0,
    State.RECTIFYING: 0,
    DONE: 1,
    State.PENDING_REVIEW: 1,
    ON_SPOT: 2,
    State.CLOSED: 2,
}
FIRM_LABELS = ("企业名称", "单位名称", "被检查单位", "受检单位", "项目名称")


@dataclass(slots=True)
class Problem:
    """Why a row is not imported (or, as a notice, how it was): the field, the cell's text and a Chinese sentence."""

    field: str
    value: str
    message: str


@dataclass(slots=True)
class Entry:
    """A row after reading. ``fields`` are Hazard fields as the file states them, ``filled`` those the file has no column for; ``number`` is ours or ""; ``foreign`` another system's."""

    row: int
    fields: dict
    filled: dict = field(default_factory=dict)
    firm: str = ""
    uscc: str = ""
    territory: object = None
    number: str = ""
    foreign: str = ""
    problems: list = field(default_factory=list)
    notices: list = field(default_factory=list)
    keys: tuple = ()  # the key it is entered under, then others it may be known by
    enterprise: object = None

    def refuse(self, name, value, message):
        self.problems.append(_problem(name, value, message))

    def note(self, name, value, message):
        self.notices.append(_problem(name, value, message))


def _problem(name, value, message):
    return Problem(name, shown(value) if value not in (None, "") else "", message)


class RowParser:
    """Reads the rows of one recognised sheet for import into ``places.target`` on the day ``today``.

    ``headings``: {field: what stands above its column}; ``answers`` speak for columns it does not have. ``asks`` are the names
    of the answers that it leaves room for.
    """

    def __init__(self, headings, meta, places, today, answers):
        self.has = frozenset(headings)
        self.places, self.today = places, today
        self.city = places.target.division_code[:4]
        readers = {name: BY_FIELD[name].read for name in BY_FIELD if name in self.has}
        if closes(headings.get("state", "")):
            readers["state"] = closing_state_of
        self._readers = [(name, read, BY_FIELD[name].limit, {}) for name, read in readers.items()]
        named = {"enterprise", "uscc"} & self.has
        self._firm = "" if named else next((meta[label] for label in FIRM_LABELS if meta.get(label)), "")
        self._sections, self._found = {}, {}
        self._given = answers.cells(self.has | ({"enterprise"} if self._firm else set()), today)
        self.asks = answers.asked_of(self.has, self._firm)

    def parse(self, row):
        """The :class:`Entry` of a workbooks Row; ``entry.problems`` is empty when it can be imported."""
        entry = Entry(row.number, {})
        cells = self._read(row.values, entry)
        self._identify(cells, row.section, entry)
        self._copy(cells, row.values, entry)
        disorder = self._check_days(cells, row.values, entry)
        if not entry.problems:
            self._set_state(cells, row.values, entry)
            self._judge(cells, entry)
            history = entry.fields.get("state") == State.CLOSED
            (entry.notices if history else entry.problems).extend(disorder)
        return entry

    def _read(self, values, entry):
        """The parsed cells; recurring texts are parsed once."""
        cells = dict(self._given)
        for name, read, limit, memo in self._readers:
            cell = values[name]
            if type(cell) is str and cell in memo:
                cells[name] = memo[cell]
                continue
            try:
                value = read(cell)
            except ParseError as error:
                entry.refuse(name, cell, str(error))
                continue
            if limit and len(value) > limit:
                entry.refuse(name, cell, f"{BY_FIELD[name].heading}最多 {limit} 个字，现在是 {len(value)} 个字")
                continue
            if type(cell) is str and len(memo) < MEMO:
                memo[cell] = value
            cells[name] = value
        for name in DUE:
            if cells.get(name) == AT_ONCE:
                cells[name] = cells.get("found_on")
        return cells

    def _identify(self, cells, section, entry):
        entry.firm, entry.uscc = cells.get("enterprise") or self._firm, cells.get("uscc", "")
        if entry.uscc and (sentence := uscc.problem(entry.uscc)):
            entry.refuse("uscc", entry.uscc, sentence)
        if not entry.firm and not entry.uscc and not {"enterprise", "uscc"} & _refused(entry):
            entry.refuse("enterprise", "", "请填写企业名称")
        self._place(cells.get("territory", ""), section, entry)
        number = cells.get("number", "")
        try:
            ours = is_our_number(number, city=self.city, this_year=self.today.year)
        except ParseError as error:
            entry.refuse("number", number, str(error))
        else:
            entry.number, entry.foreign = (number, "") if ours else ("", number)
        if entry.foreign:
            entry.note("number", number, "不是本系统的编号，不导入；这条隐患由本系统另行编号")

    def _place(self, name, section, entry):
        try:
            if name:
                entry.territory = self.places.unit(name, inside=self.places.target.division_code, only_places=True)
            elif section and "territory" not in self.has:
                entry.territory = self._section(section)
        except ParseError as error:
            entry.refuse("territory", name, str(error))

    def _section(self, section):
        """The place a section heading (××街道) names, or None: a section may be anything."""
        if section not in self._sections:
            unit = self.places.maybe(section.rstrip("：:"))
            inside = unit is not None and unit.division_code.startswith(self.places.target.division_code)
            self._sections[section] = unit if inside else None
        return self._sections[section]

    def _copy(self, cells, raw, entry):
        fields = entry.fields
        for column in STATED:
            if column.field in cells:
                self._state_value(column, cells[column.field], raw, entry)
        if cells.get("fixed_on_spot"):
            fields["fixed_on_spot"] = True
        if body := cells.get("found_by"):
            if unit := self.places.maybe(body):
                fields["found_by_unit"] = unit
            else:
                # A body outside the unit tree (上报单位, a contractor): kept where the inspectors are named.
                inspectors = fields.get("inspectors", "")
                who = f"{body} {inspectors}".strip()
                most = BY_FIELD["inspectors"].limit
                if len(who) > most:
                    words = f"排查单位不在单位表中，与检查人员合写超过 {most} 个字，只导入了排查单位，检查人员没有导入"
                    entry.note("inspectors", inspectors, words)
                    who = body
                fields["inspectors"] = who
        if level := cells.get("level"):
            fields["level"] = level
        elif "level" in self.has and "level" not in _refused(entry):
            entry.refuse("level", "", "请填写隐患等级：一般或重大")

    def _state_value(self, column, value, raw, entry):
        find = {
            Kind.UNIT: self.places.unit, Kind.SECTOR: self.places.sector, Kind.CRITERION: self.places.criterion,
        }.get(column.kind)  # fmt: skip
        if value in ("", None):
            value = column.empty
        elif find:
            try:
                value = self._find(column.kind, value, find)
            except ParseError as error:
                entry.refuse(column.field, raw[column.field], str(error))
                return
        entry.fields[column.stored] = value

    def _judge(self, cells, entry):
        """Keep the criterion of a major hazard alone, found while it was in force, whose basis names it."""
        fields, said = entry.fields, cells.get("criterion")
        if not said:
            return
        criterion = fields["criterion"]
        if criterion is None:
            why = "系统中没有这个判定条目"
        elif fields.get("level") != Hazard.Level.MAJOR:
            why = "判定标准只用于重大隐患"
        elif not criterion.standard.is_in_force_on(fields["found_on"]):
            why = "排查当日这项标准没有施行或已废止"
        elif "basis" in self.has and not criterion.is_cited_in(fields.get("basis", "")):
            why = "判定依据中没有写这个判定条目"
        else:
            if "basis" not in self.has:
                entry.filled["basis"] = criterion.citation
            return
        fields["criterion"] = None
        entry.note("criterion", said, f"{why}，判定标准没有导入")

    def _find(self, kind, name, find):
        """What ``find(name)`` gives; a name that comes again is not looked up again."""
        key = kind, name
        if key not in self._found:
            self._found[key] = find(name)
        return self._found[key]

    def _check_days(self, cells, raw, entry):
        """Refuses days still to come; returns the days that lie before the finding, as problems."""
        found, disorder = cells.get("found_on"), []
        if found is None:
            if "found_on" not in _refused(entry):
                entry.refuse("found_on", "", "请填写排查日期")
            return disorder
        if found > self.today:
            entry.refuse("found_on", raw["found_on"], "排查日期不能晚于今天")
        for column in DAY_COLUMNS:
            name, day = column.field, cells.get(column.field)
            if not isinstance(day, date) or column.kind is Kind.DAY:
                continue
            if day < found:
                words = f"{column.heading}（{day}）早于排查日期（{found}），请核对"
                disorder.append(Problem(name, shown(raw[name]), words))
            elif column.kind is Kind.PAST and day > self.today:
                entry.refuse(name, raw[name], f"{column.heading}不能晚于今天")
        return disorder

    def _set_state(self, cells, raw, entry):
        """State and dates together, so that what is entered is a row the lifecycle could have made."""
        fields = entry.fields
        days = {one.field: cells[one.field] for one in DAY_COLUMNS if isinstance(cells.get(one.field), date)}
        fields["found_on"] = days["found_on"]
        state = self._state(cells, days, entry)
        if state is None:
            return
        fields["state"] = state
        self._describe(cells, state, entry)
        if state == State.REGISTERED:
            self._registered(days, entry)
        else:
            self._issued(days, entry)
        if state != State.REGISTERED and days.get("feedback_on"):
            fields["feedback_on"] = days["feedback_on"]
        if state == State.CLOSED:
            self._closed(cells, days, entry)
        elif state == State.PENDING_REVIEW and "feedback_on" not in fields:
            # The reviewer's clock needs a start: the day the work was done, else the day the row comes to us.
            entry.filled["feedback_on"] = days.get("rectified_on", self.today)
        if state != State.CLOSED and days.get("closed_on"):
            entry.refuse("closed_on", raw["closed_on"], f"隐患状态是“{State(state).label}”，却填有销号日期，请核对")
        if "reviewed_on" in days:
            fields["reviewed_on"] = days["reviewed_on"]
        self._tell_dropped(cells, raw, entry)

    @staticmethod
    def _tell_dropped(cells, raw, entry):
        """Notices for days the row's state has no place for, and for words in their cells that say another state."""
        kept, state = entry.filled | entry.fields, entry.fields["state"]
        for column in DAY_COLUMNS:
            name, value = column.field, cells.get(column.field)
            if isinstance(value, date):
                lost = value not in (kept.get(name), kept.get(STANDS_FOR.get(name)))
            else:
                stage, reached = STAGES.get(value, 0), STAGES[state]
                lost = value in STAGES and (stage > reached or (stage == 0 and state == State.CLOSED))
            if lost:
                words = f"隐患状态是“{State(state).label}”，这一格的{column.heading}没有导入，请核对状态和日期"
                entry.note(name, raw[name], words)

    def _state(self, cells, days, entry):
        said = cells.get("state") or next(
            (cells[name] for name in ("closed_on", "rectified_on", "reviewed_on") if isinstance(cells.get(name), str)),
            "",
        )
        reviewed = "closed_on" in days or "reviewed_on" in days
        if not said:
            said = State.CLOSED if "closed_on" in days else DONE if "rectified_on" in days else OPEN
        if said == ON_SPOT:
            entry.filled["fixed_on_spot"] = True
            return State.CLOSED
        if said == OPEN:
            return State.RECTIFYING if "deadline" in days else State.REGISTERED
        if said == DONE:
            if reviewed or ("rectified_on" in days and "deadline" not in days):
                return State.CLOSED
            said = State.PENDING_REVIEW
        if said in (State.PENDING_REVIEW, State.RECTIFYING) and "deadline" not in days:
            entry.refuse(
                "deadline", "", "待复查的隐患须有整改期限；已经复查的请填复查日期，已经销号的请把状态写作“已销号”"
            )
            return None
        return said

    def _describe(self, cells, state, entry):
        if text := cells.get("description"):
            entry.fields["description"] = text
        elif state == State.CLOSED and (entry.fields.get("requirement") or entry.fields.get("accident_type")):
            entry.filled["description"] = NO_DESCRIPTION
            entry.notices.append(Problem("description", "", f"原台账这一格是空的；已销号，按“{NO_DESCRIPTION}”导入"))
        else:
            entry.refuse("description", "", "请填写隐患描述")

    @staticmethod
    def _registered(days, entry):
        if due := days.get("proposed_deadline"):
            entry.fields["proposed_deadline"] = due
        elif due := days.get("deadline"):
            entry.filled["proposed_deadline"] = due

    def _issued(self, days, entry):
        fields, filled = entry.fields, entry.filled
        for name in ("issued_on", "deadline", "original_deadline", "proposed_deadline"):
            if name in days:
                fields[name] = days[name]
        if "deadline" not in days:
            return
        must = fields["state"] != State.CLOSED
        # An order cannot be older than the finding, and a deadline shows that one was given.
        if "issued_on" not in days and (must or "issued_on" not in self.has):
            filled["issued_on"] = days["found_on"]
        if "original_deadline" not in days and (must or "original_deadline" not in self.has):
            filled["original_deadline"] = days["deadline"]

    def _closed(self, cells, days, entry):
        fields, filled = entry.fields, entry.filled
        spot = filled.get("fixed_on_spot") or cells.get("fixed_on_spot")
        if "rectified_on" in days:
            fields["rectified_on"] = days["rectified_on"]
        elif "rectified_on" not in self.has and (day := days["found_on"] if spot else days.get("reviewed_on")):
            filled["rectified_on"] = day
        if "closed_on" in days:
            fields["closed_on"] = days["closed_on"]
        elif "closed_on" not in self.has and (day := days.get("reviewed_on") or fields.get("rectified_on")):
            filled["closed_on"] = day
        elif "closed_on" not in self.has and spot:
            filled["closed_on"] = days["found_on"]


def _refused(entry):
    return {problem.field for problem in entry.problems}
