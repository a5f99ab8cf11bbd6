"""Versions of the formula: drafted, tried on the last months, published by a second person, and then never edited."""

from dataclasses import asdict, fields
from datetime import date, timedelta

from django.db import transaction

from journal import gate
from journal.gate import day_of
from journal.refusal import Refused
from rankings.formula import PARTS, Constants
from rankings.models import Formula
from rankings.numbers import RANGES, WORDS, changed

HOUSE, HOUSE_SINCE = 2, date(2000, 1, 1)
AHEAD = timedelta(days=366)  # farther than that a day is a slip of the pen, and what was published is not taken back


def seed_formula(*, at):
    """Found the house's formula, with which every city begins; returns whether it was missing."""
    if Formula.objects.filter(city_code="", number=HOUSE).exists():
        return False
    one = Formula(number=HOUSE, since=HOUSE_SINCE, reason="系统初始公式", numbers=Constants().as_dict())
    gate.create(one, "found", by=None, at=at)
    return True


def propose_formula(*, by, at, reason, **numbers):
    """Draft a version for the city of ``by``: ``numbers`` ({name of `Constants`: whole number}) differ from the version in force."""
    gate.check_birth(Formula, "propose_formula", by=by)
    city = by.unit.division_code
    before = Formula.objects.in_force(city, day_of(at))
    one = Formula(city_code=city, reason=reason, drafted_by=by, numbers=_checked(before.numbers | numbers))
    gate.create(one, "propose_formula", by=by, at=at, note=reason, changes=_words(before.numbers, one.numbers))
    return one


def amend_formula(formula, *, by, at, reason="", **numbers):
    """Change numbers or reason of a draft; returns the event, None when nothing is new."""
    gate.check(formula, "amend_formula", by=by)
    changed = {"numbers": _checked(formula.numbers | numbers)}
    if reason:
        changed["reason"] = reason
    new = {name: value for name, value in changed.items() if value != getattr(formula, name)}
    if not new:
        return None
    words = _words(formula.numbers, changed["numbers"])
    # Whoever changed it last is whose draft it is: the second person must be another one.
    return gate.move(formula, "amend_formula", by=by, at=at, changes=words, drafted_by=by, **new)


@transaction.atomic
def publish_formula(formula, *, by, at, since):
    """Put a draft in force for periods that end on the day ``since`` or later, which must not have ended yet."""
    gate.check(formula, "publish_formula", by=by)
    if since < day_of(at):
        raise Refused("施行日期不能早于今天：已经结束的时段按当时的公式计算，不再改动")
    if since > day_of(at) + AHEAD:
        raise Refused("施行日期不能晚于一年以后，请核对后再公布")
    # Held: of two drafts that are published at once, the second gets the number after the first's.
    own = Formula.objects.select_for_update().filter(city_code=formula.city_code).order_by("pk")
    number = max(HOUSE, *(one.number or 0 for one in own)) + 1
    return gate.move(
        formula,
        "publish_formula",
        by=by,
        at=at,
        changes={"版次": f"第 {number} 版", "施行日期": since},
        number=number,
        since=since,
    )


def discard_formula(formula, *, by, at, reason):
    """Give a draft up."""
    return gate.move(formula, "discard_formula", by=by, at=at, note=reason)


def _checked(numbers):
    """``numbers`` if a version can be made of them. Raises Refused with a sentence per thing that is wrong."""
    known = {field.name for field in fields(Constants)}
    wrong = []
    for name, value in numbers.items():
        low, high = RANGES.get(name, (0, 100))
        if name not in known or not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            wrong.append(f"“{WORDS.get(name, name)}”应为 {low} 至 {high} 的整数")
    total = 0 if wrong else sum(numbers[name] for name, _ in PARTS)
    if not wrong and total != 100:
        more = f"还差 {100 - total} 分" if total < 100 else f"多出 {total - 100} 分"
        wrong.append(f"六部分分值合计应为 100，现在是 {total}，{more}，请调整后再保存")
    if wrong:
        raise Refused("；".join(wrong))
    return asdict(Constants.of_dict(numbers))


def _words(before, after):
    return {WORDS[name]: f"{old} → {new}" for name, (old, new) in changed(before, after).items()}
