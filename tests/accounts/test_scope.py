import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.models import Unit, User
from accounts.operations import Refused, init_city
from accounts.roles import Role
from accounts.scope import Reach, Scope, in_division, left_behind, place_of, scope_of
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


def test_nobody_signed_in_and_a_seat_of_no_known_place_reach_nothing(township):
    assert scope_of(AnonymousUser()) == Scope(Reach.NOTHING)
    for code in ("41", "41140", "4114020", "411402001001", ""):
        township.division_code = code
        assert scope_of(User(role="manager", unit=township, is_active=True)) == Scope(Reach.NOTHING), code


def test_a_scope_says_whose_place_line_and_unit_it_is(inspector, enterprise_user):
    department = UserFactory(unit=UnitFactory(code="411402-YJ"))
    assert scope_of(inspector) == Scope(Reach.TERRITORY, "411402001", inspector.unit_id, "")
    assert scope_of(department) == Scope(Reach.DEPARTMENT, "411402", department.unit_id, "YJ")
    assert scope_of(enterprise_user) == Scope(Reach.ENTERPRISE)


@pytest.mark.parametrize(("code", "found"), [("4114", 2), ("411402", 1), ("411402001", 1), ("411403002", 0)])
def test_a_place_holds_what_lies_in_it_also_by_way_of_another_row(here, elsewhere, code, found):
    assert Hazard.objects.filter(in_division(code)).count() == found
    assert Hazard.objects.filter(in_division(code, "enterprise__")).count() == found


@pytest.mark.parametrize("code", [None, "", "41", "41140", "4114020", "411402001001"])
def test_what_is_no_code_of_a_place_holds_nothing(here, code):
    assert not Hazard.objects.filter(in_division(code)).exists()


def test_a_row_lies_in_the_city_and_the_county_of_its_code(here):
    here.refresh_from_db()
    assert (here.city_code, here.county_code, here.division_code) == ("4114", "411402", "411402001")


def test_the_place_of_a_person_is_that_of_the_government_they_serve(township, enterprise_user, manager):
    office = UnitFactory(code="411402001-AWB", short_name="双八镇安委办", parent=township)
    lost = UnitFactory(code="411402-YJ", name="梁园区应急管理局", short_name="")
    township.parent = UnitFactory(code="411402", short_name="梁园区")
    assert place_of(enterprise_user) == ""
    assert place_of(User(unit=township)) == place_of(User(unit=office)) == "双八镇"
    assert place_of(User(unit=lost)) == "梁园区应急管理局", "of no government that is known"


def test_a_draft_is_seen_by_its_author_only(here, inspector, colleague):
    draft = HazardFactory(enterprise=here.enterprise, drafted=True, registered_by=inspector)

    assert draft in seen_by(inspector)
    assert draft not in seen_by(colleague)


HERE = "411402001"
READERS = {"manager of the unit": (Role.MANAGER, HERE), "manager elsewhere": (Role.MANAGER, "411402002"),
           "safety office": (Role.SAFETY_OFFICE, "4114-AWB"), "inspector of the unit": (Role.INSPECTOR, HERE),
           "leader": (Role.LEADER, HERE)}  # fmt: skip
AUTHORS = {"at work": {}, "stopped": {"is_active": False, "state": "stopped"}, "moved": {"unit": "411402002"},
           "without a say": {"role": Role.LEADER}}  # fmt: skip


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("author", AUTHORS)
def test_a_draft_falls_to_managers_exactly_once_its_author_has_left(enterprise, reader, author):
    """Somebody else of the unit is at work all the while: it is the author who counts, not the unit's staff."""
    role, code = READERS[reader]
    change = {name: UnitFactory(code=value) if name == "unit" else value for name, value in AUTHORS[author].items()}
    wrote = UserFactory(**{"role": Role.INSPECTOR, "unit": UnitFactory(code=HERE)} | change)
    UserFactory(role=Role.INSPECTOR, unit=UnitFactory(code=HERE))
    draft = HazardFactory(
        enterprise=enterprise, drafted=True, registered_by=wrote, found_by_unit=UnitFactory(code=HERE)
    )

    fallen = Hazard.objects.filter(
        left_behind(UserFactory(role=role, unit=UnitFactory(code=code)), "registered_by", "found_by_unit")
    )
    falls = author != "at work" and reader in ("manager of the unit", "safety office")
    assert list(fallen) == [draft] * falls


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
