"""Who does what to which row beside the main path: a few of each kind for the accounts, and more all over the city."""

from datetime import timedelta

from django.db.models import Exists, OuterRef, Q

from demo import words
from demo.handling import Step
from demo.texts import draw_text
from evidence.models import Photo
from hazards.lifecycle import LEDGER_STATES, OPEN_STATES, State
from hazards.models import Hazard
from hazards.operations.plans import SAID
from hazards.operations.transfer import receivers

EVERYWHERE = Hazard.objects.all()
UNDER_ORDER = EVERYWHERE.filter(state=State.RECTIFYING, level="general", extension_due_on=None, offered_unit=None)
BODIES = ("territorial_unit", "competent_unit", "supervising_unit")


def stories(city):
    """All of them, as generators of `Step`s, those about the accounts first."""
    accounts = city.cast.accounts
    own = Q(enterprise=city.register.firms[0])
    home = Q(territorial_unit=city.cast.home) & ~own
    department = accounts["department"].unit
    line = (Q(competent_unit=department) | Q(supervising_unit=department)) & ~own & ~home
    away = ~own & ~home & ~line
    yield from _of_the_firm(city, own)
    yield from _at_home(city, home)
    yield from _in_the_line(city, line, department)
    yield from _all_over(city, away)


def _of_the_firm(city, own):
    accounts = city.cast.accounts
    enterprise = accounts["enterprise"]
    planned = EVERYWHERE.filter(own, state=State.RECTIFYING, level="major").exclude(plan_approved_on=None)
    yield more_time(city, UNDER_ORDER.filter(own), asked=13, decided=11)
    yield more_time(city, UNDER_ORDER.filter(own), asked=9, decided=7, granted=False)
    yield more_time(city, UNDER_ORDER.filter(own), asked=2)
    yield more_time(city, planned.filter(extension_due_on=None, deadline__gt=city.today), asked=3)
    yield revised(city, planned, ago=4)
    yield reopened(city, EVERYWHERE.filter(own, rounds__gte=1), ago=3)
    yield instructed(city, EVERYWHERE.filter(own), by=accounts["leader"], ago=2)
    yield noted(city, EVERYWHERE.filter(own, state=State.PENDING_REVIEW), ago=1, by=enterprise, papers=True)


def _at_home(city, home):
    accounts, rows = city.cast.accounts, EVERYWHERE.filter(home)
    township, inspector, office = accounts["township"], accounts["inspector"], accounts["safety_office"]
    order = UNDER_ORDER.filter(home, deadline__gt=city.today)
    near = UNDER_ORDER.filter(division_code__startswith=city.cast.home.division_code[:6]).exclude(
        territorial_unit=city.cast.home
    )
    yield redrafted(city, rows.filter(registered_by=inspector), ago=1)
    yield parted(city, rows, ago=1, by=township)
    yield parted(city, rows, ago=2, by=township)
    yield more_time(city, order.filter(issued_by_unit=township.unit), asked=2)
    yield more_time(city, order.filter(issued_by_unit=township.unit), asked=10)
    yield more_time(city, order, asked=9, decided=6)
    for answered, settled in ((None, None), (6, "accept"), (6, "return")):
        asked = 2 if answered is None else 8
        yield handed_over(city, order, "territorial_unit", asked=asked, answered=answered, outcome=settled)
    for asked, answered, settled in ((1, None, None), (9, None, None), (8, 5, "accept"), (7, 5, "return")):
        yield handed_over(
            city, near, "territorial_unit", to=township.unit, asked=asked, answered=answered, outcome=settled
        )
    yield referred(city, order, ago=5, by=township)
    yield referred(city, order, ago=12, by=township, answered=3)
    yield doubted(city, order, ago=2, by=inspector)
    yield doubted(city, order, ago=6, by=township, decided=4, granted=False)
    yield doubled(city, order, ago=7, by=township, decided=5)
    yield instructed(city, order, by=accounts["leader"], ago=3)
    yield instructed(city, order, by=accounts["leader"], ago=9, answered=6)
    yield instructed(city, order, by=office, ago=10)
    yield corrected(city, order, ago=4, by=township)
    yield upgraded(city, order, ago=5, by=township)
    yield reassigned(city, order, ago=4, by=township)
    yield downgraded(city, rows.filter(state=State.RECTIFYING, level="major", plan_approved_on=None), ago=5)
    yield noted(city, order, ago=2, by=inspector, papers=True)
    yield noted(city, order, ago=3, by=township)
    for ago in (1, 2, 4):
        yield chased(city, EVERYWHERE.filter(home).overdue(city.worked(ago)), ago=ago, by=township)
    yield reopened(city, rows, ago=4)


