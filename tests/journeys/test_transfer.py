"""A township passes a hazard on to its neighbour, both on a phone."""

import pytest

from hazards.models import Hazard
from tests.factories import UnitFactory, UserFactory
from tests.journeys.conftest import PASSWORD, PHONE, order, playwright

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
expect = playwright.expect


@pytest.fixture
def neighbour(people):
    """The manager of the next township."""
    county = people["manager"].unit.parent
    unit = UnitFactory(code="411402002", name="周集镇人民政府", short_name="周集镇", parent=county)
    person = UserFactory(username="neighbour", role="manager", unit=unit, full_name="周长林")
    person.set_password(PASSWORD)
    person.save()
    return person


@pytest.fixture
def hazard(people):
    return order(people, "厂区围墙外堆放油桶", days=7)


def test_an_offer_and_its_acceptance_on_a_phone(visit, people, neighbour, hazard):
    giver, receiver = visit(people["manager"], PHONE), visit(neighbour, PHONE)
    receiver.go("/hazards/?view=all")
    assert hazard.number not in receiver.page.content()
    giver.go(f"{hazard.get_absolute_url()}offer_transfer/")
    giver.page.get_by_label("移交给").select_option(label="梁园区 · 周集镇人民政府")
    giver.page.get_by_label("移交理由").fill("油桶堆放在周集镇一侧")
    giver.fits()
    giver.press("提交移交")
    giver.sees("已移交周集镇人民政府")
    giver.sees("移交待答复")
    giver.fits()
    receiver.go("/")
    receiver.sees("移交待答复")
    receiver.fits()
    receiver.press("答复移交")
    receiver.sees("油桶堆放在周集镇一侧")
    receiver.page.get_by_role("radio", name="接收", exact=True).check()
    receiver.page.get_by_label("本单位责任人").select_option(index=1)
    receiver.fits()
    receiver.press("提交答复")
    receiver.sees("现由本单位负责")
    receiver.fits()
    row = Hazard.objects.get()
    assert (row.territorial_unit, row.territorial_holder, row.deadline) == (neighbour.unit, neighbour, hazard.deadline)
    giver.go(hazard.get_absolute_url())
    giver.sees("周集镇接收")
    giver.go("/hazards/?view=all&transfer=out")
    expect(giver.page.locator("body")).to_contain_text(hazard.number)
    receiver.go("/hazards/")
    receiver.sees("厂区围墙外堆放油桶")
