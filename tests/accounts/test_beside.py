"""What happens to accounts beside their acts: tokens, superiors who left, late forms."""

import pytest
from django.urls import reverse

from accounts import operations
from accounts.models import User
from tests.factories import NOON, UnitFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def sysadmin(db):
    return UserFactory(role="sysadmin", unit=None)


@pytest.fixture
def person(township):
    return UserFactory(role="manager", unit=township)


def _given(form, name):
    value = form[name].value()
    return "" if value is None else value


def page(name, person):
    return reverse(f"accounts:{name}", args=[person.pk])


def test_who_has_a_superior_who_was_stopped_can_still_be_edited(client, person, sysadmin):
    person.superior = UserFactory(role="manager", unit=person.unit, is_active=False)
    person.save()
    client.force_login(sysadmin)
    form = client.get(page("person_edit", person)).context["form"]
    data = {name: _given(form, name) for name in form.fields} | {"post": "站长"}
    answer = client.post(page("person_edit", person), data)
    assert answer.status_code == 302, answer.context["form"].errors
    person.refresh_from_db()
    assert person.post == "站长" and person.superior is not None


def test_what_another_changed_meanwhile_is_not_undone_by_sending_the_late_form_again(client, sysadmin, township):
    """The unit and the superior too, which the form writes as a code and an account name."""
    row, _ = operations.open_account(by=sysadmin, at=NOON, username="late", full_name="迟到", unit=township)
    client.force_login(sysadmin)
    form = client.get(page("person_edit", row)).context["form"]
    late = {name: _given(form, name) for name in form.fields} | {"phone": "0370-1"}
    other, boss = UnitFactory(code="411402109"), UserFactory(role="manager", unit=township)
    operations.edit_account(row, by=sysadmin, at=NOON, post="站长", unit=other, superior=boss)
    answer = client.post(page("person_edit", row), late)
    assert answer.status_code == 409
    again = {name: _given(answer.context["form"], name) for name in form.fields}
    assert client.post(page("person_edit", row), again).status_code == 302
    row.refresh_from_db()
    assert (row.phone, row.post, row.unit, row.superior) == ("0370-1", "站长", other, boss)


ENDS = {
    "stop": lambda person, by: operations.deactivate(person, by=by["sysadmin"], at=NOON),
    "revoke": lambda person, by: operations.deactivate(person, by=by["secadmin"], at=NOON),
    "another role": lambda person, by: operations.grant(person, by=by["secadmin"], at=NOON, role="enterprise"),
    "another unit": lambda person, by: operations.edit_account(
        person, by=by["sysadmin"], at=NOON, unit=UnitFactory(code="411402109")
    ),
}


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("role", ["secadmin", "auditor", "sysadmin"])
def test_the_last_administrator_of_a_kind_stays_whatever_would_end_it(role, end):
    """Nobody could take over: only a command on the server makes another."""
    by = {name: UserFactory(role=name, unit=None) for name in ("sysadmin", "secadmin")}
    last = UserFactory(role=role, unit=None)
    others = User.objects.filter(role=role).exclude(pk=last.pk)
    others.update(is_active=False, state="pending")  # who acts was read before: at the same moment, or by a command
    with pytest.raises(operations.Refused, match="最后一名在用的"):
        ENDS[end](last, by)
    assert User.objects.get(pk=last.pk).is_active
    UserFactory(role=role, unit=None)
    ENDS[end](last, by)
    last.refresh_from_db()
    assert (last.role, last.is_active) == (("enterprise", True) if end == "another role" else (role, False))


def test_another_unit_or_role_of_anybody_else_needs_no_successor(person, sysadmin):
    secadmin = UserFactory(role="secadmin", unit=None)
    operations.grant(person, by=secadmin, at=NOON, role="leader")
    operations.edit_account(person, by=sysadmin, at=NOON, unit=UnitFactory(code="411402109"))
    operations.edit_account(secadmin, by=sysadmin, at=NOON, post="安全管理员")
    assert User.objects.get(pk=secadmin.pk).is_active


def test_nobody_is_readmitted_without_the_unit_the_role_needs(person, sysadmin):
    operations.deactivate(person, by=sysadmin, at=NOON)
    operations.edit_account(person, by=sysadmin, at=NOON, unit=None)
    with pytest.raises(operations.Refused, match="必须有单位"):
        operations.readmit(person, by=None, at=NOON)
    assert not User.objects.get(pk=person.pk).is_active
