"""What the matrix does for hazards: defaults, which can be overridden and never change later; and who is told when somebody left."""

from datetime import timedelta
from itertools import product

import pytest
from django.urls import reverse

from accounts.models import User
from hazards import audience, operations, urging
from hazards.models import Hazard
from hazards.responsibility import BODIES, KINDS, defaults_for
from imports.places import Places
from inspections.models import Sector
from journal import outbox
from notifications.models import Notification
from responsibilities.operations import appoint_charge, appoint_line, end, replace_charge, replace_line
from tests.factories import NOON, TODAY, EnterpriseFactory, HazardFactory, UnitFactory, UserFactory
from tests.hazards.test_audience import written

pytestmark = pytest.mark.django_db


@pytest.fixture
def county(db):
    return UnitFactory(code="411402")


def chosen(firm):
    """Of whom the defaults name: ``{kind: (unit's code, person)}``."""
    found = defaults_for(firm)
    return {
        kind: (found[f"{kind}_unit"] and found[f"{kind}_unit"].code, found[f"{kind}_person"])
        for kind in ("territorial", "competent", "supervising")
    }


def test_the_matrix_speaks_before_the_usual_defaults(
    enterprise, manager, inspector, colleague, safety_office, county, clock, django_assert_max_num_queries
):
    sector, township = enterprise.sector, manager.unit
    Sector.objects.filter(pk=sector.pk).update(competent_function="YJ", supervising_function="YJ")
    sector.refresh_from_db()
    usual = UserFactory(unit=UnitFactory(code="411402-YJ"), full_name="应急甲")
    police = UserFactory(unit=UnitFactory(code="411402-GA"), full_name="公安乙")
    yj, ga = ("411402-YJ", "应急甲"), ("411402-GA", "公安乙")
    assert chosen(enterprise) == {"territorial": ("411402001", "郑有田"), "competent": yj, "supervising": yj}
    rest = appoint_charge(by=manager, at=next(clock), unit=township, holder=inspector)
    assert chosen(enterprise)["territorial"] == ("411402001", "袁立新")
    own = appoint_charge(by=manager, at=next(clock), unit=township, sector=sector, holder=colleague, deputy=manager)
    line = appoint_line(by=safety_office, at=next(clock), place=county, sector=sector, competent=police.unit)
    assert chosen(enterprise) == {"territorial": ("411402001", "贺春生"), "competent": ga, "supervising": yj}
    with django_assert_max_num_queries(8):
        defaults_for(enterprise)
    User.objects.filter(pk=colleague.pk).update(is_active=False, state="stopped")
    assert chosen(enterprise)["territorial"] == ("411402001", "郑有田"), "the deputy"
    User.objects.filter(pk=manager.pk).update(role="auditor")
    assert chosen(enterprise)["territorial"] == ("411402001", "袁立新"), "who answers for the rest"
    User.objects.filter(pk=manager.pk).update(role="manager")
    end(own, by=manager, at=next(clock), reason="调整")
    end(rest, by=manager, at=next(clock), reason="调整")
    replace_line(line, by=safety_office, at=next(clock), competent=police.unit, supervising=police.unit)
    assert chosen(enterprise) == {"territorial": ("411402001", "郑有田"), "competent": ga, "supervising": ga}
    police.unit.is_active, police.unit.state = False, "retired"
    police.unit.save()
    assert chosen(enterprise)["competent"] == yj, "one that is no more answers for nothing"
    assert usual.is_active


def test_an_import_chooses_as_the_pages_do(enterprise, manager, inspector, safety_office, county, clock):
    """Whatever the matrix says: every combination of a row for the sector, one for the rest, a line, and who has left."""
    sector, township = enterprise.sector, manager.unit
    Sector.objects.filter(pk=sector.pk).update(competent_function="YJ", supervising_function="YJ")
    sector.refresh_from_db()
    UserFactory(unit=UnitFactory(code="411402-YJ"))
    police = UserFactory(unit=UnitFactory(code="411402-GA"))
    gone = UserFactory(unit=township)
    rows = []
    for own, rest, line, left in product(*[(False, True)] * 4):
        for row in rows:
            end(row, by=safety_office, at=next(clock), reason="重来")
        User.objects.filter(pk=gone.pk).update(is_active=True, state="active")
        rows = []
        if own:
            rows.append(appoint_charge(by=manager, at=next(clock), unit=township, sector=sector, holder=gone))
        if rest:
            rows.append(appoint_charge(by=manager, at=next(clock), unit=township, holder=inspector))
        if line:
            rows.append(
                appoint_line(by=safety_office, at=next(clock), place=county, sector=sector, supervising=police.unit)
            )
        User.objects.filter(pk=gone.pk).update(is_active=not left, state="stopped" if left else "active")
        places = Places(township)
        expected = defaults_for(enterprise)
        bodies = {kind: places.body(enterprise.division_code, sector, kind) for kind in ("competent", "supervising")}
        assert bodies == {kind: expected[f"{kind}_unit"] for kind in bodies}
        for kind, unit in ({"territorial": township} | bodies).items():
            assert places.holder(unit, sector) == expected[f"{kind}_holder"], (own, rest, line, left, kind)


