"""Before somebody with open work is stopped, moved or given another role, the page says how much there is and who is told then."""

import pytest
from django.urls import reverse
from hypothesis import given, strategies

from accounts.models import User
from accounts.roles import Role
from hazards import audience, leaving
from hazards.models import Hazard
from responsibilities.models import Charge
from tests.factories import NOON, EnterpriseFactory, HazardFactory, UnitFactory, UserFactory
from tests.hazards.test_audience import FEW, STAFF, undone, written

pytestmark = pytest.mark.django_db
ACTS = {"person_stop": {"sysadmin", "secadmin"}, "person_edit": {"sysadmin"}, "person_grant": {"secadmin"}}


@pytest.mark.parametrize(("page", "role"), [(page, role) for page, roles in ACTS.items() for role in sorted(roles)])
def test_the_page_warns_of_open_work_and_names_who_is_told(client, enterprise, manager, page, role):
    deputy = UserFactory(unit=manager.unit, full_name="接手人")
    HazardFactory(enterprise=enterprise, territorial_holder=manager, registered_by=deputy)
    HazardFactory(enterprise=enterprise, competent_holder=manager, registered_by=deputy, rectifying=True)
    HazardFactory(enterprise=enterprise, territorial_holder=manager, registered_by=deputy, closed=True)
    HazardFactory(enterprise=enterprise, registered_by=manager, drafted=True)
    client.force_login(UserFactory(role=role, unit=None))
    text = client.get(reverse(f"accounts:{page}", args=[manager.pk])).content.decode()
    assert "此人名下还有 3 条未销号隐患或草稿" in text and "接手人" in text
    Hazard.objects.update(territorial_holder=None, competent_holder=None, registered_by=deputy)
    assert "此人名下" not in client.get(reverse(f"accounts:{page}", args=[manager.pk])).content.decode()


def test_the_page_promises_no_stand_in_where_there_is_none(client, enterprise, manager):
    HazardFactory(enterprise=enterprise, territorial_holder=manager, registered_by=manager)
    client.force_login(UserFactory(role="sysadmin", unit=None))
    text = client.get(reverse("accounts:person_stop", args=[manager.pk])).content.decode()
    assert "没有人可以代收提醒" in text and "暂改发" not in text


# Nobody, or who stands in for the person by the matrix: of what role, and for the sector of the row or for the rest.
DEPUTY = strategies.none() | strategies.tuples(strategies.sampled_from(Role.values), strategies.booleans())


@given(STAFF, strategies.sampled_from(("411402001", "411402001-AWB", "411402")), DEPUTY)
@FEW
def test_who_is_named_is_who_is_told_once_the_person_has_left(staff, seat, deputy):
    def check():
        for code, role, active, _ in staff:
            UserFactory(unit=None if role == Role.ENTERPRISE else UnitFactory(code=code), role=role, is_active=active)
        body = UnitFactory(code=seat)
        UserFactory(unit=UnitFactory(code="4114"), role=Role.SAFETY_OFFICE)
        person = UserFactory(unit=body, role=Role.MANAGER)
        firm = EnterpriseFactory(township=UnitFactory(code="411402001"))
        UnitFactory(code="411402")
        row = HazardFactory(enterprise=firm, territorial_unit=body, territorial_holder=person, registered_by=person)
        if deputy is not None:
            second = UserFactory(unit=body, role=deputy[0])
            Charge.objects.create(
                unit=body, sector=firm.sector if deputy[1] else None, holder=person, deputy=second, state="current",
                valid_from=NOON.date(),
            )  # fmt: skip
        named = leaving.stand_in_of(User.objects.get(pk=person.pk))
        User.objects.filter(pk=person.pk).update(is_active=False, state="stopped")
        event = written(row, person)
        assert audience.people(audience.TERRITORIAL)([event])[event.pk] == {named.pk}

    undone(check)
