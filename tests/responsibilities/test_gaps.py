"""责任空缺: what is missing where there are enterprises, who has left, and the way to mend it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from inspections.models import Enterprise, Sector
from responsibilities.gaps import gaps_of
from responsibilities.models import Charge
from responsibilities.operations import appoint_charge, appoint_line
from tests.factories import EnterpriseFactory, UnitFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(township, foreign_township, fireworks):
    """Firms of fireworks in two townships, one closed of a sector of its own, one without a sector; the department of the county."""
    EnterpriseFactory.create_batch(2, township=township, sector=fireworks)
    EnterpriseFactory(township=foreign_township, sector=fireworks)
    EnterpriseFactory(township=township, sector=Sector.objects.get(code="XF"), status=Enterprise.Status.CLOSED)
    EnterpriseFactory(township=township, sector=None)
    return {
        "department": UserFactory(unit=UnitFactory(code="411402-YJ", name="睢阳区应急局")),
        "county": UserFactory(role="safety_office", unit=UnitFactory(code="411402-AWB")),
    }


def found(user):
    return [(gap.unit.code, gap.sector and gap.sector.name, gap.words, gap.firms) for gap in gaps_of(user)]


def test_a_unit_without_anybody_for_a_sector_it_has_firms_of(world, manager, safety_office, inspector, noon, fireworks):
    missing = "没有责任人"
    assert found(manager) == [("411402001", "烟花爆竹", missing, 2)]
    assert found(world["department"]) == [("411402-YJ", "烟花爆竹", missing, 2)]
    assert found(world["county"]) == [*found(world["department"]), *found(manager)]
    assert found(safety_office) == [*found(world["county"]), ("411403001", "烟花爆竹", missing, 1)]
    charge = appoint_charge(by=manager, at=noon, unit=manager.unit, holder=inspector)  # for every sector
    assert found(manager) == []
    User.objects.filter(pk=inspector.pk).update(is_active=False, state="stopped")
    left = ("411402001", None, "责任人 袁立新 已离岗，没有副职", 0)
    assert found(manager) == [left]
    Charge.objects.filter(pk=charge.pk).update(deputy=manager)
    assert found(manager) == [(*left[:2], "责任人 袁立新 已离岗，现由副职 郑有田 负责", 0)]
    User.objects.filter(pk=manager.pk).update(unit=UnitFactory(code="411403001"))
    assert found(world["county"])[1] == (*left[:2], "责任人 袁立新 已离岗，副职 郑有田 也已离岗", 0)


def test_a_line_decides_to_which_department_a_sector_falls(world, safety_office, county, fireworks, noon):
    police = UserFactory(unit=UnitFactory(code="411402-GA"))
    UserFactory(unit=UnitFactory(code="4114-GA"))
    assert found(police) == []
    appoint_line(by=safety_office, at=noon, place=county, sector=fireworks, competent=police.unit)
    assert [gap[0] for gap in found(police)] == ["411402-GA"]
    assert [gap[0] for gap in found(world["department"])] == ["411402-YJ"], "it supervises them still"
    appoint = {"competent": police.unit, "supervising": police.unit}
    from responsibilities.models import Line
    from responsibilities.operations import replace_line

    replace_line(Line.objects.current().get(), by=safety_office, at=noon, **appoint)
    assert found(world["department"]) == []
    seen = Enterprise.objects.visible_to(police)
    assert {firm.sector for firm in seen} == {fireworks} and seen.count() == 2, "what falls to it, it reads"
    assert Enterprise.objects.visible_to(UserFactory(unit=UnitFactory(code="411403-GA"))).count() == 0


def test_the_page_leads_each_to_what_mends_it(client, world, manager, inspector, leader, fireworks, noon):
    client.force_login(manager)
    address = reverse("responsibilities:gaps")
    text = client.get(address).content.decode()
    mend = f"{reverse('responsibilities:charge_new', args=['appoint'])}?unit=411402001&amp;sector=YHBZ"
    assert mend in text and "没有责任人" in text and "2 家" in text
    form = client.get(mend.replace("&amp;", "&")).content.decode()
    assert "双八镇人民政府" in form and 'value="YHBZ" selected' in form
    sent = {"unit": "411402001", "sector": "YHBZ", "holder": inspector.pk, "deputy": "", "version": 0}
    done = client.post(reverse("responsibilities:charge_new", args=["appoint"]), sent, follow=True)
    assert "已确定：双八镇 · 烟花爆竹" in done.content.decode()
    assert "没有责任空缺" in client.get(address).content.decode()
    User.objects.filter(pk=inspector.pk).update(is_active=False, state="stopped")
    charge = Charge.objects.get()
    replace = reverse("responsibilities:charge_act", args=[charge.pk, "replace"])
    assert replace in client.get(address).content.decode()
    client.force_login(leader)
    text = client.get(address).content.decode()
    assert "由该单位安全负责人确定" in text and replace not in text


def test_managers_find_the_number_on_their_desk(client, world, manager, inspector):
    words, desk = "处责任空缺", reverse("hazards:desk")
    client.force_login(manager)
    text = client.get(desk).content.decode()
    assert words in text and reverse("responsibilities:gaps") in text
    client.force_login(inspector)
    assert words not in client.get(desk).content.decode()


def test_the_list_is_read_in_pages_and_with_the_same_queries_however_long(client, world, safety_office):
    client.force_login(safety_office)
    address = reverse("responsibilities:gaps")

    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    cost()
    before = cost()
    sectors = Sector.objects.active()
    for number in range(3):
        township = UnitFactory(code=f"4114020{10 + number}")
        for sector in sectors:
            EnterpriseFactory(township=township, sector=sector)
    assert cost() == before <= 14
    total = len(gaps_of(safety_office))
    assert total > 100
    shown = [client.get(f"{address}?page={page}").content.decode().count('data-label="空缺"') for page in (1, 2, 3, 9)]
    assert shown[:2] == [50, 50] and sum(shown[:3]) <= total and shown[3] == 0
    for page in ("0", "-1", "x", "99999", "١"):
        assert client.get(f"{address}?page={page}").status_code == 400
