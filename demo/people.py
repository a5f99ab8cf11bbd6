"""The cast: nine accounts one can sign in with, and a manager and an inspector for every body."""

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from uuid import UUID

from django.contrib.auth.hashers import make_password

from accounts.models import Unit, User
from accounts.operations import deactivate, readmit
from accounts.operations.texts import words_of
from accounts.roles import Role
from journal import chronicle

SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
    "余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
FIRST = "建国明志永春秀海玉文德立红凤晓金长宏新俊庆瑞学广振怀思若云景安培敬承家"
SECOND = "军平华强林山民峰涛芳英兰梅霞燕丽杰斌辉勇刚磊宁田生和远成川河喜来亮敏静波洋"
NUMBER_OF_PHONES = 10_000  # 139 0000 0000 to 9999: never given to anybody

# username, role, full name, post, which body
ACCOUNTS = (
    ("inspector", Role.INSPECTOR, "袁立新", "安全检查员", "township"),
    ("township", Role.MANAGER, "郑有田", "副镇长", "township"),
    ("department", Role.MANAGER, "乔海川", "副局长", "department"),
    ("safety_office", Role.SAFETY_OFFICE, "冯晓岚", "安委办副主任", "office"),
    ("leader", Role.LEADER, "宁致和", "副市长", "city"),
    ("enterprise", Role.ENTERPRISE, "孟令山", "安全总监", None),
    ("sysadmin", Role.SYSADMIN, "蒋文博", "系统管理员", "city"),
    ("secadmin", Role.SECADMIN, "钟静宜", "安全管理员", "city"),
    ("auditor", Role.AUDITOR, "史敬之", "审计员", "city"),
)
HOME_TOWNSHIP = "双八镇"
RETIRED = "KJ"  # the function of the city's department that nobody serves any more
LEAVERS = 10  # townships where an inspector left in the last months and another took over
# Accounts of the last weeks: suffix, days ago it was opened, days ago its role was granted (None: it waits for that).
NEWCOMERS = (
    ("11", 24, 22),
    ("12", 16, 15),
    ("13", 9, 8),
    ("14", 5, 4),
    ("15", 6, None),
    ("16", 3, None),
    ("17", 2, None),
)


@dataclass
class Cast:
    """Who is where. ``officers``: {unit_id: [manager, inspector, …]}; ``accounts``: the nine by username.

    ``leavers``: {unit_id: (person, last day at work)} of those who are stopped when everything is written.
    """

    city: str
    home: Unit
    units: dict[str, Unit]
    officers: dict[int, list[User]]
    accounts: dict[str, User]
    leavers: dict = field(default_factory=dict)

    def officers_on(self, unit, day):
        """``[manager, inspector, …]`` of ``unit`` on ``day``: somebody who left later was still there."""
        officers = self.officers[unit.pk]
        person, last_day = self.leavers.get(unit.pk, (None, None))
        return [*officers[:1], person, *officers[2:]] if person and day <= last_day else officers


def governments(units, level):
    """The governments of one level among ``units`` ({code: Unit})."""
    return [unit for unit in units.values() if unit.kind == Unit.Kind.GOVERNMENT and unit.level == level]


def made_up_name(rng):
    return rng.choice(SURNAMES) + rng.choice(FIRST) + rng.choice(SECOND)


def made_up_phone(rng):
    return f"1390000{rng.randrange(NUMBER_OF_PHONES):04d}"


def made_up_uid(rng):
    """The same every time, unlike `uuid4`."""
    return UUID(int=rng.getrandbits(128), version=4)


def make_people(city, password, rng, *, at):
    """The whole cast for the units of ``city``, who all came at the moment ``at``, superiors first. About ten INSERTs."""
    units = {unit.code: unit for unit in Unit.objects.filter(city_code=city)}
    townships = governments(units, Unit.Level.TOWNSHIP)
    home = next((unit for unit in townships if unit.short_name == HOME_TOWNSHIP), townships[0])
    cast = Cast(city=city, home=home, units=units, officers={}, accounts=_accounts(city, home, units, password, rng))
    below = [cast.accounts["inspector"], cast.accounts["township"], cast.accounts["department"]]
    write_people([person for person in cast.accounts.values() if person not in below], at)
    _fill_offices(cast, rng, at)
    _fill_bodies(cast, townships, rng, at)
    return cast


def write_people(people, at):
    """Save unsaved ``people`` as accounts that were added on the server at the moment ``at``."""
    for person in people:
        person.date_joined = person.password_set_at = at
    chronicle.write(chronicle.born(people, "add", by=None, at=at))


def refresh_passwords(password, *, at):
    """Give the nine accounts ``password`` again and make them active; nothing else changes."""
    nine = User.objects.filter(username__in=[row[0] for row in ACCOUNTS])
    for person in nine.filter(is_active=False):
        readmit(person, by=None, at=at)
    nine.update(password=make_password(password))


def _accounts(city, home, units, password, rng):
    """The nine, unsaved."""
    bodies = {
        "township": home,
        "department": units[f"{home.division_code[:6]}-YJ"],
        "office": units[f"{city}-AWB"],
        "city": units[city],
        None: None,
    }
    secret = make_password(password)
    return {
        name: User(
            uid=made_up_uid(rng),
            username=name,
            role=role,
            full_name=full_name,
            post=post,
            unit=bodies[body],
            phone=made_up_phone(rng),
            password=secret,
            is_staff=role == Role.SYSADMIN,
        )
        for name, role, full_name, post, body in ACCOUNTS
    }


