"""What the tests of rankings start from."""

import pytest

from tests.factories import UnitFactory


@pytest.fixture
def city(township):
    """The city and its county, above the township of the other fixtures."""
    UnitFactory(code="411402", short_name="梁园区")
    return UnitFactory(code="4114", short_name="商丘市")
