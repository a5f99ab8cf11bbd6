"""Records brought to where a test wants them, by the verbs that bring them there, a day later with each act; and what acts are told."""

import hashlib
from datetime import timedelta
from itertools import count

from django.core.files.base import ContentFile
from django.db.models import Case, When
from django.utils import timezone

from accounts.models import Unit, User
from evidence.models import Photo
from hazards import operations
from hazards.models import Hazard
from inspections.models import Enterprise, Sector
from journal import acts
from tests.factories import EnterpriseFactory, UnitFactory, UserFactory

STAGES = (
    "draft", "registered", "registered+major", "rectifying", "rectifying+asked", "rectifying+asked+major", "rectifying+instructed",
    "rectifying+offered",     "pending_review", "closed", "registered+doubted", "closed+doubted", "voided", "discarded",
)  # fmt: skip
LEADER = "宁致和"
# Where somebody may offer a hazard: the department of the cast that receives one (and may give it back to the first), units without people.
ELSEWHERE = ("411402-XF", "411402-YJ", "411402-JT", "411402002", "411402003")


class Personal:
    """A value that depends on who says it: ``of(by)``."""

    def __init__(self, of):
        self.of = of


def cast():
    """A township with its people and a firm, the departments that answer for it and one that does not, the offices above, and
    strangers next door. ``firm`` is the enterprise; all others are people."""
    township, there = UnitFactory(code="411402001"), UnitFactory(code="411403001")
    firm, other_firm = EnterpriseFactory(township=township), EnterpriseFactory(township=there)
    firm.sector.competent_function, firm.sector.supervising_function = "YJ", "SW"
    firm.sector.save()
    people = {
        "firm": firm,
        "enterprise": UserFactory(role="enterprise", unit=None),
        "author": UserFactory(role="inspector", unit=township),
        "colleague": UserFactory(role="inspector", unit=township),
        "manager": UserFactory(role="manager", unit=township),
        "department": UserFactory(role="manager", unit=UnitFactory(code="411402-YJ")),
        "other_department": UserFactory(role="manager", unit=UnitFactory(code="411402-SW")),
        "receiver": UserFactory(role="manager", unit=UnitFactory(code="411402-XF")),
        "office": UserFactory(role="safety_office", unit=UnitFactory(code="4114-AWB")),
        "leader": UserFactory(role="leader", unit=UnitFactory(code="4114"), full_name=LEADER),
        "sysadmin": UserFactory(role="sysadmin", unit=UnitFactory(code="4114")),
        "stranger": UserFactory(role="manager", unit=there),
        "foreign_firm": UserFactory(role="enterprise", unit=None),
    }
    for code in ELSEWHERE:
        UnitFactory(code=code)
    firm.members.add(people["enterprise"])
    other_firm.members.add(people["foreign_firm"])
    return people


def waiting_photo(by):
    """A picture nobody has taken yet."""
    content = f"picture {Photo.objects.count()}".encode()
    digest = hashlib.sha256(content).hexdigest()
    return Photo.objects.create(
        image=ContentFile(content, name="a.jpg"), thumbnail=ContentFile(content, name="b.jpg"), width=1, height=1,
        sha256=digest, kept_sha256=digest, uploaded_by=by, uploaded_at=timezone.now(),
    )  # fmt: skip


def hazard(people, stage):
    """A hazard at ``stage``, found some days ago; ``+major`` is a major one, ``+asked`` waits for more time, ``+instructed`` for the
    answer of its township, ``+offered`` was offered by its department to another one, ``+doubted`` for a decision whether it is void."""
    row = _brought(people, *stage.split("+"))
    if "doubted" in stage or stage == "voided":
        operations.request_void(row, by=people["author"], at=timezone.now(), **TOLD["request_void"][0])
    if stage == "voided":
        operations.decide_void(row, by=people["office"], at=timezone.now(), **TOLD["decide_void"][0])
    return row


def _brought(people, state, *traits):
    """A hazard in ``state``, or before what its traits and a void one need."""
    day = timezone.now() - timedelta(days=6)
    level = {"level": "major", "basis": "AQ 7015-2018 第 5.1 条"} if "major" in traits else {}
    row = operations.draft(
        by=people["author"],
        at=day,
        enterprise=people["firm"],
        found_on=timezone.localdate(day),
        description="通道堆放货物",
        requirement="清理通道，保持畅通",
        **level,
    )
    if state == "discarded":
        operations.discard(row, by=people["author"], at=day + timedelta(days=1), reason="重复")
    if state in ("draft", "discarded"):
        return row
    operations.register(
        row, by=people["author"], at=timezone.now() if state == "registered" else day + timedelta(days=1)
    )
    if state in ("registered", "voided"):
        return row
    operations.issue(row, by=people["manager"], at=day + timedelta(days=2), days=10)
    if "instructed" in traits:
        operations.instruct(
            row, by=people["leader"], at=day + timedelta(days=3), body="territorial", text="三日内整改到位"
        )
    if "offered" in traits:
        by = people["department"]
        operations.offer_transfer(row, by=by, at=day + timedelta(days=3), **now(TOLD["offer_transfer"][0], by))
    if "asked" in traits:
        operations.request_extension(
            row,
            by=people["enterprise"],
            at=day + timedelta(days=3),
            **now(TOLD["request_extension"][0], people["enterprise"]),
        )
    if state == "rectifying":
        return row
    photos = [waiting_photo(people["enterprise"])]
    operations.submit_feedback(
        row, by=people["enterprise"], at=day + timedelta(days=4), content="已清理", photos=photos
    )
    if state == "closed":
        operations.review(row, by=people["colleague"], at=day + timedelta(days=5), passed=True, opinion="合格")
    return row


