import pytest

from accounts.models import Unit
from accounts.operations import Refused, init_city
from accounts.scope import Reach, scope_of
from hazards.models import Hazard
from tests.factories import NOON, EnterpriseFactory, HazardFactory, UnitFactory, UserFactory

pytestmark = pytest.mark.django_db


def seen_by(user):
    return set(Hazard.objects.visible_to(user))


@pytest.fixture
def here(enterprise):
    return HazardFactory(
        enterprise=enterprise,
        competent_unit=UnitFactory(code="411402-GX"),
        supervising_unit=UnitFactory(code="411402-YJ"),
    )


@pytest.fixture
def elsewhere(foreign_township):
    return HazardFactory(enterprise=EnterpriseFactory(township=foreign_township))


@pytest.mark.parametrize(
    "code", ["411402001", "411402001-AWB", "411402", "411402-AWB", "411402-GX", "411402-YJ", "4114-YJ"]
)
def test_a_body_sees_its_territory_or_its_line_of_work(here, elsewhere, code):
    assert seen_by(UserFactory(unit=UnitFactory(code=code))) == {here}


@pytest.mark.parametrize("code", ["411402-ZJ", "411403-YJ", "411402002", "4115"])
def test_another_body_sees_nothing(here, code):
    assert seen_by(UserFactory(unit=UnitFactory(code=code))) == set()


def test_the_city_sees_both(here, elsewhere, safety_office, leader):
    assert seen_by(safety_office) == seen_by(leader) == {here, elsewhere}


def test_a_department_sees_what_it_found_itself_though_it_falls_to_others(here):
    finder = UnitFactory(code="411402-JT")
    Hazard.objects.update(found_by_unit=finder)

    assert seen_by(UserFactory(unit=finder)) == {here}


def test_an_enterprise_sees_itself_only(here, elsewhere, enterprise_user):
    assert seen_by(enterprise_user) == {here}
    assert seen_by(UserFactory(role="enterprise", unit=None)) == set()


@pytest.mark.parametrize("role", ["sysadmin", "secadmin", "auditor"])
def test_the_three_administrators_see_no_ledger_data(here, role):
    assert seen_by(UserFactory(role=role, unit=UnitFactory(code="4114"))) == set()


def test_inactive_people_and_people_without_a_unit_reach_nothing(here, manager):
    manager.is_active = False
    assert scope_of(manager).reach is Reach.NOTHING
    assert scope_of(UserFactory(unit=None)).reach is Reach.NOTHING


def test_a_draft_is_seen_by_its_author_only(here, inspector, colleague):
    draft = HazardFactory(enterprise=here.enterprise, drafted=True, registered_by=inspector)

    assert draft in seen_by(inspector)
    assert draft not in seen_by(colleague)


def test_init_city_makes_city_counties_townships_offices_and_departments():
    made = init_city("4114", at=NOON)

    assert made == Unit.objects.count()
    assert Unit.objects.counties().count() == 11
    assert Unit.objects.townships().count() == 199
    assert Unit.objects.filter(kind="committee_office").count() == 1 + 11 + 199
    assert Unit.objects.get(code="411402-XF").name == "梁园区消防救援大队"
    assert Unit.objects.get(code="411402001").parent.code == "411402"
    assert init_city("4114", at=NOON) == 0


@pytest.mark.parametrize("code", ["9999", "41", "411402", "", "４１１４", "abcd", "4" * 500])
def test_init_city_refuses_what_is_no_city(code):
    with pytest.raises(Refused, match="四位行政区划代码"):
        init_city(code, at=NOON)