def _in_the_line(city, line, department):
    accounts, order = city.cast.accounts, UNDER_ORDER.filter(line, deadline__gt=city.today)
    head = accounts["department"]
    kind, own = "competent_unit", order.filter(competent_unit=department)
    foreign = UNDER_ORDER.filter(division_code__startswith=department.division_code).exclude(competent_unit=None)
    foreign = foreign.exclude(competent_unit=department).exclude(territorial_unit=city.cast.home)
    yield more_time(city, order.filter(issued_by_unit=department), asked=1)
    yield handed_over(city, foreign, kind, to=department, asked=2)
    yield handed_over(city, foreign, kind, to=department, asked=8, answered=6, outcome="accept")
    yield handed_over(city, own, kind, asked=2)
    yield handed_over(city, own, kind, asked=9, answered=7, outcome="return")
    yield referred(city, order, ago=6, by=head)
    yield doubted(city, order, ago=1, by=head)
    yield instructed(city, order, by=accounts["leader"], ago=2, unit=department)
    yield instructed(city, order, by=accounts["leader"], ago=8, answered=5, unit=department)
    yield noted(city, order, ago=1, by=head)
    yield chased(city, EVERYWHERE.filter(line).overdue(city.worked(1)), ago=1, by=head)
    yield chased(city, EVERYWHERE.filter(line).overdue(city.worked(2)), ago=2, by=accounts["safety_office"])


def _all_over(city, away):
    office, order = city.cast.accounts["safety_office"], UNDER_ORDER.filter(away)
    rows, registered = EVERYWHERE.filter(away), EVERYWHERE.filter(away, state=State.REGISTERED)
    for asked, outcome in ((11, "assign"), (9, "keep")):
        yield handed_over(city, order, "territorial_unit", asked=asked, answered=3, outcome=outcome)
    for n in range(6):
        yield more_time(city, order, asked=1 + n)
        yield more_time(city, order, asked=9 + n, decided=6 + n, granted=n != 1)
        yield handed_over(city, order, "territorial_unit", asked=1 + n % 2)
        yield handed_over(city, order, "territorial_unit", asked=12 + n, answered=9 + n, outcome="accept")
        yield referred(city, order, ago=7 + n, answered=2 if n % 2 else None)
        yield doubted(city, order, ago=5 + n, decided=3, granted=n != 2)
        yield instructed(city, order, by=office, ago=6 + n, answered=None if n else 2)
        yield corrected(city, order, ago=3 + n)
        yield reassigned(city, order, ago=2 + n)
        yield reopened(city, rows, ago=2 + n)
        yield noted(city, order, ago=1 + n, papers=n == 0)
    for ago in (1, 2):
        yield parted(city, registered, ago=ago)
    yield doubled(city, order, ago=9, decided=6)
    yield doubted(city, order, ago=10)
    yield upgraded(city, order, ago=6)
    for n in range(24):
        ago = 1 + n % 8
        yield chased(city, rows.overdue(city.worked(ago)), ago=ago)


def more_time(city, rows, *, asked, decided=None, granted=True):
    """延期: the firm asks, and who issued the order decides; for a major one, or where the township asked for the firm, the office."""
    row = city.take(rows.filter(deadline__gt=city.worked(asked)), asked)
    if row is None:
        return
    by, reason, care = city.filer(row), city.rng.choice(words.DELAYS), city.rng.choice(words.CARE)
    until = row.deadline + timedelta(days=city.rng.choice((7, 10, 15)))
    yield Step(asked, row, "request_extension", by, {"until": until, "reason": reason, "protection": care})
    if decided is not None:
        issuer = city.head(row.issued_by_unit)
        decider = city.office(row) if row.level == "major" or issuer in (None, by) else issuer
        opinion = words.GRANTED if granted else city.rng.choice(words.REFUSED)
        yield Step(decided, row, "decide_extension", decider, {"granted": granted, "opinion": opinion})