_COUNT = count(1)


def new_words():
    """A description that no hazard has yet: what changes nothing makes no event."""
    return f"疏散通道堆放货物，第 {next(_COUNT)} 次核对"


def _newest():
    """The row that a form stands on."""
    return Hazard.objects.select_related("enterprise").order_by("pk").last()


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


# {act: ({the least that the API or a form must say}, whether it needs a photo)}
TOLD = {
    "redraft": ({"description": new_words}, False),
    "register": ({}, False),
    "issue": ({"days": 7}, False),
    "close_on_spot": ({"note": "已清理"}, True),
    "submit_feedback": ({"content": "已清理"}, True),
    "review": ({"passed": True, "opinion": "合格"}, False),
    "discard": ({"reason": "重复"}, False),
    "correct": ({"description": new_words, "reason": "笔误"}, False),
    "reassign": ({"holders": lambda: {"territorial": another()}, "reason": "分工调整"}, False),
    "offer_transfer": ({"to_unit": Personal(elsewhere), "reason": "属于消防职责"}, False),
    "answer_transfer": ({"accepted": True, "holder": Personal(lambda by: by)}, False),
    "assign_transfer": ({"unit": giver, "holder": of_giver, "reason": "原单位熟悉情况"}, False),
    "reopen": ({"reason": "又堆上了", "days": 7}, True),
    "request_extension": ({"until": later, "reason": "配件到货晚", "protection": "停用该通道"}, False),
    "decide_extension": ({"granted": True, "opinion": "情况属实"}, False),
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
    "submit_feedback": {"content": "已清理"},
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
        "requirement": lambda: _newest().requirement,
    },
    "reassign": {"holder_territorial": lambda: another().pk, "reason": "分工调整"},
    "offer_transfer": {"to_unit": Personal(lambda by: key(elsewhere(by))), "reason": "属于消防职责"},
    "answer_transfer": {"accepted": "accept", "holder": Personal(lambda by: by.pk)},
    "assign_transfer": {"unit": lambda: key(giver()), "holder": lambda: key(of_giver()), "reason": "原单位熟悉情况"},
    "reopen": {"due": "7", "reason": "又堆上了"},
    "request_extension": {"until": later, "reason": "配件到货晚", "protection": "停用该通道"},
    "decide_extension": {"granted": "grant", "opinion": "情况属实"},
    "request_void": {"ground": "error", "reason": "不在本企业"},
    "decide_void": {"granted": "grant", "opinion": "情况属实"},
    "chase": {"words": "请今天报进度"},
    "comment": {"text": "现场已拉警戒线"},
    "instruct": {"body": "territorial", "text": "三日内整改到位", "leader_name": LEADER, "reply_by": next_week},
    "answer_instruction": {"text": "已派人驻点"},
}
# {kind of record: people and a state -> a row of it}. Only a hazard is brought to the state.
KINDS = {
    Hazard: hazard,
    Enterprise: lambda people, state: people["firm"],
    Sector: lambda people, state: people["firm"].sector,
    User: lambda people, state: people["author"],
    Unit: lambda people, state: people["author"].unit,
}


def with_a_page():
    """The names of the acts on a hazard that are done on a page."""
    return [act.name for act in acts.acts_of(Hazard) if act.form and not act.creates]


def over_the_api():
    """The names of the acts on a hazard that the API offers."""
    return [act.name for act in acts.acts_of(Hazard) if act.serializer and not act.creates]


def stages_of(act):
    """The stages at which the law page knows the act called ``act``, whoever does it."""
    sources = {source for move in acts.named(Hazard, act).moves for source in move.sources}
    return [stage for stage in STAGES if stage.partition("+")[0] in sources]


def is_told_something(act):
    """Whether an empty form or body is too little for the act called ``act``."""
    return TOLD.get(act) != ({}, False)


def told(act, by):
    """What the verb of the act called ``act`` is told, with a new picture where it needs one."""
    given, needs_photo = TOLD[act]
    return now(given, by) | ({"photos": [waiting_photo(by)]} if needs_photo else {})


def asked(act, by):
    """The same as the API is told it: rows by their ids."""
    given = told(act, by)
    holders = {f"{kind}_holder": person.pk for kind, person in given.pop("holders", {}).items()}
    named = {Unit: lambda unit: unit.code, User: lambda person: person.pk}
    given = {name: named.get(type(value), lambda same: same)(value) for name, value in given.items()}
    return given | holders | ({"photos": [photo.pk for photo in given["photos"]]} if "photos" in given else {})


def posted(act, by, version):
    """The whole form of the act called ``act`` as the page posts it."""
    photos = [waiting_photo(by).pk] if TOLD[act][1] else []
    return now(POSTED[act], by) | {"version": version, "photos_id": photos}


def now(given, by):
    """``given`` as ``by`` says it, with each value that is made anew every time."""
    return {name: _said(value, by) for name, value in given.items()}


def _said(value, by):
    return value.of(by) if isinstance(value, Personal) else value() if callable(value) else value
