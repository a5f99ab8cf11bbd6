"""Measures brought to where a test wants them, by the verbs that bring them there, a day later with each act."""

from datetime import timedelta
from itertools import count

from django.utils import timezone

from enforcement import operations
from enforcement.kinds import Kind

_COUNT = count(1)
# What a measure of a kind is told besides.
OF_KIND = {
    "penalty": lambda at: {"number": f"（梁）应急罚〔2026〕{next(_COUNT)}号", "amount": 30000},
    "utilities": lambda at: {"notified_at": at - timedelta(days=2), "cut_at": at, "approver": "佟建业"},
}
MEASURES = ("suspension", "suspension+asked", "seizure", "penalty", "utilities", "lifted", "withdrawn")


def measure(people, stage, **on):
    """A measure against the firm, decided by its township five days ago: a kind of measure, ``+asked`` with an application to resume, or
    a state; ``on``: the hazard or visit it stands on instead of the firm."""
    first, *traits = stage.split("+")
    kind = first if first in Kind.values else "suspension"
    at = timezone.now() - timedelta(days=5)
    row = operations.record_measure(
        by=people["author"], at=at, kind=kind, on=timezone.localdate(at), content="停止使用二号冷库", basis="《安全生产法》第六十五条",
        second_officer=people["colleague"], **on or {"enterprise": people["firm"]}, **OF_KIND.get(kind, lambda at: {})(at),
    )  # fmt: skip
    if "asked" in traits or first == "lifted":
        operations.apply_resumption(row, by=people["enterprise"], at=at + timedelta(days=1), text="已加装报警装置")
    if first == "lifted":
        told = {"granted": True, "opinion": "已核实"}
        operations.decide_resumption(row, by=people["manager"], at=at + timedelta(days=2), **told)
    if first == "withdrawn":
        operations.withdraw_measure(row, by=people["manager"], at=at + timedelta(days=1), reason="复议撤销")
    return row
