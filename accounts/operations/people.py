"""Verbs about accounts, shared out among the administrators (三员): one opens them, another grants, neither does both.

Who may do what stands in accounts/lifecycle.py and accounts/rules.py.
"""

import secrets
from copy import copy

from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.models import PastPassword, Unit, User
from accounts.operations.access import ending_access
from accounts.operations.texts import check_row, words_of
from accounts.roles import ADMINISTRATORS, Role
from journal import gate
from journal.refusal import Refused

# Without characters that are mistaken for each other when a password is copied from paper.
PASSWORD_LETTERS = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # noqa: S105
PASSWORD_GROUPS, PASSWORD_GROUP = 4, 4
USED_BEFORE = f"新密码不能与现在的密码和最近用过的 {PastPassword.KEPT} 个密码相同"
NEEDS_NO_UNIT = ADMINISTRATORS | {Role.ENTERPRISE}
EDITED = ("full_name", "unit", "post", "phone", "email", "superior")
TYPED = ("username", "full_name", "post", "phone", "email")


def open_account(*, by, at, username, full_name, unit=None, post="", phone="", email="", superior=None):
    """A system administrator opens an account; returns ``(person, password)``.

    It cannot sign in, and its role means nothing, until a security administrator grants one. The password is nowhere kept.
    """
    gate.check_birth(User, "open", by=by)
    person = User(
        username=username,
        full_name=full_name,
        unit=unit,
        post=post,
        phone=phone,
        email=email,
        superior=superior,
        is_active=False,
    )
    return _create(person, "open", by=by, at=at, shown=EDITED)


@transaction.atomic
def add_person(*, at, username, full_name, role, unit=None, post="", phone="", email=""):
    """The server's own command makes a person who may sign in at once; returns ``(person, password)``.

    This is how the first administrators come to be; whoever may run commands on the server stands above the three.
    """
    person = User(
        username=username, full_name=full_name, role=_role(role), unit=unit, post=post, phone=phone, email=email
    )
    _require_unit(person)
    return _create(person, "add", by=None, at=at, shown=(*EDITED, "role", "is_active"))


@transaction.atomic
def readmit(person, *, by, at):
    """The server lets an account that was stopped, or waits for its grant, sign in again in the role it has."""
    gate.check(person, "readmit", by=by)
    _require_unit(person)
    values, changes = gate.differences(person, {"is_active": True}, words_of)
    return gate.move(person, "readmit", by=by, at=at, changes=changes, **values, **ending_access(person))


@transaction.atomic
def edit_account(person, *, by, at, **facts):
    """A system administrator changes name, unit, post, phone, e-mail or superior (``facts``, by field name).

    The unit decides what a role reaches, so whoever moves loses the grant until a security administrator renews it. Returns
    the event; None when ``facts`` change nothing.
    """
    gate.check(person, "edit", by=by)
    wanted = _changed(person, {name: facts[name] for name in EDITED if name in facts})
    if wanted.superior is not None and wanted.superior.pk == wanted.pk:
        raise Refused("上级负责人不能是本人")
    moves = person.is_active and wanted.unit_id != person.unit_id
    if person.is_active:
        _require_unit(wanted)
    if moves and person.pk == by.pk:
        raise Refused("不能更换自己的单位，请由另一位系统管理员办理")
    if moves:
        _require_successor(person)
    check_row(wanted, TYPED)
    values = {name: getattr(wanted, name) for name in EDITED} | ({"is_active": False} if moves else {})
    values, changes = gate.differences(person, values, words_of)
    if not values:
        return None
    if "unit" in values:
        values |= ending_access(person)
    return gate.move(person, "transfer" if moves else "edit", by=by, at=at, changes=changes, **values)


@transaction.atomic
def reset_password(person, *, by, at):
    """A system administrator gives an account a new password, ends its sessions and its API tokens; returns the password, with which
    nothing can be done but to choose another (`User.must_change_password`).

    Not for administrators: who could set the password of the other two would do their jobs.
    """
    password = _new_password(person)
    _remember(person, at=at)
    facts = {"password": make_password(password), "password_is_given": True, "password_set_at": at}
    gate.move(person, "reset_password", by=by, at=at, **facts, **ending_access(person))
    return password


@transaction.atomic
def grant(person, *, by, at, role):
    """A security administrator gives an account its role and lets it sign in; returns the event."""
    gate.check(person, "grant", by=by)
    wanted = _changed(person, {"role": _role(role), "is_active": True})
    _require_unit(wanted)
    values, changes = gate.differences(person, {"role": wanted.role, "is_active": True}, words_of)
    if not values:
        raise Refused(f"该账号已启用，角色已是{wanted.role_label}，没有需要改的")
    if "role" in values and person.is_active:
        _require_successor(person)
    if not person.is_active:  # a role that is not granted is none, whatever the column holds
        changes = {"角色": f"无 → {wanted.role_label}", "状态": changes["状态"]}
    return gate.move(person, "grant", by=by, at=at, changes=changes, **values, **ending_access(person))


