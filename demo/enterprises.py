"""Firms with invented names and valid credit codes in every township, each of a trade that says what can be found there."""

import random
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cache

from django.contrib.auth.hashers import make_password
from django.utils.timezone import get_current_timezone

from accounts.models import Unit, User
from accounts.roles import Role
from demo.people import governments, made_up_name, made_up_phone, made_up_uid, write_people
from demo.texts import read_rows, texts_for
from hazards.responsibility import department_for, held_by
from inspections import uscc
from inspections.models import Enterprise, Sector
from journal import chronicle
from journal.chronicle import Life

BRANDS_A, BRANDS_B = "恒豫宏鑫瑞盛泰嘉华永金正天东中睿鸿聚汇广", "丰达源盛通顺隆昌泽祥兴和诚业晟旺康信润凯"
ROADS = ("人民路", "工业大道", "建设路", "文化路", "迎宾路", "振兴街", "康林大道", "商都路", "产业园三路", "民生街")
SHOWCASE = "商丘市恒丰冷链食品有限公司"
BUSY_COUNTIES = 2
AT_LEAST = 2000  # firms of a city that is not just a few rows
MEMBER_EVERY = 3
SAFETY_MANAGERS = 0.75  # of the firms have named one
CLOSED_SHARE, LULL = 0.02, 90  # of the firms; days before its end in which a firm is not visited
ENTERED = time(9, 30)


@dataclass
class Register:
    """``firms``, the first of which is that of the ``enterprise`` account; ``members``: {firm's id: its User};
    ``groups``: {firm's id: what its trade is open to, as in trades.csv}; ``ends``: {firm's id: its last day} of those that closed.
    """

    firms: list
    members: dict
    groups: dict
    ends: dict

    def __post_init__(self):
        self.of_township = {}
        for firm in self.firms:
            self.of_township.setdefault(firm.division_code, []).append(firm)

    def working_on(self, firm, day):
        return firm.pk not in self.ends or day <= self.ends[firm.pk]

    def fitting(self, firms, level):
        """Those of ``firms`` that work to this day and can have a hazard of ``level`` (None: any)."""
        return [
            firm for firm in firms if firm.pk not in self.ends and texts_for(self.groups[firm.pk], level or "general")
        ]


