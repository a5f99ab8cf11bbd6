"""The page of a record of any kind: what it tells those who may act, and those who wait."""

from dataclasses import replace

import pytest

from accounts.models import Unit
from journal import acts
from tests.factories import UnitFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit(monkeypatch):
    """A unit that waits to be retired."""
    urged = replace(acts.named(Unit, "retire"), waiting="等系统管理员停用")
    monkeypatch.setitem(acts._ACTS[Unit], "retire", urged)
    return UnitFactory(code="411402001", name="双八镇人民政府")


def page_of(unit, client, role):
    client.force_login(UserFactory(role=role, unit=None))
    return client.get(unit.get_absolute_url()).content.decode()


def test_who_may_act_is_urged_and_finds_the_other_acts_behind_it(unit, client):
    html = page_of(unit, client, "sysadmin")
    assert "停用单位" in html and f"/units/{unit.pk}/retire/" in html and f"/units/{unit.pk}/edit/" in html
    assert "现在不需要您办理" not in html


def test_who_may_not_reads_what_the_record_waits_for(unit, client):
    html = page_of(unit, client, "auditor")
    assert "等系统管理员停用" in html and "现在不需要您办理" in html
    assert f"/units/{unit.pk}/retire/" not in html
