"""A measure by the township of the cast, and what it is told."""

import pytest

from enforcement import operations
from tests.factories import NOON


@pytest.fixture
def decide(inspector, colleague, enterprise):
    """Records a measure: ``decide("penalty", number=…, amount=…)``; against the enterprise unless told otherwise."""

    def record(kind="order", *, by=inspector, at=NOON, **given):
        on_row = {"hazard", "inspection", "enterprise"} & given.keys()
        told = {
            "on": at.date(),
            "content": "停止使用二号冷库",
            "basis": "《安全生产法》第六十五条",
            "second_officer": colleague,
        }
        told |= {} if on_row else {"enterprise": enterprise}
        return operations.record_measure(by=by, at=at, kind=kind, **told | given)

    return record
