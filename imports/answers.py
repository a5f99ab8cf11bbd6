"""What a whole file leaves out and one answer settles: asked once, instead of refusing every row."""

from dataclasses import asdict, dataclass, fields
from datetime import date

from accounts.scope import Reach, scope_of
from hazards.columns import BY_FIELD
from inspections.models import Sector
from journal.refusal import Refused
from workbooks.cells import ParseError

# Answers that stand for the cells of a column the sheet does not have.
CELLS = ("enterprise", "found_on", "level")


@dataclass(frozen=True)
class Answers:
    """``enterprise``, ``found_on`` and ``level``: what a cell of the missing column would say. ``sector``: code of the sector of
    enterprises that are new and whose rows name none. ``holds``: "1" when whoever imports answers for open rows that name nobody,
    where the matrix would name them; else these rows wait for somebody to be named."""

    enterprise: str = ""
    found_on: str = ""
    level: str = ""
    sector: str = ""
    holds: str = ""

    @classmethod
    def of(cls, given):
        """The answers in ``given`` ({name: text}), checked; Refused for one that cannot be."""
        texts = {field.name: str(given.get(field.name) or "").strip() for field in fields(cls)}
        answers = cls(**texts)
        answers.cells(frozenset(), None)
        answers.find_sector(None)
        if answers.holds not in ("", "1"):
            raise Refused("由谁负责没有这个选项，请重新选择")
        return answers

    def cells(self, has, today):
        """``{field: value}`` for those of :data:`CELLS` that a sheet with the fields ``has`` does not have."""
        found = {}
        for name in CELLS:
            text, column = getattr(self, name), BY_FIELD[name]
            if not text or name in has or (name == "enterprise" and "uscc" in has):
                continue
            try:
                value = column.read(text)
            except ParseError as error:
                raise Refused(f"{column.heading}：{error}") from error
            if column.limit and len(value) > column.limit:
                raise Refused(f"{column.heading}最多 {column.limit} 个字，现在是 {len(value)} 个字")
            if today is not None and isinstance(value, date) and value > today:
                raise Refused("排查日期不能晚于今天")
            found[name] = value
        return found

    @staticmethod
    def asked_of(has, firm):
        """The names of what a sheet with the fields ``has`` leaves open; ``firm``: the enterprise its title names, or ""."""
        without = {"found_on", "level", "sector"} - has
        if not firm and not {"enterprise", "uscc"} & has:
            without |= {"enterprise"}
        return without | ({"holds"} if "territorial_person" not in has else set())

    def find_sector(self, by):
        """The sector answered, one that ``by`` may enter enterprises of; None for none."""
        if not self.sector:
            return None
        chosen = sectors_for(by).filter(code=self.sector).first()
        if chosen is None:
            raise Refused("没有这个行业领域，或不由您单位主管、监管，请重新选择")
        return chosen

    def as_dict(self):
        """What is answered, as kept with a batch."""
        return {name: text for name, text in asdict(self).items() if text}


def sectors_for(by):
    """The sectors that ``by`` may enter enterprises of: those of a department's own line, else (also for None) all in use."""
    sectors, scope = Sector.objects.active(), scope_of(by) if by is not None else None
    if scope is None or scope.reach is not Reach.DEPARTMENT:
        return sectors
    line = scope.function
    return sectors.filter(competent_function=line) | sectors.filter(supervising_function=line)