def handed_over(city, rows, body, *, asked, to=None, answered=None, outcome=None):
    """移交 by the ``body`` that answers for a row; ``outcome``: what the other unit, or the office, says ``answered`` days ago."""
    row = city.take(rows.filter(offered_unit=None, deadline__gt=city.today), asked)
    giver = row and getattr(row, body)
    by, to = city.head(giver), to or (giver and _receiver(city, row, giver))
    if by is None or to is None:
        return
    yield Step(asked, row, "offer_transfer", by, {"to_unit": to, "reason": city.rng.choice(words.NOT_OURS[giver.kind])})
    holder = city.head(to)
    if outcome == "accept":
        yield Step(
            answered, row, "answer_transfer", holder, {"accepted": True, "holder": holder, "opinion": words.TAKEN}
        )
    elif outcome == "return":
        opinion = city.rng.choice(words.REMAINS[giver.kind])
        yield Step(answered, row, "answer_transfer", holder, {"accepted": False, "opinion": opinion})
    elif outcome:
        unit, said = (to, holder) if outcome == "assign" else (giver, by)
        given = {"unit": unit, "holder": said, "reason": words.SETTLED if outcome == "assign" else words.KEEPS}
        yield Step(answered, row, "assign_transfer", city.office(row), given)


def _receiver(city, row, giver):
    """A neighbour of the same sort that does not answer for ``row`` in any way."""
    others = receivers(row, giver).exclude(pk__in=[getattr(row, f"{name}_id") for name in BODIES if getattr(row, name)])
    others = [unit for unit in others.order_by("code") if unit.pk in city.cast.officers]
    near = [unit for unit in others if unit.division_code[:6] == row.division_code[:6]]
    return city.rng.choice(near or others) if others else None


def referred(city, rows, *, ago, by=None, answered=None):
    """移送, with the paper, and what the authority answered."""
    row = city.take(rows.filter(referred_on=None), ago)
    if row is None:
        return
    by, (body, reason, answer) = by or city.head(row.territorial_unit), city.rng.choice(words.ELSEWHERE)
    number, day = f"安移〔{city.today.year}〕{city.rng.randrange(3, 90)}号", city.worked(ago)
    papers = city.paper(
        "案件移送书", f"移送文号：{number}", f"受移送机关：{body}", f"隐患编号：{row}", f"移送事由：{reason}"
    )
    yield Step(
        ago, row, "refer", by,
        {"body": body, "case_number": number, "referred_on": day, "reason": reason, "documents": papers},
    )  # fmt: skip
    if answered is not None:
        yield Step(answered, row, "answer_referral", by, {"answered_on": city.worked(answered), "answer": answer})


def parted(city, rows, *, ago, by=None):
    """拆分 of what was registered a few days before; the first part is ordered to be mended the same day."""
    lately = city.today - timedelta(days=6)
    row = city.take(rows.filter(state=State.REGISTERED, level="general", registered_at__date__gte=lately), ago)
    by = by or (row and city.head(row.territorial_unit))
    if by is None:
        return
    sides = [
        {"description": f"{side}：{row.description}", "location": f"{row.location}{side}"} for side in ("东侧", "西侧")
    ]
    yield Step(ago, row, "split", by, {"parts": sides, "reason": words.SPLIT})
    part = row.parts.order_by("pk").first()
    yield Step(ago, part, "issue", by, {"days": 10})


def doubted(city, rows, *, ago, by=None, decided=None, granted=True):
    """作废 of what should never have been registered."""
    row = city.take(rows.filter(void_asked_on=None), ago)
    if row is None:
        return
    by = by if by and by.is_manager else row.registered_by
    yield Step(ago, row, "request_void", by, {"ground": "error", "reason": city.rng.choice(words.WRONG)})
    if decided is not None:
        yield Step(decided, row, "decide_void", city.office(row), {"granted": granted, "opinion": _verdict(granted)})


def doubled(city, rows, *, ago, decided, by=None):
    """作废 of a row that another one of the same firm says already."""
    others = Hazard.objects.filter(state__in=LEDGER_STATES, level="general").exclude(pk__in=city.taken)
    before = others.filter(enterprise=OuterRef("enterprise"), pk__lt=OuterRef("pk"))
    row = city.take(rows.filter(Exists(before), void_asked_on=None), ago)
    if row is None:
        return
    other = others.filter(enterprise=row.enterprise, pk__lt=row.pk).order_by("pk").last()
    city.taken.add(other.pk)  # it is to stay
    by = by or city.head(row.territorial_unit)
    yield Step(ago, row, "request_void", by, {"ground": "duplicate", "duplicate_of": other, "reason": words.DUPLICATE})
    yield Step(decided, row, "decide_void", city.office(row), {"granted": True, "opinion": _verdict(True)})


def _verdict(granted):
    return "情况属实，同意作废" if granted else words.DOUBTED