@pytest.mark.parametrize(
    ("facts", "accounts", "told"),
    [
        ({"principal": "孟令山", "safety_manager": "柳安"}, ["丙", "柳安", "孟令山"], "孟令山"),
        ({"principal": "孟令山", "safety_manager": "柳安"}, ["丙", "柳安"], "柳安"),
        ({"principal": "孟令山", "safety_manager": "柳安"}, ["丙", "丁"], "丙"),
        ({"principal": "孟令山", "safety_manager": "柳安"}, [], "孟令山"),
        ({"principal": "", "safety_manager": "柳安"}, [], "柳安"),
        ({"principal": "", "safety_manager": ""}, [], ""),
    ],
)
def test_of_a_firm_the_principal_answers_else_the_safety_manager(enterprise, facts, accounts, told):
    for name in accounts:
        enterprise.members.add(UserFactory(role="enterprise", unit=None, full_name=name))
    for name, value in facts.items():
        setattr(enterprise, name, value)
    found = defaults_for(enterprise)
    assert found["enterprise_person"] == told
    assert (found["enterprise_holder"] is not None) == bool(accounts)


def four(hazard):
    hazard.refresh_from_db()
    return [getattr(hazard, f"{kind}_{what}") for kind in KINDS for what in ("holder", "person", "phone")] + [
        getattr(hazard, f"{kind}_unit") for kind in BODIES
    ]


def test_a_row_keeps_whom_it_names_whatever_becomes_of_the_matrix(
    registered, rectifying, manager, inspector, colleague, enterprise, safety_office, clock
):
    before, verified = four(rectifying), rectifying.version
    charge = appoint_charge(by=manager, at=next(clock), unit=manager.unit, sector=enterprise.sector, holder=inspector)
    replace_charge(charge, by=manager, at=next(clock), holder=colleague)
    UserFactory(unit=UnitFactory(code="411402-GA"))
    appoint_line(
        by=safety_office,
        at=next(clock),
        place=UnitFactory(code="411402"),
        sector=enterprise.sector,
        competent=UnitFactory(code="411402-GA"),
    )
    assert (four(rectifying), rectifying.version) == (before, verified)
    new = operations.draft(
        by=inspector, at=next(clock), enterprise=enterprise, found_on=TODAY, description="配电箱敞开"
    )
    assert (new.territorial_holder, new.competent_unit.code) == (colleague, "411402-GA")


def test_a_default_can_be_overridden(registered, manager, inspector, colleague, enterprise, clock):
    appoint_charge(by=manager, at=next(clock), unit=manager.unit, holder=inspector)
    operations.issue(
        registered, by=manager, at=next(clock), days=9, holders={"territorial": colleague}, reason="熟悉该企业"
    )
    registered.refresh_from_db()
    assert registered.territorial_holder == colleague


# --- who is told


@pytest.mark.parametrize(
    ("there", "told"),
    [
        (["holder", "deputy", "rest", "manager", "office"], "holder"),
        (["deputy", "rest", "manager", "office"], "deputy"),
        (["rest", "manager", "office"], "rest"),
        (["manager", "office"], "manager"),
        (["office"], "office"),
    ],
)
@pytest.mark.parametrize("named", [True, False])
def test_the_chain_goes_by_the_matrix_before_the_first_of_the_body(there, told, named, enterprise):
    """Holder → deputy → who answers for the rest → the unit's manager → those over it, for notices and reminders alike."""
    township = enterprise.township
    manager = UserFactory(unit=township)
    people = {name: UserFactory(unit=township, role="inspector") for name in ("holder", "deputy", "rest")}
    people |= {"manager": manager, "office": UserFactory(role="safety_office", unit=UnitFactory(code="4114-AWB"))}
    charge = {"by": manager, "at": NOON, "unit": township}
    appoint_charge(**charge, sector=enterprise.sector, holder=people["holder"], deputy=people["deputy"])
    appoint_charge(**charge, holder=people["rest"])
    gone = UserFactory(unit=township)
    User.objects.filter(pk__in=[gone.pk, *(people[name].pk for name in people.keys() - there)]).update(
        is_active=False, state="stopped"
    )
    due = {"rectifying": True, "deadline": TODAY, "next_reminder_on": TODAY}
    hazard = HazardFactory(enterprise=enterprise, territorial_holder=gone if named else None, registered_by=gone, **due)
    assert audience.people(audience.TERRITORIAL)([written(hazard, gone)]).popitem()[1] == {people[told].pk}
    assert operations.send_reminders(at=NOON) == 1
    assert Notification.objects.get().recipient == people[told]


def test_what_was_sent_to_whom_stands_on_the_page(
    client, rectifying, manager, enterprise_user, clock, django_assert_num_queries
):
    Hazard.objects.update(enterprise_holder=enterprise_user, territorial_holder=manager)
    at = next(clock)
    outbox.publish(at=at)
    operations.send_reminders(at=at + timedelta(days=400))
    hazard = Hazard.objects.get()
    with django_assert_num_queries(1):
        found = urging.sent(hazard, manager)
    assert [one.is_reminder for one in found] == sorted((one.is_reminder for one in found), reverse=True)
    assert any(one.people == ("孟令山",) and one.is_reminder for one in found)
    assert "整改通知：请于" in "".join(one.words for one in found if not one.is_reminder)
    assert all("YH-" not in one.words for one in found)
    client.force_login(manager)
    text = client.get(reverse("hazards:detail", args=[rectifying.pk])).content.decode()
    assert f"提醒和通知 {len(found)} 次" in text and "送达" in text


def test_a_hazard_nothing_was_sent_about_says_nothing_of_it(client, registered, manager):
    client.force_login(manager)
    assert "提醒和通知" not in client.get(reverse("hazards:detail", args=[registered.pk])).content.decode()


def test_a_firm_elsewhere_asks_nothing_of_the_matrix_here(enterprise, manager, inspector, clock):
    appoint_charge(by=manager, at=next(clock), unit=manager.unit, holder=inspector)
    other = EnterpriseFactory(township=UnitFactory(code="411403001"))
    assert defaults_for(other)["territorial_holder"] is None
