"""Records brought to where a test wants them, by the verbs that bring them there, a day later with each act; and what acts are told."""

import hashlib
from datetime import timedelta

from django.core.files.base import ContentFile
from django.utils import timezone

from accounts.models import Unit, User
from bulletins.models import Bulletin
from criteria.models import Standard
from enforcement.models import Measure
from evidence.models import Photo
from flags.models import Flag
from hazards import operations
from hazards.models import Hazard
from inspections.models import Enterprise, Sector
from journal import acts
from reporting.models import Report
from responsibilities.models import Charge, Line
from tests.bulletin import bulletin
from tests.factories import TODAY, EnterpriseFactory, UnitFactory, UserFactory
from tests.flagged import flag
from tests.frozen import FROZEN, made
from tests.measures import measure
from tests.reports import report
from tests.told import ELSEWHERE, LEADER, PLAN, POSTED, TOLD, now

STAGES = (
    "draft", "registered", "registered+major", "rectifying", "rectifying+asked", "rectifying+instructed", "rectifying+asked+major",
    "rectifying+offered", "rectifying+referred", "rectifying+major", "rectifying+filed+major", "rectifying+approved+major",
    "rectifying+refiled+major", "registered+reported+major", "pending_review", "pending_review+reported+major", "closed", "registered+doubted",
    "closed+doubted", "voided", "discarded",
)  # fmt: skip


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
    """A hazard at ``stage``, found some days ago; ``+major`` is a major one, of which a plan is ``+filed``, ``+approved``, or
    another version ``+refiled`` after that, and whose report was made (``+reported``); ``+asked`` waits for more time, ``+instructed`` for the
    answer of its township, ``+offered`` was offered by its department to another one, ``+referred`` to another authority, ``+doubted`` for a
    decision whether it is void."""
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
    if "reported" in traits:
        operations.report_major(row, by=people["author"], at=timezone.now(), **TOLD["report_major"][0])
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
    if "referred" in traits:
        operations.refer(
            row,
            by=people["manager"],
            at=day + timedelta(days=3),
            **now(TOLD["refer"][0], people["manager"]) | {"referred_on": timezone.localdate(day + timedelta(days=3))},
        )
    if "asked" in traits:
        operations.request_extension(
            row,
            by=people["enterprise"],
            at=day + timedelta(days=3),
            **now(TOLD["request_extension"][0], people["enterprise"]),
        )
    further = ("approved",) if "major" in traits and state != "rectifying" else traits
    _plan(row, people, day + timedelta(days=3), *further)
    if state == "rectifying":
        return row
    photos = [waiting_photo(people["enterprise"])]
    zeros = {"fault_cleared": "货物已清出", "gap_closed": "入库前先查通道"} if "major" in traits else {}
    operations.submit_feedback(
        row, by=people["enterprise"], at=day + timedelta(days=4), content="已清理", photos=photos, **zeros
    )
    if state == "closed":
        operations.review(row, by=people["colleague"], at=day + timedelta(days=5), passed=True, opinion="合格")
    return row


def line(people):
    """Who is competent for the firm's sector in the county, as the matrix says."""
    county, department = UnitFactory(code="411402"), people["department"].unit
    facts = {"place": county, "sector": people["firm"].sector, "competent": department}
    return Line.objects.create(state="current", valid_from=TODAY, **facts)


def charge(people):
    """Who of the township answers for the firm's sector, as the matrix says."""
    facts = {"unit": people["manager"].unit, "sector": people["firm"].sector, "holder": people["manager"]}
    return Charge.objects.create(state="current", valid_from=TODAY, **facts)


def _plan(row, people, at, *traits):
    """Brings the plan of a major hazard as far as ``traits`` say."""
    by = people["enterprise"]
    if {"filed", "approved", "refiled"} & set(traits):
        operations.file_plan(row, by=by, at=at, **now(PLAN, by))
    if {"approved", "refiled"} & set(traits):
        operations.decide_plan(row, by=people["department"], at=at, approved=True, opinion="可行")
    if "refiled" in traits:
        operations.revise_plan(row, by=by, at=at, **now(PLAN, by))


KINDS = {
    Hazard: hazard,
    Measure: measure,
    Flag: lambda people, state: flag(
        people["manager"].unit, manager=people["manager"], office=people["office"], stage=state or "raised"
    ),
    Report: report,
    Enterprise: lambda people, state: people["firm"],
    Sector: lambda people, state: people["firm"].sector,
    Standard: lambda people, state: Standard.objects.first(),
    User: lambda people, state: people["author"],
    Unit: lambda people, state: people["author"].unit,
    Line: lambda people, state: line(people),
    Charge: lambda people, state: charge(people),
    Bulletin: lambda people, state: bulletin(people["office"], state or "draft"),
    **{kind: lambda people, state, kind=kind: made(kind, people, state) for kind in FROZEN},
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
    given |= {"officers": [person.pk for person in given["officers"]]} if "officers" in given else {}
    holders = {f"{kind}_holder": person.pk for kind, person in given.pop("holders", {}).items()}
    named = {Unit: lambda unit: unit.code, User: lambda person: person.pk}
    given = {name: named.get(type(value), lambda same: same)(value) for name, value in given.items()}
    return given | holders | ({"photos": [photo.pk for photo in given["photos"]]} if "photos" in given else {})


def posted(act, by, version):
    """The whole form of the act called ``act`` as the page posts it."""
    photos = [waiting_photo(by).pk] if TOLD[act][1] else []
    return now(POSTED[act], by) | {"version": version, "photos_id": photos}