def _person(unit, role, post, suffix, rng, superior=None):
    return User(
        uid=made_up_uid(rng),
        username=f"{unit.code.lower()}-{suffix}",
        role=role,
        full_name=made_up_name(rng),
        post=post,
        unit=unit,
        phone=made_up_phone(rng),
        password=make_password(None),
        superior=superior,
    )


def _fill_offices(cast, rng, at):
    """The committee offices of city and counties, and a leader for each county."""
    top = cast.accounts["safety_office"]
    counties = governments(cast.units, Unit.Level.COUNTY)
    people = [_person(cast.units[f"{cast.city}-AWB"], Role.SAFETY_OFFICE, "科长", "2", rng, top)]
    for county in counties:
        people.append(_person(cast.units[f"{county.code}-AWB"], Role.SAFETY_OFFICE, "安委办主任", "1", rng, top))
        people.append(_person(county, Role.LEADER, "副区县长", "leader", rng))
    write_people(people, at)
    offices = [person for person in people if person.role == Role.SAFETY_OFFICE]
    cast.officers[top.unit_id] = [top]
    for person in offices:
        cast.officers.setdefault(person.unit_id, []).append(person)


def _fill_bodies(cast, townships, rng, at):
    """A manager and an inspector for every township and department; the committee office is above the manager."""
    departments = [unit for unit in cast.units.values() if unit.kind == Unit.Kind.DEPARTMENT]
    bodies = townships + [unit for unit in departments if unit.code != f"{cast.city}-{RETIRED}"]
    present = {person.unit_id: person for name, person in cast.accounts.items() if name in ("township", "department")}
    managers = {}
    for unit in bodies:
        post = "副局长" if unit.kind == Unit.Kind.DEPARTMENT else "分管安全负责人"
        managers[unit.pk] = present.get(unit.pk) or _person(unit, Role.MANAGER, post, "1", rng)
        managers[unit.pk].superior = _above(cast, unit)
    write_people(list(managers.values()), at)
    seats = [(unit, "2") for unit in bodies] + [(unit, "3") for unit in townships if unit != cast.home]
    inspectors = [_person(unit, Role.INSPECTOR, "安全检查员", suffix, rng, managers[unit.pk]) for unit, suffix in seats]
    seated = cast.accounts["inspector"]
    seated.superior = managers[cast.home.pk]
    write_people([*inspectors, seated], at)
    cast.officers |= {unit.pk: [managers[unit.pk]] for unit in bodies}
    for (unit, _), inspector in zip(seats, inspectors, strict=True):
        cast.officers[unit.pk].append(inspector)
    cast.officers[cast.home.pk].append(seated)
    _add_leavers(cast, townships, rng, at)


def _add_leavers(cast, townships, rng, at):
    places = rng.sample([unit for unit in townships if unit != cast.home], min(LEAVERS, len(townships) - 1))
    people = [_person(unit, Role.INSPECTOR, "安全检查员", "4", rng, cast.officers[unit.pk][0]) for unit in places]
    write_people(people, at)
    for n, (unit, person) in enumerate(zip(places, people, strict=True)):
        cast.leavers[unit.pk] = person, (at + timedelta(days=560 + 18 * n)).date()


def finish_people(cast, rng, *, now):
    """What the three administrators did of late: leavers stopped, accounts opened, granted and still waiting."""
    sysadmin, secadmin = cast.accounts["sysadmin"], cast.accounts["secadmin"]
    for person, last_day in cast.leavers.values():
        deactivate(person, by=sysadmin, at=_morning(last_day + timedelta(days=3), now))
    townships = governments(cast.units, Unit.Level.TOWNSHIP)
    lives = []
    for suffix, opened, granted in NEWCOMERS:
        unit = rng.choice(townships)
        person = _person(unit, Role.INSPECTOR, "安全检查员", suffix, rng, cast.officers[unit.pk][0])
        person.is_active, person.date_joined = False, _morning(now.date() - timedelta(days=opened), now)
        person.password_set_at = person.date_joined
        shown = ("full_name", "unit", "post", "phone", "superior")
        said = {User._meta.get_field(name): getattr(person, name) for name in shown}
        life = chronicle.Life(person)
        opening = {str(column.verbose_name): words_of(column, value) for column, value in said.items()}
        life.happen("open", by=sysadmin, at=person.date_joined, changes=opening)
        if granted is not None:
            words, day = (
                {"角色": f"无 → {person.role_label}", "状态": "未启用 → 启用"},
                now.date() - timedelta(days=granted),
            )
            life.happen("grant", by=secadmin, at=_morning(day, now), changes=words, role=person.role, is_active=True)
        lives.append(life)
    chronicle.write(lives)


def _morning(day, now):
    return datetime.combine(day, time(9, 40), now.tzinfo)


def _above(cast, unit):
    """Who stands above the manager of ``unit``: the committee office of its county, or of the city."""
    office = cast.units[f"{unit.division_code[:6]}-AWB"]
    return cast.officers[office.pk][0]
