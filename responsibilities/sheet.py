"""The matrix as a workbook of one sheet: what stands in its cells, and a sheet read back to rows by these headings."""

from django.utils import timezone

from accounts.models import User
from folding.texts import fold
from inspections.models import Enterprise
from journal.refusal import Refused
from responsibilities.models import EVERY_SECTOR, Charge, Line
from workbooks.cells import ParseError, clean_text
from workbooks.headings import is_blank, normal
from workbooks.reading import Unreadable, open_workbook
from workbooks.writing import stream_xlsx

LINE, CHARGE, FIRM = "行业分工", "单位责任", "企业责任"
# Of a firm: {heading: column}.
FIRM_COLUMNS = {
    "主要负责人": "principal",
    "主要负责人电话": "phone",
    "安全管理员": "safety_manager",
    "安全管理员电话": "safety_manager_phone",
}
WIDTHS = {
    "类别": 10, "单位代码": 14, "单位": 26, "企业名称": 30, "行业领域": 16, "行业主管部门": 26, "监管部门": 26,
    "责任人": 20, "副职": 20, "主要负责人": 12, "主要负责人电话": 16, "安全管理员": 12, "安全管理员电话": 16, "自": 12,
}  # fmt: skip
HEADINGS = tuple(WIDTHS)
NEEDED = ("类别", "单位代码")
HEAD_WITHIN = 10  # rows in which the headings are looked for
MOST_ROWS = 50_000
FETCH = 2000


def stream_matrix(user, *, at):
    """The .xlsx bytes of what of the matrix ``user`` sees, in pieces: lines, charges, firms."""
    stamp = timezone.localtime(at).strftime("%Y-%m-%d %H:%M")
    title = f"责任分工（导出时间 {stamp}；“自”一列只供查看，导入时不读）"
    return stream_xlsx("责任分工", HEADINGS, rows_for(user), title=title, column_widths=list(WIDTHS.values()))


def rows_for(user):
    """The rows of that sheet, as lists in the order of `HEADINGS`."""
    lines = Line.objects.current().visible_to(user).select_related("place", "sector", "competent", "supervising")
    for line in lines.order_by("place__code", "sector__order", "pk").iterator(chunk_size=FETCH):
        yield _row(
            类别=LINE, 单位代码=line.place.code, 单位=line.place.name, 行业领域=line.sector.name, 自=line.valid_from,
            行业主管部门=line.competent.name if line.competent else "",
            监管部门=line.supervising.name if line.supervising else "",
        )  # fmt: skip
    charges = Charge.objects.current().visible_to(user).select_related("unit", "sector", "holder", "deputy")
    called = Called(User.objects.filter(unit__in=charges.order_by().values("unit"), is_active=True))
    for charge in charges.order_by("unit__code", "sector__order", "pk").iterator(chunk_size=FETCH):
        yield _row(
            类别=CHARGE, 单位代码=charge.unit.code, 单位=charge.unit.name, 自=charge.valid_from,
            行业领域=charge.sector_words,
            责任人=called.name_of(charge.holder), 副职=called.name_of(charge.deputy) if charge.deputy else "",
        )  # fmt: skip
    firms = Enterprise.objects.visible_to(user).exclude(status=Enterprise.Status.CLOSED).order_by("division_code", "pk")
    for firm in firms.select_related("township", "sector").iterator(chunk_size=FETCH):
        facts = {heading: getattr(firm, column) for heading, column in FIRM_COLUMNS.items()}
        yield _row(
            类别=FIRM, 单位代码=firm.township.code, 单位=firm.township.name, 企业名称=firm.name,
            行业领域=firm.sector.name if firm.sector else "", **facts,
        )  # fmt: skip


def told(cells):
    """What a row says, to compare two: a whole row of `rows_for`, or one of `read_matrix`; the day is not read."""
    return tuple(clean_text(cells.get(heading)) for heading in HEADINGS if heading != "自")


def _row(**cells):
    return [cells.get(heading, "") for heading in HEADINGS]


class Called:
    """People as a sheet calls them: by their name, and with the telephone where two of a unit have one name."""

    def __init__(self, people):
        self.of_unit = {}
        for person in people:
            self.of_unit.setdefault((person.unit_id, fold(str(person))), []).append(person)

    def name_of(self, person):
        alone = len(self.of_unit.get((person.unit_id, fold(str(person))), ())) < 2
        return str(person) if alone else f"{person}（{person.phone or person.pk}）"

    def people(self, unit_id, text):
        """Those of the unit whom ``text`` can mean."""
        if found := self.of_unit.get((unit_id, fold(text))):
            return found
        name, _, phone = text.replace("(", "（").replace(")", "）").removesuffix("）").rpartition("（")
        found = self.of_unit.get((unit_id, fold(name)), [])
        return [one for one in found if phone.strip() in (one.phone, str(one.pk))]


def read_matrix(file, filename):
    """``[(row number, {heading: text}), …]`` of the first sheet; Refused with what is wrong with the file."""
    try:
        with open_workbook(file, filename) as workbook:
            return _read(workbook.sheets[0].rows())
    except Unreadable as error:
        raise Refused(str(error)) from error


def _read(rows):
    places, found = None, []
    for number, cells in enumerate(rows, start=1):
        if places is None:
            places = _headings(cells)
            if places is None and number >= HEAD_WITHIN:
                break
        elif not all(map(is_blank, cells)):
            found.append((number, _texts(cells, places, number)))
            if len(found) > MOST_ROWS:
                raise Refused(f"文件超过 {MOST_ROWS:,} 行，请拆分后分批导入")
    if places is None:
        raise Refused(f"没有找到表头：须有“{'”“'.join(NEEDED)}”等列，请先导出一份，在导出的表上填写")
    if not found:
        raise Refused("表头下面没有内容，没有可以导入的行")
    return found


def _headings(cells):
    known = {normal(heading): heading for heading in HEADINGS}
    places = {known[normal(cell)]: place for place, cell in enumerate(cells) if normal(cell) in known}
    return places if set(NEEDED) <= set(places) else None


def _texts(cells, places, number):
    try:
        return {heading: clean_text(cells[place]) if place < len(cells) else "" for heading, place in places.items()}
    except ParseError as error:
        raise Refused(f"第 {number} 行：{error}") from error


def is_every_sector(text):
    return text in ("", EVERY_SECTOR)
