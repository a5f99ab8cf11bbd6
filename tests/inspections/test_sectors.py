"""Sectors as records: they come with the code, and the system administrator keeps them."""

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.db.migrations.state import ProjectState
from django.urls import reverse

from criteria.models import Criterion, Standard, StandardEvent
from inspections import operations
from inspections.apps import seed
from inspections.forms import EnterpriseForm
from inspections.models import Enterprise, Sector, SectorEvent, functions
from journal import outbox
from journal.audit import breaks
from journal.refusal import NotPermitted, Refused
from notifications.models import Notification
from tests.factories import NOON, EnterpriseFactory, SectorFactory, UnitFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper(db):
    return UserFactory(role="sysadmin", unit=UnitFactory(code="4114"), full_name="蒋文博")


@pytest.fixture
def sector(db):
    return Sector.objects.get(code="GMSM")


def broken():
    return [str(problem) for problem in breaks([Sector])]


def page(sector, act):
    return reverse("inspections:sector_act", args=[sector.pk, act])


def typed(sector, **changed):
    return {
        "version": sector.version,
        "name": sector.name,
        "competent_function": sector.competent_function,
        "supervising_function": sector.supervising_function,
        "order": sector.order,
    } | changed


def test_the_sectors_are_there_after_migrating_each_with_its_event():
    assert Sector.objects.count() == SectorEvent.objects.count() == 28
    assert set(SectorEvent.objects.values_list("kind", "actor", "actor_name")) == {("found", None, "系统")}
    assert set(Sector.objects.values_list("state", "version", "is_active")) == {("active", 1, True)}
    assert broken() == []


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_the_sectors_are_there_in_tests_that_commit():
    assert Sector.objects.count() == SectorEvent.objects.count() == 28
    assert broken() == []


def test_seeding_again_adds_what_is_missing_and_leaves_the_rest(sector, keeper):
    operations.edit_sector(sector, by=keeper, at=NOON, name="改过的名称")
    SectorEvent.objects.filter(record__code="DLJT")._raw_delete(SectorEvent.objects.db)
    Sector.objects.filter(code="DLJT").delete()

    assert operations.seed_sectors(at=NOON) == 1
    assert operations.seed_sectors(at=NOON) == 0

    assert Sector.objects.get(code="GMSM").name == "改过的名称"
    assert Sector.objects.get(code="DLJT").events.get().at == NOON
    assert broken() == []


def test_nobody_is_told_of_what_came_with_the_code():
    outbox.publish(at=NOON)
    assert not SectorEvent.objects.filter(position=None).exists() and not Notification.objects.exists()


def test_migrating_seeds_and_a_database_without_the_table_is_left_alone():
    for rows in (StandardEvent, Criterion, Standard, SectorEvent, Sector):  # standards name their sector
        rows.objects.all()._raw_delete(rows.objects.db)
    seed(apps=ProjectState().apps)
    assert not Sector.objects.exists()

    call_command("migrate", verbosity=0)

    assert Sector.objects.count() == 28
    assert apps.get_app_config("inspections").name == "inspections"


def test_every_function_of_the_seed_is_one_that_departments_have():
    assert set(Sector.objects.values_list("competent_function", "supervising_function"))
    for sector in Sector.objects.all():
        assert {sector.competent_function, sector.supervising_function} <= {*functions(), ""}


def test_the_administrator_edits_and_what_it_was_stays_readable(client, sector, keeper):
    client.force_login(keeper)
    before = functions()[sector.competent_function]

    answer = client.post(page(sector, "edit"), typed(sector, name="商贸市场", competent_function="SJ"), follow=True)

    assert f"名称 {sector.name} → 商贸市场" in answer.content.decode()
    assert f"{before} → 市场监督管理局" in answer.content.decode()
    assert broken() == []
    # Decided on the page as it was before.
    assert client.post(page(sector, "edit"), typed(sector, name="别的")).status_code == 409


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"name": "消防"}, "已有这个名称"),
        ({"competent_function": "XX"}, "选择"),
        ({"name": ""}, "必填"),
        ({"order": "-1"}, "0"),
    ],
)
def test_what_cannot_be_is_refused_in_words(client, sector, keeper, changed, words):
    client.force_login(keeper)

    answer = client.post(page(sector, "edit"), typed(sector, **changed))

    assert answer.status_code == 400 and words in answer.content.decode()
    assert sector.events.count() == 1


