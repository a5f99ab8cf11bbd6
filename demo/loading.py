"""Fill an empty database with a city at work; all of it or, when interrupted, nothing."""

import random
from dataclasses import replace
from datetime import datetime, time, timedelta

from django.core.management.color import no_style
from django.core.management.sql import emit_post_migrate_signal
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import Unit, User
from accounts.operations import init_city, retire_unit
from bulletins.models import BulletinEvent
from demo.answers import answers, raise_in_the_past
from demo.bulletins import write_bulletins
from demo.cameras import Camera, attach
from demo.enterprises import AT_LEAST, Matrix, make_enterprises
from demo.handling import Handling
from demo.judging import judges
from demo.lives import Hands, Walker, draw_plan
from demo.majors import seniors_of
from demo.matrix import fill_matrix
from demo.measures import write_measures
from demo.people import ACCOUNTS, RETIRED, finish_people, governments, made_up_uid, make_people
from demo.reports import write_reports
from demo.scoring import keep_the_ranking
from demo.stories import stories
from demo.tempers import LENIENT, LIVELY, plan_weeks, tempers_of, weeks_until
from demo.texts import draw_text
from demo.today import TAKEN_OVER, stage, take_over
from demo.tricks import CROWD, ON_SPOT, SPOT_DAYS, UNPUNISHED, tricks, tricksters
from demo.upkeep import upkeep
from enforcement.models import MeasureEvent
from flags.models import FlagEvent
from hazards.models import Hazard, HazardEvent
from hazards.models.number import NUMBERING
from hazards.operations import send_reminders
from inspections.models import Inspection, Sector
from inspections.operations.sectors import retire_sector
from journal import chronicle, outbox
from journal.bulk import insert
from journal.models import record_kinds
from notifications.consumers import tell_people
from notifications.models import Notification
from notifications.operations import deliver_waiting
from reporting.models import ReportEvent
from workdays.operations import load_calendar

SEED, DAYS, CHUNK = 4114, 730, 500
NOT_EMPTIED = ("workdays_", "django_migrations", "django_content_type", "auth_permission")
KINDS = ("routine", "special", "unannounced", "joint", "supervision", "self", "tipoff")
KIND_WEIGHTS = (55, 18, 8, 6, 5, 5, 3)
ANNOUNCED_DAYS, UNREAD_DAYS = (
    10,
    3,
)  # events of the last days reach the inboxes, and those of the very last are still unread
STREAMS = (
    (HazardEvent, ["record"]),
    (MeasureEvent, ["record__enterprise"]),
    (FlagEvent, ["record__unit"]),
    (ReportEvent, ["record__unit", "record__enterprise"]),
    (BulletinEvent, ["record"]),
)
PICTURED_DAYS, PICTURED_SHARE = (
    60,
    0.35,
)  # days of which every hazard has a picture of how it was found; of older ones a share has
REPORTED, FROZEN, FEW = 13, 9, 5  # weeks of reports, newest weeks and months frozen with the city; of a small one, both
GRIP = 4  # firms that a township which only wants figures goes to, over and over
BY_DEPARTMENT = 0.22  # of visits after the first of a week


def is_loaded():
    """Whether the demo accounts are here already."""
    return User.objects.filter(username__in=[row[0] for row in ACCOUNTS]).count() == len(ACCOUNTS)


def empty_database():
    """Delete everything but what comes with the code (sectors, working days). Only the demo command may ask for it."""
    tables = [
        name
        for name in connection.introspection.django_table_names(only_existing=True, include_views=False)
        if not name.startswith(NOT_EMPTIED)
    ]
    statements = connection.ops.sql_flush(no_style(), tables, reset_sequences=True, allow_cascade=False)
    connection.ops.execute_sql_flush(statements)
    # Sectors have histories with people in them: they go too, and come back as new ones, as after a migration.
    emit_post_migrate_signal(verbosity=0, interactive=False, db=connection.alias)


