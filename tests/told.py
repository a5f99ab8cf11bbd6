"""What acts on a hazard are told by those who do them, as the verb, the API and the page take it."""

from datetime import timedelta
from itertools import count

from django.db.models import Case, When
from django.utils import timezone

from accounts.models import Unit, User
from hazards.models import Hazard
from hazards.models.major import ASSURANCES
from hazards.operations.acceptance import acceptors

LEADER = "宁致和"
# Where somebody may offer a hazard: the department of the cast that receives one (and may give it back to the first), units without people.
ELSEWHERE = ("411402-XF", "411402-YJ", "411402-JT", "411402002", "411402003")


class Personal:
    """A value that depends on who says it: ``of(by)``."""

    def __init__(self, of):
        self.of = of


_COUNT = count(1)


def new_words():
    """A description that no hazard has yet: what changes nothing makes no event."""
    return f"疏散通道堆放货物，第 {next(_COUNT)} 次核对"


def _newest():
    """The row that a form stands on."""
    return Hazard.objects.select_related("enterprise").order_by("pk").last()


def if_major(words):
    """``words`` where the row that a form stands on is a major one, else nothing."""
    return lambda: words if _newest().level == "major" else ""


def two_officers():
    return list(acceptors(_newest())[:2])


def officer(place):
    """The key of the first or second of them; of nobody something that stands for none."""
    return next((person.pk for person in two_officers()[place:]), 0)


def another():
    """Somebody of the township who does not hold it."""
    people = User.objects.filter(role="inspector", unit__code="411402001", is_active=True)
    return people.exclude(pk=_newest().territorial_holder_id).order_by("pk").last()


def later():
    """A day after any deadline that a stage has, and not too far."""
    return timezone.localdate() + timedelta(days=30)


def elsewhere(by):
    """A unit to which ``by`` may offer the newest row, and has not yet; none who may do so leads to a department with people but
    that of the hazard's competent one."""
    unit, row = by.unit, _newest()
    of_department = unit is not None and unit.kind == Unit.Kind.DEPARTMENT
    codes = [code for code in ELSEWHERE if ("-" in code) is of_department]
    if unit is not None and unit.code == "411402-SW":
        codes = ["411402-JT", "411402-YJ"]
    gone = {unit and unit.pk, row.offered_unit_id}
    return Unit.objects.filter(code__in=codes).exclude(pk__in=gone - {None}).order_by(_placed(codes)).first()


def _placed(codes):
    return Case(*(When(code=code, then=place) for place, code in enumerate(codes)))


def giver():
    """The unit that offered the newest row; where none did, some unit."""
    return _newest().offered_by_unit or Unit.objects.filter(code="411402-YJ").first()


def of_giver():
    return User.objects.filter(unit=giver(), is_active=True).order_by("pk").first()


def key(row):
    """What stands for ``row`` in a form; of none something that stands for none."""
    return row.pk if row else 0


def next_week():
    return (timezone.localdate() + timedelta(days=7)).isoformat()


