"""The page of a record of any kind: what it tells those who may act, and those who wait."""

from dataclasses import replace

import pytest
from django.urls import reverse

from accounts.models import Unit
from hazards import operations
from inspections.models import Enterprise
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


def test_an_act_of_several_moves_is_refused_by_its_own_name(client, pending, inspector, noon):
    """Who came to fail a review is not told that it cannot be passed, and who chose neither is told of the act."""
    operations.review(pending, by=inspector, at=noon, passed=True, opinion="可以")
    client.force_login(inspector)
    address = reverse("hazards:act", args=[pending.pk, "review"])
    failed = client.post(address, {"passed": "fail", "opinion": "不行"}).content.decode()
    assert "您的“复查不通过”没有提交" in failed and "不能复查；" in failed and "不能复查通过" not in failed


def test_a_form_asks_for_what_is_missing_by_its_name(client, enterprise, manager):
    client.force_login(manager)
    page = client.post(reverse("inspections:enterprise_act", args=[enterprise.pk, "edit"]), {}).content.decode()
    assert "请填写主要负责人" in page and "请选择行业领域" in page
    assert "该字段是必填项" not in page and "---------" not in page


def test_the_head_of_an_enterprises_act_says_how_it_stands(client, enterprise, manager):
    Enterprise.objects.filter(pk=enterprise.pk).update(status=Enterprise.Status.values[-1])
    client.force_login(manager)
    page = client.get(reverse("inspections:enterprise_act", args=[enterprise.pk, "edit"])).content.decode()
    assert f'<span class="sub">{Enterprise.Status.labels[-1]}</span>' in page