@transaction.atomic
def load(*, at, scale, city, password):
    """Make ``scale`` hazards, and some staged ones, over the two years up to the beginning of the day of ``at``, in the city with the
    4-digit code ``city``.

    Returns how many. The same day gives the same rows, whatever the hour. Raises journal.refusal.Refused when there is no such
    city. Memory is bounded by the enterprises (at most 5,000) and one chunk of visits.
    """
    rng = random.Random(SEED)  # noqa: S311 - made-up data, and the same every time
    now = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    began = now - timedelta(days=DAYS + 30)
    init_city(city, at=began, uids=iter(lambda: made_up_uid(rng), None))
    cast = make_people(city, password, rng, at=began)
    lively = scale >= LIVELY  # else there is nobody to play tricks that one could see
    tempers = tempers_of(governments(cast.units, Unit.Level.TOWNSHIP), cast.home, SEED)
    firms = min(5000, max(AT_LEAST if lively else 60, scale // 5))
    players = tricksters(tempers) if lively else {}
    crowd = next((code for code, trick in players.items() if trick == UNPUNISHED), None)
    register = make_enterprises(cast, firms, now.date(), rng, at=began, crowd=(crowd, CROWD) if crowd else None)
    fill_matrix(cast, register.firms, at=began, now=now)
    author = Author(now, cast, register, rng, began, tempers, players)
    made = author.write(scale)
    write_measures(cast, register, tempers | ({crowd: LENIENT} if crowd else {}), now, SEED)
    finish_people(cast, rng, now=now)
    _retire(cast, now)
    city = Handling(cast, register, author.camera, now)
    raise_in_the_past(city)
    city.play([*stories(city), *upkeep(city), *answers(city)])
    made += Hazard.objects.exclude(split_from=None).count()
    write_reports(cast, author.tempers, now, weeks=REPORTED if lively else FEW)
    send_reminders(at=now)
    keep_the_ranking(cast, rng, now, most=FROZEN if lively else FEW)
    write_bulletins(cast, now)
    _tell_of_the_last_days(now)
    return made


def _retire(cast, now):
    """One department and one sector are no longer what they were; what has them keeps them."""
    sysadmin, at = cast.accounts["sysadmin"], now - timedelta(days=45, hours=-10)
    retire_unit(Unit.objects.get(code=f"{cast.city}-{RETIRED}"), by=sysadmin, at=at)
    sector = Sector.objects.get(code="DDC")
    if sector.is_active:
        retire_sector(sector, by=sysadmin, at=at, reason="并入消防")


def _tell_of_the_last_days(now):
    """As the consumer would have, evening by evening; what came before is told to nobody."""
    for kind in record_kinds():
        outbox.pass_over("tell_people", kind)
    for days_ago in range(ANNOUNCED_DAYS, 0, -1):
        evening = now - timedelta(days=days_ago, hours=-18)
        for stream, related in STREAMS:
            of_day = stream.objects.filter(at__gte=evening - timedelta(hours=18), at__lt=evening + timedelta(hours=6))
            events = list(of_day.select_related(*related).order_by("pk"))
            for start in range(0, len(events), CHUNK):
                tell_people(events[start : start + CHUNK], at=evening)
    old = Notification.objects.filter(created_at__lt=now - timedelta(days=UNREAD_DAYS))
    old.update(read_at=now - timedelta(days=UNREAD_DAYS, hours=-9))
    deliver_waiting(at=now, limit=0)  # nobody here has an address: nothing is left for the mailer


class Author:
    """Writes visits and what was found on them, week by week, so that numbers run with time."""

    def __init__(self, now, cast, register, rng, began, tempers, players):
        self.now, self.cast, self.register, self.rng = now, cast, register, rng
        self.today, self.calendar = now.date(), load_calendar()
        self.matrix, self.camera = Matrix(cast, register.members), Camera(began)
        self.walker = Walker(now, self.calendar, rng)
        self.places = {unit.division_code: unit for unit in governments(cast.units, Unit.Level.TOWNSHIP)}
        self.tempers = tempers
        self.players = players
        self.judges = judges()
        self.turns = dict.fromkeys(self.places, 0)

    def write(self, scale):
        """Everything; returns how many hazards."""
        weeks = weeks_until(self.today)
        staged = {}
        told = (*stage(self.cast, self.register, self.today, self.rng), *tricks(self.cast, self.register, self.players))
        for one in told:
            day = self._worked_day(self.today - timedelta(days=one.days_ago))
            staged.setdefault(day - timedelta(days=day.weekday()), []).append((day, one))
        plan = dict(plan_weeks(self.tempers, weeks, self.today, scale, self.rng))
        made, imports = 0, dict(TAKEN_OVER)
        for monday in weeks:
            for days_ago in [days for days in imports if self.today - timedelta(days=days) < monday]:
                made += take_over(
                    self.cast,
                    self.register,
                    self.matrix,
                    imports.pop(days_ago),
                    days_ago=days_ago,
                    now=self.now,
                    rng=self.rng,
                )
            visits = [self._staged_visit(day, one) for day, one in staged.get(monday, ())]
            visits += [visit for cell in plan.get(monday, ()) for visit in self._visits(cell, monday)]
            visits.sort(key=lambda pair: pair[0].created_at)
            made += sum(self._flush(visits[start : start + CHUNK]) for start in range(0, len(visits), CHUNK))
        return made

    def _worked_day(self, day):
        """``day``, or the working day after it; before today, where the last working days were."""
        while (found := self.calendar.first_working_day(day)) >= self.today:
            day -= timedelta(days=1)
        return found

    def _days(self, monday):
        """The days of a week on which people go out; where a holiday takes all of it, those on duty do."""
        days = [day for day in (monday + timedelta(days=n) for n in range(7)) if day < self.today]
        return [day for day in days if self.calendar.is_working(day)] or days

    def _visits(self, cell, monday):
        days, temper = self._days(monday), self.tempers[cell.township]
        visits = []
        for n in range(cell.visits):
            firm, day = self._firm(cell.township, temper, days[-1]), self.rng.choice(days)
            visits.append((self._visit(day, firm, self._body(firm, first=n == 0)), []))
        for _ in range(cell.hazards):
            self.rng.choice(visits)[1].append(None)
        return visits

    def _firm(self, township, temper, day):
        """The firm whose turn it is, of those that work; a township that only wants figures never goes far."""
        firms = self.register.of_township.get(township) or self.register.firms[:1]
        firms = firms[:GRIP] if temper.copies else firms
        for _ in firms:
            self.turns[township] += 1
            firm = firms[self.turns[township] % len(firms)]
            if self.register.working_on(firm, day):
                return firm
        return self.register.firms[0]

    def _body(self, firm, *, first):
        """Who came: the township, of later visits sometimes a department of the county."""
        if first or self.rng.random() >= BY_DEPARTMENT:
            return firm.township
        sector = firm.sector
        function = self.rng.choice((sector.competent_function, sector.supervising_function))
        return self.matrix.body(firm, function) or firm.township

    def _staged_visit(self, day, one):
        visit = self._visit(day, one.firm, one.unit, by=one.by)
        visit.staged = one
        if one.late:
            visit.inspected_on = self._worked_day(day - timedelta(days=one.late))
        return visit, [one.plan] if one.plan else []

    def _visit(self, day, firm, body, by=None):
        manager, *inspectors = self.cast.officers_on(body, day)
        pair = self.rng.sample(inspectors, 2) if len(inspectors) > 1 else [inspectors[0], manager]
        if by is not None:
            pair = [by, next(person for person in (manager, *inspectors) if person != by)]
        visit = Inspection(
            kind=self.rng.choices(KINDS, KIND_WEIGHTS)[0],
            enterprise=firm,
            division_code=firm.division_code,
            unit=body,
            inspected_on=day,
            created_by=pair[0],
            created_at=datetime.combine(day, time(8, 40), self.now.tzinfo) + timedelta(minutes=self.rng.randrange(500)),
        )
        visit.pair, visit.staged = pair, None
        return visit

    def _flush(self, visits):
        """Write ``[(Inspection, [Plan or None for each hazard]), …]``; returns how many hazards."""
        for visit, plans in visits:
            visit.nothing_found = not plans
        insert(Inspection, (visit for visit, _ in visits))
        through = Inspection.inspectors.through
        pairs = ((visit.pk, person.pk) for visit, _ in visits for person in visit.pair)
        insert(through, (through(inspection_id=visit, user_id=person) for visit, person in pairs))
        found = [self._found(visit, plan) for visit, plans in visits for plan in plans]
        numbers = self._numbers([hazard for hazard, plan, _ in found if not plan.fate])
        lives = [self._live(*one, number=numbers.get(id(one[0]), "")) for one in found]
        chronicle.write(lives)
        attach([(photo, life.record, stage, part) for life in lives for photo, stage, part in life.pictures])
        return len(lives)

    def _found(self, visit, plan):
        """``(Hazard, its plan, scene of its pictures)``."""
        firm, temper, rng = visit.enterprise, self.tempers[visit.division_code], self.rng
        level = (plan and plan.level) or "general"
        if plan is None:
            level = "major" if rng.random() < temper.major else "general"
        text = draw_text(self.register.groups[firm.pk], level, rng, copied=temper.copies and level == "general")
        age = (self.today - visit.inspected_on).days
        if age <= SPOT_DAYS and self.players.get(visit.division_code) == ON_SPOT:
            temper = replace(temper, on_spot=1)
        plan = plan or draw_plan(text["level"], temper, age, rng)
        text |= (visit.staged and visit.staged.text) or {}
        proposes = not (plan.on_spot or plan.fate) and rng.random() < 0.5
        criterion = self.judges.get(text["basis"])
        if criterion is not None and not criterion.standard.is_in_force_on(visit.inspected_on):
            criterion = None
        hazard = Hazard(
            uid=made_up_uid(rng),
            level=text["level"],
            description=text["description"],
            location=text["location"],
            accident_type=text["accident_type"],
            requirement=text["requirement"],
            basis=text["basis"],
            criterion=criterion,
            sector=firm.sector,
            enterprise=firm,
            division_code=firm.division_code,
            inspection=visit,
            found_on=visit.inspected_on,
            found_by_unit=visit.unit,
            registered_by=visit.created_by,
            registered_at=visit.created_at,
            inspectors="、".join(map(str, visit.pair)),
            proposed_deadline=visit.inspected_on + timedelta(days=min(plan.allowed, 60)) if proposes else None,
            **self.matrix.fields(firm),
        )
        return hazard, plan, text["scene"]

    def _numbers(self, hazards):
        """``{id of the object: number}``, in order."""
        by_year, given = {}, {}
        for hazard in hazards:
            by_year.setdefault(hazard.registered_at.year, []).append(hazard)
        for year, group in by_year.items():
            numbers = NUMBERING.take(unit=self.cast.city, year=year, count=len(group))
            given |= {id(hazard): number for hazard, number in zip(group, numbers, strict=True)}
        return given

    def _live(self, hazard, plan, scene, *, number):
        manager, *inspectors = self.cast.officers[hazard.territorial_unit.pk]
        body = self.cast.officers[hazard.found_by_unit_id]
        hands = Hands(
            manager=body[0] if self.rng.random() < 0.6 else manager,
            filer=hazard.enterprise_holder or manager,
            reviewer=inspectors[-1],
            seniors=seniors_of(self.cast, hazard, hazard.registered_by) if hazard.level == "major" else None,
        )
        temper, place = self.tempers[hazard.division_code], self.rng.randrange(1000)
        again = datetime.combine(hazard.found_on.replace(day=1), time(9), self.now.tzinfo) if temper.copies else None

        def camera(*, by, at, fixed):
            if resent:  # one file twice, before and after
                taken_at = hazard.inspection.created_at - timedelta(minutes=7)
                return self.camera.shoot(scene, place, fixed=False, by=by, at=at, taken_at=taken_at)
            # Who copies rows sends the picture of the month again.
            is_copy = again is not None and again < at and fixed
            ago = self.rng.randrange(30, 300) if fixed else self.rng.randrange(300, 900)  # what is mended comes after
            taken_at = again if is_copy else at - timedelta(seconds=ago)
            return self.camera.shoot(scene, 0 if temper.copies else place, fixed=fixed, by=by, at=at, taken_at=taken_at)

        resent = hazard.inspection.staged and hazard.inspection.staged.resent
        recent = resent or (self.today - hazard.found_on).days <= PICTURED_DAYS
        pictured = recent or self.rng.random() < PICTURED_SHARE
        return self.walker.walk(hazard, plan, hands, camera=camera, number=number, pictured=pictured)
