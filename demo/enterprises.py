"""Some hundreds of firms with invented names and valid credit codes, most of them in the first two counties."""

import csv
from datetime import datetime, time, timedelta
from functools import cache
from pathlib import Path

from django.contrib.auth.hashers import make_password
from django.utils.timezone import get_current_timezone

from accounts.models import Unit, User
from accounts.roles import Role
from demo.people import governments, made_up_name, made_up_phone, made_up_uid, write_people
from hazards.responsibility import department_for, held_by
from inspections import uscc
from inspections.models import Enterprise, Sector
from journal import chronicle
from journal.chronicle import Life

DATA = Path(__file__).resolve().parent / "data"
BRANDS_A, BRANDS_B = "恒豫宏鑫瑞盛泰嘉华永金正天东中睿鸿聚汇广", "丰达源盛通顺隆昌泽祥兴和诚业晟旺康信润凯"
ROADS = ("人民路", "工业大道", "建设路", "文化路", "迎宾路", "振兴街", "康林大道", "商都路", "产业园三路", "民生街")
SHOWCASE = "商丘市恒丰冷链食品有限公司"
BUSY_COUNTIES = 2
MEMBER_EVERY = 3
ENTERED = time(9, 30)


def read_rows(name):
    """The rows of a data file of this package, as dicts."""
    with (DATA / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def make_enterprises(cast, count, today, rng, *, at):
    """``count`` enterprises known for more than two years; returns ``(enterprises, {enterprise_id: User})``.

    The first one is that of the ``enterprise`` account.
    """
    townships = sorted(governments(cast.units, Unit.Level.TOWNSHIP), key=lambda unit: unit.code)
    busy = sorted({unit.division_code[:6] for unit in townships})[:BUSY_COUNTIES]
    weights = [6 if unit.division_code[:6] in busy else 1 for unit in townships]
    at_home = max(8, count // 20)
    places = [cast.home] * at_home + rng.choices(townships, weights, k=max(0, count - at_home))
    sectors = {sector.code: sector for sector in Sector.objects.all()}
    trades = [row for row in read_rows("trades.csv") if row["sector"] in sectors]
    kinds = rng.choices(trades, [int(row["weight"]) for row in trades], k=len(places))
    seen = {SHOWCASE}
    enterprises = [_showcase(cast, sectors, rng)]
    pairs = zip(places[1:], kinds[1:], strict=True)
    enterprises += [_enterprise(place, kind, sectors, seen, rng) for place, kind in pairs]
    for enterprise in enterprises:
        enterprise.registered_on = today - timedelta(days=rng.randrange(740, 1500))
    people = _people(cast, enterprises, at)
    pairs = list(zip(enterprises, people, strict=True))
    chronicle.write([_live(cast, enterprise, person, at) for enterprise, person in pairs])
    return enterprises, {enterprise.pk: person for enterprise, person in pairs if person is not None}


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
    )


def _enterprise(township, kind, sectors, seen, rng):
    return Enterprise(
        uid=made_up_uid(rng),
        name=_name(township, kind["tails"].split("|"), seen, rng),
        uscc=_credit_code(township, rng) if rng.random() < 0.93 else "",
        township=township,
        division_code=township.division_code,
        address=f"{township.short_name}{rng.choice(ROADS)} {rng.randrange(1, 300)} 号",
        sector=sectors[kind["sector"]],
        risk_grade=rng.choices(Enterprise.Risk.values, (1, 3, 8, 12))[0],
        principal=made_up_name(rng),
        phone=made_up_phone(rng),
        status=rng.choices(Enterprise.Status.values, (90, 4, 2, 2, 2))[0],
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


def _people(cast, enterprises, at):
    """For each enterprise the account that acts for it, or None: every third has one."""
    people = [None] * len(enterprises)
    for n in range(MEMBER_EVERY, len(enterprises), MEMBER_EVERY):
        people[n] = User(
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
