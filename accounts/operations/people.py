"""Verbs about accounts, shared out among the administrators (三员): one opens them, another grants, neither does both.

GB/T 22239-2019 8.1.5: the system administrator keeps accounts, the security administrator grants, the auditor reads what
both did. A page names the last event it has seen (``seen=``); when something happened since, the act is refused.
"""

import secrets
import unicodedata

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.models import AccountEvent, User
from accounts.roles import ADMINISTRATORS, Role
from journal.refusal import Conflict, NotPermitted, Refused

SERVER = "服务器命令"
# Without characters that are mistaken for each other when a password is copied from paper.
PASSWORD_LETTERS = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # noqa: S105
PASSWORD_GROUPS, PASSWORD_GROUP = 4, 4
NEEDS_NO_UNIT = ADMINISTRATORS | {Role.ENTERPRISE}
EDITED = ("full_name", "unit", "post", "phone", "email", "superior")
Kind = AccountEvent.Kind


def open_account(*, by, at, username, full_name, unit=None, post="", phone="", email="", superior=None):
    """A system administrator opens an account; returns ``(person, password)``.

    It cannot sign in, and its role means nothing, until a security administrator grants one. The password is nowhere kept.
    """
    _require(by, Role.SYSADMIN, "建立账号须由系统管理员办理")
    person = User(
        username=username, full_name=full_name, unit=unit, post=post, phone=phone, email=email, superior=superior,
        is_active=False,
    )  # fmt: skip
    return _create(person, by=by, at=at, shown=EDITED)


def add_person(*, at, username, full_name, role, unit=None, post="", phone="", email=""):
    """The server's own command makes a person who may sign in at once; returns ``(person, password)``.

    This is how the first administrators come to be; whoever may run commands on the server stands above the three.
    """
    person = User(
        username=username, full_name=full_name, role=_role(role), unit=unit, post=post, phone=phone, email=email
    )
    _require_unit(person)
    return _create(person, by=None, at=at, shown=(*EDITED, "role", "is_active"))


def edit_account(person, *, by, at, seen, **facts):
    """A system administrator changes name, unit, post, phone, e-mail or superior (``facts``, by field name).

    The unit decides what a role reaches, so whoever moves loses the grant until a security administrator renews it.
    """
    _require(by, Role.SYSADMIN, "修改账号资料须由系统管理员办理")
    with transaction.atomic():
        locked = _lock(person, seen)
        kept, unit_id = (*EDITED, "is_active"), locked.unit_id
        before = _said(locked, kept)
        for name in EDITED:
            if name in facts:
                setattr(locked, name, facts[name])
        if locked.superior_id == locked.pk:
            raise Refused("上级负责人不能是本人")
        if locked.is_active:
            _require_unit(locked)
            locked.is_active = locked.unit_id == unit_id
        if locked.pk == by.pk and not locked.is_active:
            raise Refused("不能更换自己的单位，请由另一位系统管理员办理")
        _check(locked)
        changes = _changes(before, _said(locked, kept))
        if changes:
            locked.save(update_fields=kept)
            _record(locked, Kind.EDITED, changes, by=by, at=at)
    return locked


def reset_password(person, *, by, at, seen):
    """A system administrator gives an account a new password and ends its sessions; returns the password.

    Not for administrators: who could set the password of the other two would do their jobs.
    """
    _require(by, Role.SYSADMIN, "重置密码须由系统管理员办理")
    with transaction.atomic():
        locked = _lock(person, seen)
        if locked.role in ADMINISTRATORS:
            raise NotPermitted("三员账号的密码不能在此重置，请由服务器运维人员运行 manage.py changepassword")
        password = _set_password(locked)
        locked.save(update_fields=["password"])
        _record(locked, Kind.PASSWORD_RESET, [], by=by, at=at)
    return password


def grant(person, *, by, at, seen, role):
    """A security administrator gives an account its role and lets it sign in."""
    _require(by, Role.SECADMIN, "授权须由安全管理员办理")
    with transaction.atomic():
        locked = _lock(person, seen)
        if locked.pk == by.pk:
            raise NotPermitted("不能给自己授权，请由另一位安全管理员办理")
        before = _said(locked, ("role", "is_active"))
        if not locked.is_active:
            before["角色"] = ""  # a role that is not granted is none, whatever the column holds
        locked.role, locked.is_active = _role(role), True
        _require_unit(locked)
        changes = _changes(before, _said(locked, ("role", "is_active")))
        if not changes:
            raise Refused(f"该账号已启用，角色已是{locked.get_role_display()}，没有需要改的")
        locked.save(update_fields=["role", "is_active"])
        _record(locked, Kind.GRANTED, changes, by=by, at=at)
    return locked


