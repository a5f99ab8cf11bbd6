"""The items of a standard, loaded from a workbook as often as the office likes: what is new is added, nothing is overwritten."""

from dataclasses import dataclass

from criteria.models import Criterion
from folding.texts import fold
from journal import gate
from journal.refusal import Refused

MAX_ITEMS = 2000  # of one standard, and of one workbook
TAKEN_OUT = "停用"  # written as the wording, it takes an item out


@dataclass(frozen=True)
class Item:
    """One row of a workbook: ``article`` and ``item`` say where it stands, ``field`` for what it is, ``wording`` what is meant."""

    article: str
    item: str = ""
    field: str = ""
    wording: str = ""

    @property
    def place(self):
        """What makes it the same item, however it is typed."""
        return fold(self.article), fold(self.item)


def load_items(standard, *, by, at, items):
    """Take over ``items`` ([Item, …]) of a standard; returns the event, None when all of them stand there already.

    An item in another wording, or for another field, supersedes the one there; the older row stays for the hazards that were
    judged by it. An item in the wording `TAKEN_OUT` is offered no longer.
    """
    gate.check(standard, "load_items", by=by)
    _check(items)
    here = {}
    for row in standard.criteria.items().order_by("pk"):
        here[fold(row.article), fold(row.item)] = row
    last = max((row.order for row in here.values()), default=0)
    added, changed, taken_out = [], [], []
    for one in items:
        old = here.get(one.place)
        stands = old is not None and old.wording != ""
        if one.wording == TAKEN_OUT and not stands:
            raise Refused(f"“{one.article}{one.item}”不在现有条目中，不能停用；请核对条、项")
        if one.wording == TAKEN_OUT:
            taken_out.append(_row(standard, old, old.field, ""))
        elif old is None:
            last += 1
            added.append(Criterion(standard=standard, order=last, **vars(one)))
        elif (old.wording, old.field) != (one.wording, one.field):
            (changed if stands else added).append(_row(standard, old, one.field, one.wording))
    beside = [*added, *changed, *taken_out]
    if not beside:
        return None
    if sum(row.wording != "" for row in here.values()) + len(added) - len(taken_out) > MAX_ITEMS:
        raise Refused(f"一项标准最多 {MAX_ITEMS} 条，导入后超出；请核对是否选错了标准")
    words = {"新增": len(added), "改写": len(changed), "停用": len(taken_out)}
    said = {label: f"{number} 条" for label, number in words.items() if number}
    return gate.move(standard, "load_items", by=by, at=at, changes=said, beside=beside)


def _row(standard, old, field, wording):
    """The row that supersedes ``old``: its place as it is written there, so that SQL knows the two for one item."""
    return Criterion(
        standard=standard, article=old.article, item=old.item, order=old.order, field=field, wording=wording
    )


def _check(items):
    if not items:
        raise Refused("表中没有条目")
    if len(items) > MAX_ITEMS:
        raise Refused(f"一次最多导入 {MAX_ITEMS} 条，请拆分后再导入")
    seen = set()
    for one in items:
        if not one.article or not one.wording:
            raise Refused("每一条都要写明条和情形")
        if one.place in seen:
            raise Refused(f"“{one.article}{one.item}”出现了两次，请只保留一行")
        seen.add(one.place)