def reopened(city, rows, *, ago):
    """重新打开 of what was closed lately, and did not last."""
    pictured = Photo.objects.filter(object_id=OuterRef("pk"), content_type__model="hazard", stage="before")
    lately = {"closed_on__gte": city.today - timedelta(days=60), "level": "general"}
    row = city.take(rows.filter(Exists(pictured), state=State.CLOSED, **lately), ago)
    if row is None:
        return
    photo = row.photos.filter(stage="before").order_by("pk").first()
    by, reason = city.head(row.territorial_unit), city.rng.choice(words.RELAPSED)
    yield Step(ago, row, "reopen", by, {"reason": reason, "days": 7, "photos": city.picture_of(photo)})


def instructed(city, rows, *, by, ago, answered=None, unit=None):
    """批示 by a leader, or by the office in the leader's name, to ``unit`` or the township, and the answer."""
    row = city.take(rows.filter(state__in=OPEN_STATES, reply_due_on=None), ago)
    if row is None:
        return
    body = next((body for body in BODIES if unit and getattr(row, body) == unit), BODIES[0])
    leader = {} if by.role == "leader" else {"leader": city.cast.accounts["leader"]}
    yield Step(
        ago, row, "instruct", by, {"body": body.removesuffix("_unit"), "text": city.rng.choice(words.LEADING), **leader}
    )
    if answered is not None:
        answerer = city.head(getattr(row, body))
        yield Step(answered, row, "answer_instruction", answerer, {"text": city.rng.choice(words.ANSWERS)})


def chased(city, rows, *, ago, by=None):
    row = city.take(rows, ago)
    if row is not None:
        yield Step(ago, row, "chase", by or city.office(row), {"words": city.rng.choice(words.CHASING)})


def noted(city, rows, *, ago, by=None, papers=False):
    """备注, with a paper where there is one."""
    row = city.take(rows, ago)
    if row is None:
        return
    documents = {}
    if papers:
        name, *lines = city.rng.choice(words.PAPERS)
        documents = {"documents": city.paper(name, *lines, f"隐患编号：{row}", f"受检单位：{row.enterprise}")}
    text = f"附{name}" if papers else city.rng.choice(words.NOTED)
    yield Step(ago, row, "comment", by or row.registered_by, {"text": text, **documents})


def corrected(city, rows, *, ago, by=None):
    row = city.take(rows, ago)
    if row is not None:
        given = {
            "location": f"{row.location}（{city.rng.choice(words.ASKED)}）",
            "reason": city.rng.choice(words.CORRECTED),
        }
        yield Step(ago, row, "correct", by or city.head(row.territorial_unit), given)


def upgraded(city, rows, *, ago, by=None):
    """更正 of a general hazard that is, on a second look, a major one of the same trade."""
    fitting = [firm.pk for firm in city.register.fitting(city.register.firms, "major")]
    yield from _levelled(city, rows.filter(enterprise__in=fitting[:900]), "major", words.STILL_MAJOR, ago=ago, by=by)


def downgraded(city, rows, *, ago):
    yield from _levelled(city, rows, "general", words.NOT_MAJOR, ago=ago, by=None)


def _levelled(city, rows, level, reason, *, ago, by):
    row = city.take(rows, ago)
    if row is None:
        return
    text = draw_text(city.register.groups[row.enterprise_id], level, city.rng)
    facts = {name: text[name] for name in ("level", "description", "accident_type", "requirement", "basis")}
    yield Step(ago, row, "correct", by or city.office(row), facts | {"reason": reason})


def reassigned(city, rows, *, ago, by=None):
    """改派 from who answers at the place to a colleague."""
    row = city.take(rows, ago)
    others = [person for person in city.cast.officers[row.territorial_unit_id][1:] if person.is_active] if row else []
    if others:
        given = {"holders": {"territorial": others[-1]}, "reason": words.SHIFTED}
        yield Step(ago, row, "reassign", by or city.head(row.territorial_unit), given)


def redrafted(city, rows, *, ago):
    row = city.take(rows.filter(state=State.DRAFT), ago)
    if row is not None:
        yield Step(ago, row, "redraft", row.registered_by, {"requirement": f"{row.requirement}，{words.DONE}"})


def revised(city, rows, *, ago):
    """修订 of an approved plan: the same, with more money."""
    row = city.take(rows.filter(plan_filed_on=None, deadline__gt=city.today), ago)
    plan = row and row.plans.filter(decision__approved=True).order_by("number").last()
    if plan is not None:
        said = {name: getattr(plan, name) for name in SAID} | {"money": plan.money * 2, "finish_by": row.deadline}
        yield Step(ago, row, "revise_plan", city.filer(row), said)
