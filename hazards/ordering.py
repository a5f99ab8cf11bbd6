"""In which orders the ledger can be read: by any of its days, either way. Page, workbooks, command and API take the same ``order``.

A day is named as its column, ``closed_on``, the earliest first; with a minus before it, the latest first. Rows without that day
come last, rows of one day by id.
"""

from hazards.columns import COLUMNS, DAYS
from hazards.filters import View
from hazards.models import Hazard
from look.paging import MOMENT, Order, order_named

ORDER = "order"  # the parameter
# What is worked on comes by its deadline, so the longest overdue first; the rest as it was found.
BY_DEADLINE = frozenset({View.OPEN, View.OVERDUE, View.MAJOR, View.PENDING_REVIEW})


def _both(name, label, **said):
    field = Hazard._meta.get_field(name)
    said |= {"nullable": field.null, "label": label}
    return {
        f"-{name}": Order(f"-{name}", name, descending=True, **said),
        name: Order(name, name, **said),
    }


_BY_NAME = {}
for _column in COLUMNS:
    if _column.kind in DAYS:
        _BY_NAME |= _both(_column.stored, _column.label)
_BY_NAME |= _both("registered_at", "登记时间", key=MOMENT)

ORDERS = tuple(_BY_NAME.values())
NEWEST, DUE = _BY_NAME["-found_on"], _BY_NAME["deadline"]


def ways_by(name):
    """The orders by the day ``name``, the usual one first; none for what is no day."""
    found = [order for order in ORDERS if order.column == name]
    return tuple(sorted(found, key=lambda order: order not in (NEWEST, DUE)))


def usual(data):
    """The order of the rows that ``data``, the query of the ledger, asks for, while it names none."""
    return DUE if data.get("view") in BY_DEADLINE else NEWEST


def order_of(data):
    """The order that ``data`` asks for. Raises BadCursor for an unknown one."""
    return order_named(data.get(ORDER) or usual(data).name, ORDERS)
