"""The people and firms of the demonstration."""

import pytest
from django.core.management import call_command

from accounts.models import User
from demo.people import ACCOUNTS
from hazards.models import Hazard
from inspections import uscc
from inspections.models import Enterprise
from tests.cities.conftest import PASSWORD

pytestmark = [
    pytest.mark.django_db, pytest.mark.xdist_group("small city"), pytest.mark.once, pytest.mark.usefixtures("small_city"),
]  # fmt: skip


def test_every_account_can_sign_in(client):
    for username, role, *_ in ACCOUNTS:
        assert client.login(username=username, password=PASSWORD), username
        assert User.objects.get(username=username).role == role
    assert (
        not User.objects.exclude(username__in=[row[0] for row in ACCOUNTS]).filter(password__startswith="md5").exists()
    )


def test_the_inspector_has_a_colleague_to_go_with():
    inspector = User.objects.get(username="inspector")
    assert User.objects.filter(unit=inspector.unit, role="inspector").count() >= 2
    assert inspector.superior == User.objects.get(username="township")


def test_credit_codes_are_valid_and_phones_are_nobodys():
    codes = Enterprise.objects.exclude(uscc="").values_list("uscc", flat=True)
    assert codes
    assert [code for code in codes if uscc.problem(code)] == []
    assert not User.objects.exclude(phone__startswith="1390000").exists()
    assert not Enterprise.objects.exclude(phone__startswith="1390000").exists()


def test_loading_again_changes_only_passwords(settings, capsys):
    before = list(Hazard.objects.order_by("pk").values_list("pk", "version"))
    settings.DEMO, settings.DEMO_PASSWORD = True, "Another-one-2"

    call_command("demo")

    assert "演示数据已在库中" in capsys.readouterr().out
    assert list(Hazard.objects.order_by("pk").values_list("pk", "version")) == before
    assert User.objects.get(username="auditor").check_password("Another-one-2")