def make_enterprises(cast, count, today, rng, *, at, crowd=None):
    """A `Register` of ``count`` enterprises known for more than two years, in every township where there are enough; ``crowd``: a
    township and how many more than its share it has."""
    townships = sorted(governments(cast.units, Unit.Level.TOWNSHIP), key=lambda unit: unit.code)
    busy = sorted({unit.division_code[:6] for unit in townships})[:BUSY_COUNTIES]
    weights = [3 if unit.division_code[:6] in busy else 1 for unit in townships]
    at_home = max(8, count // 60)
    rest = max(0, count - at_home)
    everywhere = townships * (rest * 2 // 3 // len(townships))
    crowded = [unit for unit in townships if crowd and unit.division_code == crowd[0]] * (crowd[1] if crowd else 0)
    by_chance = rng.choices(townships, weights, k=rest - len(everywhere) - len(crowded))
    places = [cast.home] * at_home + everywhere + crowded + by_chance
    sectors = {sector.code: sector for sector in Sector.objects.all()}
    trades = [row for row in read_rows("trades.csv") if row["sector"] in sectors]
    kinds = rng.choices(trades, [int(row["weight"]) for row in trades], k=len(places))
    kinds[0] = next(row for row in trades if "冷链" in row["tails"])
    seen = {SHOWCASE}
    firms = [_showcase(cast, sectors, rng)]
    firms += [_enterprise(*pair, sectors, seen, rng) for pair in zip(places[1:], kinds[1:], strict=True)]
    for firm in firms:
        firm.registered_on = today - timedelta(days=rng.randrange(740, 1500))
    people = _people(cast, firms, rng, at)
    lives = [_live(cast, firm, person, at) for firm, person in zip(firms, people, strict=True)]
    closing = [life for life in lives[at_home:] if rng.random() < CLOSED_SHARE]
    days = [_close(cast, life, today - timedelta(days=rng.randrange(20, 500))) for life in closing]
    chronicle.write(lives)
    return Register(
        firms,
        {firm.pk: person for firm, person in zip(firms, people, strict=True) if person is not None},
        {firm.pk: kind["groups"] for firm, kind in zip(firms, kinds, strict=True)},
        {life.record.pk: day - timedelta(days=LULL) for life, day in zip(closing, days, strict=True)},
    )


def _close(cast, life, day):
    """The township writes down that the firm closed on ``day``; returns it."""
    officer, at = cast.officers[life.record.township.pk][0], datetime.combine(day, ENTERED, get_current_timezone())
    words = {"状态": f"{life.record.get_status_display()} → {Enterprise.Status.CLOSED.label}"}
    life.happen("edit", by=officer, at=at, changes=words, status=Enterprise.Status.CLOSED)
    return day


def _showcase(cast, sectors, rng):
    account = cast.accounts["enterprise"]
    return Enterprise(
        uid=made_up_uid(rng),
        name=SHOWCASE,
        uscc=_credit_code(cast.home, rng),
        township=cast.home,
        division_code=cast.home.division_code,
        address=f"{cast.home.short_name}工业大道 18 号",
        sector=sectors["GMSM"],
        risk_grade=Enterprise.Risk.ORANGE,
        principal=account.full_name,
        phone=account.phone,
        **_safety_manager(SHOWCASE),
    )


def _safety_manager(name):
    """Of three firms in four, by the name of the firm: no number is drawn from the city's dice."""
    dice = random.Random(name)  # noqa: S311 - made-up data, and the same every time
    if dice.random() < SAFETY_MANAGERS:
        return {"safety_manager": made_up_name(dice), "safety_manager_phone": made_up_phone(dice)}
    return {}


def _enterprise(township, kind, sectors, seen, rng):
    uid, name = made_up_uid(rng), _name(township, kind["tails"].split("|"), seen, rng)
    return Enterprise(
        uid=uid,
        name=name,
        **_safety_manager(name),
        uscc=_credit_code(township, rng) if rng.random() < 0.93 else "",
        township=township,
        division_code=township.division_code,
        address=f"{township.short_name}{rng.choice(ROADS)} {rng.randrange(1, 300)} 号",
        sector=sectors[kind["sector"]],
        risk_grade=rng.choices(Enterprise.Risk.values, (1, 3, 8, 12))[0],
        principal=made_up_name(rng),
        phone=made_up_phone(rng),
        status=rng.choices(Enterprise.Status.values, (94, 4, 0, 0, 2))[0],  # 停业整顿 follows a measure
    )


def _name(township, tails, seen, rng):
    while True:
        brand, tail = rng.choice(BRANDS_A) + rng.choice(BRANDS_B), rng.choice(tails)
        name = f"{rng.choice((township.short_name, '商丘市', '商丘', '豫东'))}{brand}{tail}"
        if name not in seen:
            seen.add(name)
            return name


def _credit_code(township, rng):
    body = f"91{township.division_code[:6]}MA" + "".join(rng.choices(uscc.ALPHABET, k=7))
    return body + uscc.check_character(body)


def _people(cast, enterprises, rng, at):
    """For each enterprise the account that acts for it, or None: every third has one."""
    people = [None] * len(enterprises)
    for n in range(MEMBER_EVERY, len(enterprises), MEMBER_EVERY):
        people[n] = User(
            uid=made_up_uid(rng),
            username=f"qy{n:05d}",
            role=Role.ENTERPRISE,
            full_name=enterprises[n].principal,
            post="主要负责人",
            phone=enterprises[n].phone,
            password=make_password(None),
        )
    write_people([person for person in people if person is not None], at)
    people[0] = cast.accounts["enterprise"]
    return people


def _live(cast, enterprise, person, at):
    """Entered by its township in the morning, not before its people came at ``at``; its account joined the next day."""
    life, officers = Life(enterprise), cast.officers[enterprise.township.pk]
    at = max(at, datetime.combine(enterprise.registered_on, ENTERED, get_current_timezone()))
    life.happen("enlist", by=officers[-1], at=at)
    if person is not None:
        words, at = {"企业账号": f"{person}（{person.username}）"}, at + timedelta(days=1)
        life.happen("join_member", by=officers[0], at=at, changes=words, sets={"members": [person.pk]})
    return life


class Matrix:
    """responsibility.defaults_for over many enterprises with few queries: one per county and function."""

    def __init__(self, cast, members):
        self.cast, self.members = cast, members
        self.department = cache(self._department)

    def _department(self, county, function):
        return department_for(Enterprise(division_code=county), function)

    def body(self, enterprise, function):
        return self.department(enterprise.division_code[:6], function) if function else None

    def fields(self, enterprise):
        """The four responsibilities as field values of a Hazard."""
        bodies = {
            "territorial": enterprise.township,
            "competent": self.body(enterprise, enterprise.sector.competent_function),
            "supervising": self.body(enterprise, enterprise.sector.supervising_function),
        }
        values = {}
        for kind, unit in bodies.items():
            holder = self.cast.officers[unit.pk][0] if unit is not None else None
            values |= {f"{kind}_unit": unit} | held_by(kind, holder)
        member = self.members.get(enterprise.pk)
        values |= held_by("enterprise", member)
        if member is None:
            values |= {"enterprise_person": enterprise.principal, "enterprise_phone": enterprise.phone}
        return values
