"""批示: a leader writes to one of the bodies that answer for a hazard, and the body answers."""

from copy import copy

from django.conf import settings

from accounts.models import Unit, User
from accounts.roles import Role
from hazards import deadlines
from hazards.models import Instruction
from hazards.responsibility import BODIES, LABELS
from journal import gate
from journal.gate import day_of
from journal.refusal import Refused
from workdays.operations import load_calendar

FARTHEST_REPLY = 366  # days


def default_reply_by(today):
    """The day by which a body answers when the instruction names none. One query."""
    return load_calendar().add_working_days(today, settings.INSTRUCTION_WORKING_DAYS).date


def leaders_over(hazard):
    """The leaders in whose territory ``hazard`` lies."""
    places = (hazard.division_code, hazard.county_code, hazard.city_code)
    here = User.objects.filter(is_active=True, role=Role.LEADER, unit__division_code__in=places)
    return here.exclude(unit__kind=Unit.Kind.DEPARTMENT)


def bodies_of(hazard):
    """``{kind: unit}`` of the bodies in use that answer for ``hazard``."""
    units = {kind: getattr(hazard, f"{kind}_unit") for kind in BODIES}
    return {kind: unit for kind, unit in units.items() if unit is not None and unit.is_active}


def instruct(hazard, *, by, at, body, text, reply_by=None, leader=None, leader_name=""):
    """Ask the ``body`` (territorial, competent or supervising) to see to it and to answer by ``reply_by``, 5 working days if None.

    A leader writes in their own name; the safety office in that of ``leader``, an account, or of ``leader_name`` where no account
    bears it.
    """
    gate.check(hazard, "instruct", by=by)
    unit = bodies_of(hazard).get(body)
    if unit is None:
        raise Refused("请从该隐患在用的属地、主管、监管单位中选择由谁回复")
    leader, name = _signed(hazard, by, leader, leader_name)
    today = day_of(at)
    due = reply_by or default_reply_by(today)
    if due < today:
        raise Refused("回复期限不能早于今天")
    if due > deadlines.after_days(today, FARTHEST_REPLY):
        raise Refused("回复期限不能晚于一年之后，请核对年份")
    row = Instruction(
        hazard=hazard, kind=body, unit=unit, leader=leader, leader_name=name, text=text, reply_by=due, by=by, at=at
    )
    return gate.move(
        hazard,
        "instruct",
        by=by,
        at=at,
        note=text,
        changes={"批示领导": "" if by == leader else name, "回复单位": f"{unit}（{LABELS[body]}）", "回复期限": due},
        beside=[row],
        reply_due_on=min(due, hazard.reply_due_on or due),
    )


def _signed(hazard, by, leader, name):
    """``(account or None, name)`` of the leader whose words they are."""
    if by.role == Role.LEADER:
        if leader not in (None, by) or name not in ("", str(by)):
            raise Refused("领导账号只能以本人名义批示")
        return by, str(by)
    if leader is None and not name:
        raise Refused("请选择作出批示的领导，或填写其姓名")
    if leader is None:
        return None, name
    if name not in ("", str(leader)):
        raise Refused("选择了领导就不用再填写姓名；请清空其中一项")
    if not leaders_over(hazard).filter(pk=leader.pk).exists():
        raise Refused("只能选择该隐患所在地的在职领导")
    return leader, str(leader)


def answerable(hazard, by):
    """The open instructions that ``by`` may answer, the oldest first: those to the own unit, for the safety office all."""
    return [one for one in hazard.open_instructions if by.role == Role.SAFETY_OFFICE or one.unit_id == by.unit_id]


def answer_instruction(hazard, *, by, at, text, instruction=None):
    """Answer ``instruction``, which need not be named where only one is open to ``by``."""
    gate.check(hazard, "answer_instruction", by=by)
    theirs = answerable(hazard, by)
    if instruction is None and len(theirs) > 1:
        raise Refused(f"有 {len(theirs)} 条批示等待回复，请选明回复哪一条")
    found = next((one for one in theirs if instruction in (None, one)), None)
    if found is None:
        raise Refused("这条批示已经回复，或不是发给本单位的；请刷新页面看最新情况")
    row = copy(found)
    row.answer, row.answered_by, row.answered_at = text, by, at
    left = [one.reply_by for one in hazard.open_instructions if one != found]
    late = max((day_of(at) - row.reply_by).days, 0)
    return gate.move(
        hazard,
        "answer_instruction",
        by=by,
        at=at,
        note=text,
        changes={
            "批示领导": row.leader_name,
            "代为回复": row.unit if by.unit_id != row.unit_id else "",
            "逾期（天）": late or "",
        },
        beside=[row],
        reply_due_on=min(left, default=None),
    )