@transaction.atomic
def deactivate(person, *, by, at):
    """A system administrator stops an account, or a security administrator revokes what was granted: it cannot sign in."""
    name = "revoke" if by.role == Role.SECADMIN else "deactivate"
    gate.check(person, name, by=by)
    _require_successor(person)
    values, changes = gate.differences(person, {"is_active": False}, words_of)
    return gate.move(person, name, by=by, at=at, changes=changes, **values, **ending_access(person))


@transaction.atomic
def change_own_password(person, password, *, at):
    """Somebody replaces their own password: all access ends with the old one; the page on which it is done begins a session anew.

    Decided on the row as it is now: what stood on it when the request began may have changed since. Refused for the present password
    and for those before it that are kept.
    """
    row = User.objects.get(pk=person.pk)
    if was_used(row, password):
        raise Refused(USED_BEFORE)
    if not row.is_active:
        raise Refused("账号已不在启用，不能更换密码，请联系系统管理员")
    gate.check(row, "change_password", by=row)
    _remember(row, at=at)
    facts = {"password": make_password(password), "password_is_given": False, "password_set_at": at}
    facts |= ending_access(row)
    gate.move(row, "change_password", by=row, at=at, **facts)
    for name in (*facts, "version", "last_digest"):
        setattr(person, name, getattr(row, name))


@transaction.atomic
def note_set_password(person, *, by, at):
    """A command on the server has set the password of ``person``: it is one that somebody else knows, and all access ends."""
    facts = {"password_is_given": True, "password_set_at": at}
    return gate.move(person, "set_password", by=by, at=at, **facts, **ending_access(person))


def was_used(person, password):
    """Whether ``password`` is the one of ``person``, or one of the last that were."""
    known = [person.password, *person.past_passwords.values_list("password", flat=True)]
    return any(check_password(password, one) for one in known)


def _remember(person, *, at):
    """Keep the password that ends now, and of those before it the newest."""
    PastPassword.objects.create(person=person, password=person.password, at=at)
    kept = person.past_passwords.values_list("pk", flat=True)[: PastPassword.KEPT]
    person.past_passwords.exclude(pk__in=list(kept)).delete()


def _changed(person, values):
    """A copy of ``person`` with ``values``, to be looked at before the row is touched."""
    wanted = copy(person)
    for name, value in values.items():
        setattr(wanted, name, value)
    return wanted


def _role(value):
    if value not in Role.values:
        raise Refused(
            f"没有角色“{str(value)[:20]}”，可选：{'、'.join(f'{role.value}（{role.label}）' for role in Role)}"
        )
    return Role(value)


def _require_successor(person):
    """Refused when ``person`` is the last administrator of a kind in use: what the three do, no other role can do for them."""
    if person.role not in ADMINISTRATORS:
        return
    # Held until the transaction ends: two of them cannot end each other.
    alike = User.objects.select_for_update().filter(role=person.role, is_active=True)
    if not set(alike.values_list("pk", flat=True)) - {person.pk}:
        raise Refused(f"这是最后一名在用的{person.get_role_display()}，之后无人接替；请先启用另一名")


def _require_unit(person):
    if person.unit is None and person.role not in NEEDS_NO_UNIT:
        raise Refused(f"角色{person.get_role_display()}必须有单位，请先由系统管理员填写单位")
    # Held until the transaction ends: `retire_unit` counts its people under the same lock.
    if person.unit_id and not Unit.objects.select_for_update().get(pk=person.unit_id).is_active:
        raise Refused(f"{person.unit}已停用，请先由系统管理员更换单位")


def _create(person, move, *, by, at, shown):
    person.username = User.normalize_username(person.username.strip())
    taken = f"账号“{person.username[:40]}”已经有人使用，请换一个"
    password = _new_password(person)
    person.password, person.password_is_given, person.password_set_at = make_password(password), True, at
    said = {name: words_of(User._meta.get_field(name), getattr(person, name)) for name in shown}
    changes = {str(User._meta.get_field(name).verbose_name): text for name, text in said.items() if text}
    try:
        with transaction.atomic():
            # Names that differ in case only would be mistaken for each other; the database insists on it.
            if User.objects.named(person.username).exists():
                raise Refused(taken)
            check_row(person, TYPED)
            gate.create(person, move, by=by, at=at, changes=changes)
    except IntegrityError as error:
        raise Refused(taken) from error
    return person, password


def _new_password(person):
    """A random password of about 90 bits that the validators accept for ``person``."""
    while True:
        groups = [
            "".join(secrets.choice(PASSWORD_LETTERS) for _ in range(PASSWORD_GROUP)) for _ in range(PASSWORD_GROUPS)
        ]
        password = "-".join(groups)
        try:
            validate_password(password, person)
        except ValidationError:
            continue  # one in some thousands has too few kinds of characters
        return password
