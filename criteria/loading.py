"""A workbook of the items of one standard, read row by row: everything that is wrong with it is said at once."""

from criteria.models import Criterion
from criteria.operations import Item
from criteria.operations.items import MAX_ITEMS
from workbooks.cells import ParseError, clean_text
from workbooks.reading import Unreadable, open_workbook
from workbooks.recognition import EmptySheet, Unrecognised, recognise
from workbooks.rows import NUMBER_ALONE

HEADINGS = ("条", "项", "适用", "情形")
FIELDS = ("article", "item", "field", "wording")
COLUMNS = {
    "article": ("条", "条款", "条号", "章条号", "条文", "条文号"),
    "item": ("项", "款项", "项号", "子项", "小项"),
    "field": ("适用", "适用范围", "适用行业", "适用领域", "行业", "类别"),
    "wording": ("情形", "判定情形", "隐患情形", "重大事故隐患情形", "重大隐患情形", "情形描述", "内容", "判定内容"),
}
EXAMPLE = ("第十二条", "（二）", "涉氨制冷", "速冻装置没有单独设在作业间内，或作业间内超过9人（液氨）")
LABELS = dict(zip(FIELDS, HEADINGS, strict=True))
SAID = 20  # sentences about rows; how many more there are is told
NO_WORDING = "没有写情形；要停用这一项，请在情形中写“停用”"
NO_HEADER = "没有找到表头：请在第一行写“条、项、适用、情形”，或下载空白表格照着填写"


def read(file, name):
    """``([Item, …], [sentence, …])`` of an uploaded workbook; with sentences nothing of it is to be taken."""
    items, problems, places = [], [], {}
    try:
        with open_workbook(file, name) as book:
            for sheet in book.sheets:
                if sheet.hidden:
                    continue
                where = f"“{sheet.name}”" if len(book.sheets) > 1 else ""
                try:
                    table = recognise(sheet.rows(), COLUMNS)
                except EmptySheet:
                    continue
                except Unrecognised:
                    return [], [f"{where}{NO_HEADER}"]
                if missing := [LABELS[name] for name in ("article", "wording") if name not in table.fields]:
                    return [], [f"{where}表头中没有“{'”“'.join(missing)}”，请补上这一列"]
                _read_rows(table, where, items, problems, places)
    except Unreadable as refusal:
        return [], [str(refusal)]
    if len(items) > MAX_ITEMS:
        return [], [f"一次最多导入 {MAX_ITEMS:,} 条，请拆分后再导入"]
    if not items and not problems:
        return [], ["表中没有条目，请在表头下面逐行填写"]
    more = len(problems) - SAID
    return items, [*problems[:SAID], *([f"另有 {more} 处同样需要改正"] if more > 0 else [])]


def _read_rows(table, where, items, problems, places):
    above = ""
    for row in table.rows:
        place = f"{where}第 {row.number} 行"
        try:
            cells = {name: " ".join(clean_text(row.values.get(name, "")).split()) for name in FIELDS}
        except ParseError as error:
            problems.append(f"{place}：{error}")
            continue
        # Merged cells: the article stands in the first of the rows it is for.
        above = cells["article"] = cells["article"] or above
        wrong = _problem(cells)
        item = Item(**cells)
        if not wrong and item.place in places:
            wrong = f"与{places[item.place]}的条、项相同，请只保留一行"
        if wrong:
            problems.append(f"{place}：{wrong}")
        else:
            places[item.place] = place
            items.append(item)
        if len(items) > MAX_ITEMS:
            return
    # A number alone in the first column is a serial number elsewhere; here it is an article of which nothing is said.
    if table.columns[0].field:
        problems.extend(
            f"{where}第 {number} 行：{NO_WORDING}" for number, reason in table.skipped if reason == NUMBER_ALONE
        )


def _problem(cells):
    """What is wrong with the cells of one row, "" when nothing is."""
    if not cells["article"]:
        return "没有写条"
    if not cells["wording"]:
        return NO_WORDING
    for name in FIELDS:
        limit = Criterion._meta.get_field(name).max_length
        if len(cells[name]) > limit:
            return f"{LABELS[name]}有 {len(cells[name])} 个字，最多 {limit} 个字"
    return ""
