"""The two orders in which the ledger is paged; the paging itself is that of inspections."""

from inspections.paging import SIZES, BadCursor, Order, Page, page_of, size_named

NEWEST = Order("found", "found_on", descending=True)
DUE = Order("deadline", "deadline", descending=False)
ORDERS = {order.name: order for order in (NEWEST, DUE)}

__all__ = ["DUE", "NEWEST", "ORDERS", "SIZES", "BadCursor", "Order", "Page", "order_named", "page_of", "size_named"]


def order_named(name):
    """The order called ``name``; "" is the newest first. Raises BadCursor for an unknown one."""
    order = ORDERS.get(name or NEWEST.name)
    if order is None:
        raise BadCursor("没有这种排序方式，请从台账首页重新进入")
    return order
