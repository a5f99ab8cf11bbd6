"""Which firms the register page offers before anything is typed."""

import pytest

from accounts.models import User
from hazards.views.picking import suggested
from tests.factories import EnterpriseFactory, InspectionFactory

pytestmark = pytest.mark.django_db


def test_who_moved_is_offered_no_firm_of_the_old_township(inspector, enterprise, foreign_township):
    """However lately it was visited."""
    InspectionFactory(enterprise=enterprise, created_by=inspector)
    here = EnterpriseFactory(township=foreign_township)
    assert suggested(inspector) == [("最近检查过", [enterprise])]
    User.objects.filter(pk=inspector.pk).update(unit=foreign_township)
    assert suggested(User.objects.get(pk=inspector.pk)) == [("辖区内的企业", [here])]


def test_a_link_with_a_firm_out_of_scope_says_so(client, inspector, foreign_township):
    client.force_login(inspector)
    for firm in (EnterpriseFactory(township=foreign_township).pk, "abc"):
        assert "链接中的企业不存在" in client.get(f"/hazards/register/?enterprise={firm}").content.decode()
    assert "链接中的企业" not in client.get("/hazards/register/").content.decode()