ZEROS = {"fault_cleared": if_major("货物已清出"), "gap_closed": if_major("入库前先查通道")}
PLAN = {
    "goals": "通道全程畅通", "methods": "清出货物，另建货架", "resources": "货架 20 组", "organisation": "仓储部负责",
    "schedule": "五日内完成", "safety": "清运时专人看护，备灭火器", "money": "42000.00", "responsible": "孟令山（总经理）",
    "finish_by": timezone.localdate, "protection": "停止入库，专人看守",
    **{f"{name}_settled": True for name in ASSURANCES}, **{f"{name}_how": "已安排到人" for name in ASSURANCES},
}  # fmt: skip
# {act: ({the least that the API or a form must say}, whether it needs a photo)}
TOLD = {
    "redraft": ({"description": new_words}, False),
    "register": ({}, False),
    "issue": ({"days": 7}, False),
    "close_on_spot": ({"note": "已清理"}, True),
    "submit_feedback": ({"content": "已清理"} | ZEROS, True),
    "review": ({"passed": True, "opinion": "合格"}, False),
    "discard": ({"reason": "重复"}, False),
    "correct": ({"description": new_words, "reason": "笔误"}, False),
    "reassign": ({"holders": lambda: {"territorial": another()}, "reason": "分工调整"}, False),
    "offer_transfer": ({"to_unit": Personal(elsewhere), "reason": "属于消防职责"}, False),
    "answer_transfer": ({"accepted": True, "holder": Personal(lambda by: by)}, False),
    "assign_transfer": ({"unit": giver, "holder": of_giver, "reason": "原单位熟悉情况"}, False),
    "refer": (
        {"body": "市公安局", "case_number": "移〔2026〕3号", "referred_on": timezone.localdate, "reason": "涉嫌犯罪"},
        False,
    ),
    "answer_referral": ({"answered_on": timezone.localdate, "answer": "不予立案"}, False),
    "split": (
        {
            "parts": [{"description": "通道堆放货物"}, {"description": "应急灯损坏", "location": "二楼"}],
            "reason": "两处隐患",
        },
        False,
    ),
    "reopen": ({"reason": "又堆上了", "days": 7}, True),
    "request_extension": ({"until": later, "reason": "配件到货晚", "protection": "停用该通道"}, False),
    "decide_extension": ({"granted": True, "opinion": "情况属实"}, False),
    "file_plan": (PLAN, False),
    "revise_plan": (PLAN, False),
    "decide_plan": ({"approved": True, "opinion": "可行"}, False),
    "accept": ({"passed": True, "opinion": "合格", "expert_opinion": "检测合格", "officers": two_officers}, False),
    "report_progress": ({"content": "货架已到", "percent": 40, "spent": "12000.00"}, False),
    "report_major": (
        {"cause": "货物无处堆放", "harm": "堵住唯一出口，整改不难", "treatment": "另建货架，五日内报方案"},
        False,
    ),
    "acknowledge_report": ({}, False),
    "request_void": ({"ground": "error", "reason": "不在本企业"}, False),
    "decide_void": ({"granted": True, "opinion": "情况属实"}, False),
    "chase": ({"words": "请今天报进度"}, False),
    "comment": ({"text": "现场已拉警戒线"}, False),
    "instruct": ({"body": "territorial", "text": "三日内整改到位", "leader_name": LEADER}, False),
    "answer_instruction": ({"text": "已派人驻点"}, False),
}
# The same as the page posts it.
POSTED = {
    "register": {},
    "redraft": {"description": new_words, "level": "general", "requirement": "清理通道"},
    "issue": {"due": "7", "requirement": "清理通道"},
    "close_on_spot": {"note": "已清理"},
    "submit_feedback": {"content": "已清理"} | ZEROS,
    "review": {"passed": "pass", "opinion": "合格"},
    "discard": {"reason": "重复"},
    "correct": {
        "description": new_words,
        "reason": "笔误",
        "found_on": lambda: _newest().found_on.isoformat(),
        "enterprise": lambda: _newest().enterprise.name,
        "sector": lambda: _newest().sector_id,
        "level": lambda: _newest().level,
        "basis": lambda: _newest().basis,
        "criterion": lambda: _newest().criterion_id or "",
        "requirement": lambda: _newest().requirement,
    },
    "reassign": {"holder_territorial": lambda: another().pk, "reason": "分工调整"},
    "offer_transfer": {"to_unit": Personal(lambda by: key(elsewhere(by))), "reason": "属于消防职责"},
    "answer_transfer": {"accepted": "accept", "holder": Personal(lambda by: by.pk)},
    "assign_transfer": {"unit": lambda: key(giver()), "holder": lambda: key(of_giver()), "reason": "原单位熟悉情况"},
    "refer": {
        "body": "市公安局",
        "case_number": "移〔2026〕3号",
        "referred_on": timezone.localdate,
        "reason": "涉嫌犯罪",
    },
    "answer_referral": {"answered_on": timezone.localdate, "answer": "不予立案"},
    "split": {
        "description_1": "通道堆放货物",
        "description_2": "应急灯损坏",
        "location_2": "二楼",
        "reason": "两处隐患",
    },
    "reopen": {"due": "7", "reason": "又堆上了"},
    "request_extension": {"until": later, "reason": "配件到货晚", "protection": "停用该通道"},
    "decide_extension": {"granted": "grant", "opinion": "情况属实"},
    "file_plan": {name: value for name, value in PLAN.items() if value is not False},  # as a page sends a switch
    "revise_plan": {name: value for name, value in PLAN.items() if value is not False},
    "decide_plan": {"approved": "approve", "opinion": "可行"},
    "accept": {
        "passed": "pass",
        "opinion": "合格",
        "expert_opinion": "检测合格",
        "first_officer": lambda: officer(0),
        "second_officer": lambda: officer(1),
    },
    "report_progress": {"content": "货架已到", "percent": 40, "spent": "12000.00"},
    "report_major": {"cause": "货物无处堆放", "harm": "堵住唯一出口，整改不难", "treatment": "另建货架，五日内报方案"},
    "acknowledge_report": {},
    "request_void": {"ground": "error", "reason": "不在本企业"},
    "decide_void": {"granted": "grant", "opinion": "情况属实"},
    "chase": {"words": "请今天报进度"},
    "comment": {"text": "现场已拉警戒线"},
    "instruct": {"body": "territorial", "text": "三日内整改到位", "leader_name": LEADER, "reply_by": next_week},
    "answer_instruction": {"text": "已派人驻点"},
}
# {kind of record: people and a state -> a row of it}. Only a hazard is brought to the state.


def now(given, by):
    """``given`` as ``by`` says it, with each value that is made anew every time."""
    return {name: _said(value, by) for name, value in given.items()}


def _said(value, by):
    return value.of(by) if isinstance(value, Personal) else value() if callable(value) else value