def deactivate(person, *, by, at, seen):
    """A system administrator stops an account, or a security administrator revokes what was granted: it cannot sign in."""
    if by.role not in (Role.SYSADMIN, Role.SECADMIN) or not by.is_active:
        raise NotPermitted("停用账号须由系统管理员或安全管理员办理")
    with transaction.atomic():
        locked = _lock(person, seen)
        if locked.pk == by.pk:
            raise NotPermitted("不能停用自己的账号，请由另一位管理员办理")
        if not locked.is_active:
            raise Refused("该账号未启用，不需要停用")
        before = _said(locked, ("is_active",))
        locked.is_active = False
        locked.save(update_fields=["is_active"])
        kind = Kind.REVOKED if by.role == Role.SECADMIN else Kind.DEACTIVATED
        _record(locked, kind, _changes(before, _said(locked, ("is_active",))), by=by, at=at)
    return locked


def latest_event(person):
    """The number of the last event of an account, 0 before the first: what a page hands back as ``seen=``."""
    return AccountEvent.objects.filter(person=person).order_by("-pk").values_list("pk", flat=True).first() or 0


def _require(by, role, sentence):
    if by.role != role or not by.is_active:
        raise NotPermitted(sentence)


def _role(value):
    if value not in Role.values:
        raise Refused(
            f"没有角色“{str(value)[:20]}”，可选：{'、'.join(f'{role.value}（{role.label}）' for role in Role)}"
        )
    return Role(value)


def _require_unit(person):
    if person.unit is None and person.role not in NEEDS_NO_UNIT:
        raise Refused(f"角色{person.get_role_display()}必须有单位，请先由系统管理员填写单位")


def _lock(person, seen):
    """The row as it is now, held until the act is done; Conflict when the page that asks is older."""
    locked = User.objects.select_for_update(of=("self",)).select_related("unit", "superior").get(pk=person.pk)
    if latest_event(locked) != seen:
        raise Conflict("该账号刚刚被别人改过，请重新打开后再办理")
    return locked


def _create(person, *, by, at, shown):
    person.username = User.normalize_username(person.username.strip())
    taken = f"账号“{person.username[:40]}”已经有人使用，请换一个"
    password = _set_password(person)
    try:
        with transaction.atomic():
            # Names that differ in case only would be mistaken for each other.
            if User.objects.filter(username__iexact=person.username).exists():
                raise Refused(taken)
            _check(person)
            person.save(force_insert=True)
            _record(person, Kind.OPENED, _changes({}, _said(person, shown)), by=by, at=at)
    except IntegrityError as error:
        raise Refused(taken) from error
    return person, password


def _check(person):
    """Refused unless every field of the row can stand as it is."""
    for name in ("username", "full_name", "post", "phone", "email"):
        if any(unicodedata.category(character) in ("Cc", "Cs") for character in getattr(person, name)):
            raise Refused(f"{_label(name)}含有无法识别的字符")
    try:
        person.clean_fields(exclude=["password"])
    except ValidationError as error:
        sentences = [f"{_label(name)}：{sentence}" for name, said in error.message_dict.items() for sentence in said]
        raise Refused("；".join(sentences)) from error


def _set_password(person):
    """Give ``person`` a random password of about 90 bits that the validators accept, and return it."""
    while True:
        groups = [
            "".join(secrets.choice(PASSWORD_LETTERS) for _ in range(PASSWORD_GROUP)) for _ in range(PASSWORD_GROUPS)
        ]
        password = "-".join(groups)
        try:
            validate_password(password, person)
        except ValidationError:
            continue  # one in some thousands has too few kinds of characters
        person.set_password(password)
        return password


def _label(name):
    return {"username": "账号", "email": "邮箱", "is_active": "状态"}.get(name) or str(
        User._meta.get_field(name).verbose_name
    )


def _said(person, names):
    """``{Chinese label: text}`` of the fields ``names`` as a reader of the audit should find them."""
    return {_label(name): _words(person, name) for name in names}


def _words(person, name):
    if name == "role":
        return person.get_role_display()
    if name == "is_active":
        return "启用" if person.is_active else "未启用"
    value = getattr(person, name)
    if name == "unit":
        return f"{value.name}（{value.code}）" if value else ""
    if name == "superior":
        return f"{value}（{value.username}）" if value else ""
    return value


def _changes(before, after):
    return [[label, before.get(label, ""), said] for label, said in after.items() if before.get(label, "") != said]


def _record(person, kind, changes, *, by, at):
    AccountEvent.objects.create(
        at=at, actor=by, actor_name=str(by)[:40] if by else SERVER, person=person, person_name=str(person)[:40], kind=kind,
        changes=changes,
    )  # fmt: skip
