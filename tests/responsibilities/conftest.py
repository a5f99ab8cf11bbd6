import pytest

from inspections.models import Sector
from tests.factories import UnitFactory, UserFactory


@pytest.fixture
def fireworks(db):
    return Sector.objects.get(code="YHBZ")


@pytest.fixture
def deputy(township):
    return UserFactory(role="inspector", unit=township, full_name="范守一")


@pytest.fixture
def county(db):
    return UnitFactory(code="411402")


@pytest.fixture
def city(db):
    return UnitFactory(code="4114")


@pytest.fixture
def department(county):
    return UnitFactory(code="411402-GA")