def test_the_verb_knows_the_functions_itself(sector, keeper):
    with pytest.raises(Refused, match="监管部门职能“XX”没有对应的部门"):
        operations.edit_sector(sector, by=keeper, at=NOON, supervising_function="XX")
    with pytest.raises(Refused, match="已有这个名称"):
        operations.edit_sector(sector, by=keeper, at=NOON, name="消防")
    operations.edit_sector(sector, by=keeper, at=NOON, competent_function="")
    assert sector.events.last().changes["行业主管部门职能"].endswith("→ 无")


def test_a_retired_sector_is_offered_no_longer_until_restored(client, sector, keeper, manager):
    def offered():
        form = EnterpriseForm(record=Enterprise(), by=manager, today=NOON.date())
        return sector in form.fields["sector"].queryset.all()

    client.force_login(keeper)
    assert client.post(page(sector, "retire"), {}).status_code == 400
    assert client.post(page(sector, "retire"), {"reason": "并入商贸"}).status_code == 302
    sector.refresh_from_db()
    assert (sector.state, sector.is_active, offered()) == ("retired", False, False)
    assert client.post(page(sector, "retire"), {"reason": "再停一次"}).status_code == 409
    assert client.post(page(sector, "restore"), {}).status_code == 302
    sector.refresh_from_db()
    assert (sector.state, sector.is_active, offered()) == ("active", True, True)
    told = client.get(sector.get_absolute_url()).content.decode()
    assert "并入商贸" in told and "停用 → 停用" not in told and "恢复启用 → 启用" in told
    assert broken() == []


def test_who_has_a_retired_sector_keeps_it_and_is_found_by_it(client, sector, keeper, manager):
    firm = EnterpriseFactory(township=manager.unit, sector=sector)
    operations.retire_sector(sector, by=keeper, at=NOON, reason="并入商贸")
    client.force_login(manager)
    address = reverse("inspections:enterprise_act", args=[firm.pk, "edit"])
    form = client.get(address).context["form"]
    data = {name: form[name].value() or "" for name in form.fields} | {"phone": "0370-1"}
    assert client.post(address, data).status_code == 302
    firm.refresh_from_db()
    assert (firm.phone, firm.sector) == ("0370-1", sector)
    listed = client.get(f"{reverse('inspections:enterprises')}?sector={sector.code}")
    assert listed.status_code == 200 and firm.name in listed.content.decode()
    body = {"sector": sector.code, "phone": "0370-2"}
    patched = client.patch(reverse("api-enterprise-detail", args=[firm.pk]), body, content_type="application/json")
    assert patched.status_code == 200, patched.content


@pytest.mark.parametrize("role", ["manager", "secadmin", "enterprise", "leader"])
def test_everybody_reads_and_only_the_administrator_acts(client, sector, role):
    user = UserFactory(role=role, unit=None if role == "enterprise" else UnitFactory(code="4114"))
    client.force_login(user)

    assert sector.name in client.get(reverse("inspections:sectors")).content.decode()
    assert page(sector, "edit") not in client.get(sector.get_absolute_url()).content.decode()
    for act, data in (("edit", typed(sector, name="别的")), ("retire", {"reason": "x"})):
        answer = client.post(page(sector, act), data)
        assert (answer.status_code, "由系统管理员维护" in answer.content.decode()) == (403, True)
    with pytest.raises(NotPermitted):
        operations.retire_sector(sector, by=user, at=NOON, reason="x")
    assert sector.events.count() == 1


def test_the_administrator_finds_the_sectors_in_the_menu(client, sector, keeper):
    client.force_login(keeper)

    answer = client.get(reverse("inspections:sector", args=[sector.pk]))

    assert [item["label"] for item in answer.context["nav"] if item["current"]] == ["行业领域"]
    assert page(sector, "edit") in answer.content.decode()


def test_the_column_stands_as_the_state_does():
    with pytest.raises(IntegrityError), transaction.atomic():
        SectorFactory(is_active=False)


def test_a_bare_save_is_found(sector):
    sector.competent_function = "YJ" if sector.competent_function != "YJ" else "SJ"
    sector.save()

    assert broken() == [f"行业领域 {sector}：“行业主管部门职能”被改动，与办理记录不符"]
