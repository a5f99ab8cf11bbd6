"""The register of enterprises, and the accounts that act for them."""

from copy import copy

from django.db import IntegrityError, transaction

from accounts.models import Unit, User
from accounts.roles import Role
from folding.texts import fold
from inspections import uscc
from inspections.models import NAME_TAKEN, USCC_TAKEN, Enterprise, edit_asked
from journal import chronicle, gate
from journal.refusal import Refused

NO_DECISION = "“停业整顿”要有执法措施；请先按停业整顿前的状态登记企业，再在企业页面记录“停产停业整顿”"
TAKEN = "这家企业刚刚已被登记，请在企业名录中查找"


@transaction.atomic
def enlist(*, by, at, township, **facts):
    """Enter one enterprise; ``facts`` are field values. Refused when it is here already, by its credit code or, in its
    township, by its name, however they are typed."""
    _require_own_township(township, by)
    if facts.get("status") == Enterprise.Status.SUSPENDED:
        raise Refused(NO_DECISION)
    today = gate.day_of(at)
    closed_on = today if facts.get("status") == Enterprise.Status.CLOSED else None
    enterprise = Enterprise(
        township=township,
        division_code=township.division_code,
        registered_on=today,
        closed_on=closed_on,
        **_canonical(facts),
    )
    _require_unknown(enterprise)
    try:
        return gate.create(enterprise, "enlist", by=by, at=at)
    except IntegrityError as error:
        raise Refused(TAKEN) from error


def adopt(enterprises, *, by, at, source):
    """Enter the unsaved ``enterprises`` that a ledger kept elsewhere names; ``source`` stands in their events."""
    for enterprise in enterprises:
        enterprise.uscc = uscc.canonical(enterprise.uscc)
        enterprise.division_code = enterprise.township.division_code
        enterprise.registered_on = gate.day_of(at)
    chronicle.write(chronicle.born(enterprises, "adopt", by=by, at=at, note=source), by=by)


@transaction.atomic
def edit(enterprise, *, by, at, **facts):
    """Change ``facts`` ({field: value}) of an enterprise; returns the event, None when they are so already."""
    gate.check(enterprise, "edit", by=by)
    changed, words = gate.differences(enterprise, _canonical(facts))
    for _, sentence in edit_asked.send(Enterprise, enterprise=enterprise, changed=changed):
        if sentence:
            raise Refused(sentence)
    if changed.keys() & {"name", "uscc", "township"}:
        wanted = copy(enterprise)
        for name, value in changed.items():
            setattr(wanted, name, value)
        _require_unknown(wanted)
    if "township" in changed:
        _require_own_township(changed["township"], by)
        Enterprise.objects.select_for_update().get(pk=enterprise.pk)  # no hazard of it is registered meanwhile
        # They would stay with a township that no longer answers.
        if enterprise.hazards.open().exists():
            raise Refused("该企业还有未销号的隐患，销号后才能改属地；确需变更的，请先与安委办商定由谁继续负责")
        changed["division_code"] = changed["township"].division_code
    if "status" in changed:
        changed["closed_on"] = gate.day_of(at) if changed["status"] == Enterprise.Status.CLOSED else None
    if not changed:
        return None
    try:
        return gate.move(enterprise, "edit", by=by, at=at, changes=words, **changed)
    except IntegrityError as error:
        raise Refused(TAKEN) from error


def suspend(enterprise, *, by, at, note):
    """停业整顿, as the decision that ``note`` names says. The status follows the decision: nobody sets it by hand."""
    return _follow(enterprise, "suspend", Enterprise.Status.SUSPENDED, by=by, at=at, note=note)


def resume(enterprise, *, by, at, note, status):
    """Let an enterprise that is at 停业整顿 take the ``status`` again that the decision which ``note`` names gives back.

    Returns the event; None where it is something else by now: one that has closed stays closed.
    """
    if enterprise.status != Enterprise.Status.SUSPENDED:
        return None
    return _follow(enterprise, "resume", status, by=by, at=at, note=note)


def _follow(enterprise, name, status, *, by, at, note):
    changed, words = gate.differences(enterprise, {"status": status})
    return gate.move(enterprise, name, by=by, at=at, note=note, changes=words, **changed)


def _canonical(facts):
    return facts | {"uscc": uscc.canonical(facts["uscc"])} if "uscc" in facts else facts


def _require_unknown(enterprise):
    """Refuse a second entry for one firm. The database does too; it only cannot say which of the two it was."""
    others = Enterprise.objects.exclude(pk=enterprise.pk)
    if enterprise.uscc and others.filter(uscc=enterprise.uscc).exists():
        raise Refused(USCC_TAKEN)
    if others.filter(township=enterprise.township_id, name_folded=fold(enterprise.name)).exists():
        raise Refused(NAME_TAKEN)


def _require_own_township(unit, by):
    if not Unit.objects.visible_to(by).active().townships().filter(pk=unit.pk).exists():
        raise Refused("属地应为您管辖范围内的乡镇（街道），请重新选择")


@transaction.atomic
def join_member(enterprise, *, by, at, username):
    """Let the enterprise account ``username`` act for ``enterprise``; an account acts for one enterprise only."""
    gate.check(enterprise, "join_member", by=by)
    person = User.objects.named(username).filter(role=Role.ENTERPRISE, is_active=True).first()
    if person is None:
        raise Refused("没有这个企业账号；请先请系统管理员开户、安全管理员授予“企业人员”角色")
    User.objects.select_for_update().get(pk=person.pk)
    joined = set(person.enterprises.values_list("pk", flat=True))
    if joined - {enterprise.pk}:
        raise Refused("该账号已关联另一家企业，请先在那家企业解除")
    if joined:
        raise Refused("该账号已关联这家企业")
    return _seat(enterprise, "join_member", person, _members(enterprise) | {person.pk}, by=by, at=at)


def part_member(enterprise, *, by, at, username):
    """End that; hazards already given to the person keep the name that was written down."""
    gate.check(enterprise, "part_member", by=by)
    person = enterprise.members.named(username).first()
    if person is None:
        raise Refused("该账号没有关联这家企业")
    return _seat(enterprise, "part_member", person, _members(enterprise) - {person.pk}, by=by, at=at)


def _members(enterprise):
    return set(enterprise.members.values_list("pk", flat=True))


def _seat(enterprise, name, person, ids, *, by, at):
    words = {"企业账号": f"{person}（{person.username}）"}
    return gate.move(enterprise, name, by=by, at=at, changes=words, sets={"members": ids})
