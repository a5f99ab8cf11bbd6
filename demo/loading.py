"""Fill an empty database with a city at work; all of it or, when interrupted, nothing."""

import random
from datetime import datetime, time, timedelta

from django.core.management.color import no_style
from django.core.management.sql import emit_post_migrate_signal
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import User
from accounts.operations import init_city
from demo.enterprises import Matrix, make_enterprises, read_rows
from demo.lives import NEVER, Plan, Walker, draw_plan
from demo.people import ACCOUNTS, made_up_uid, make_people
from demo.pictures import camera_at
from evidence.operations import attach_photos
from hazards.models import Hazard, HazardEvent
from hazards.models.number import NUMBERING
from hazards.operations import draft, send_reminders
from inspections.models import Inspection
from journal import chronicle, outbox
from notifications.consumers import tell_people
from workdays.operations import load_calendar

SEED, DAYS, CHUNK = 4114, 730, 500
NOT_EMPTIED = ("workdays_", "django_migrations", "django_content_type", "auth_permission")
KINDS = ("routine", "special", "unannounced", "joint", "supervision", "self", "tipoff")
KIND_WEIGHTS = (55, 18, 8, 6, 5, 5, 3)
ANNOUNCED_DAYS = 10  # events of the last days reach the inboxes; nobody wants two years of messages
# What the enterprise account sees: days ago it was found, and what became of it.
SHOWCASE = (
    (160, Plan(allowed=7, rounds=((5, 2),))),
    (90, Plan(allowed=10, rounds=((14, 3),))),
    (40, Plan(allowed=7, rounds=((4, 2), (5, 2)))),
    (26, Plan(allowed=15, rounds=((NEVER, 0),))),
    (19, Plan(allowed=10, rounds=((7, 3), (NEVER, 0)), extra_after_failure=14)),
    (12, Plan(allowed=15, rounds=((NEVER, 0),))),
    (10, Plan(allowed=7, rounds=((5, NEVER),))),
    (5, Plan(allowed=7, rounds=((NEVER, 0),))),
    (3, Plan(issue_after=NEVER)),
    (2, Plan(on_spot=True)),
)  # fmt: skip
PICTURED_DAYS, CAMERAS = 20, {"home": 14, "elsewhere": 6}


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
    """Make ``scale`` hazards over the two years up to ``at`` in the city with the 4-digit code ``city``.

    Returns how many. Raises journal.refusal.Refused when there is no such city. Memory is bounded by the enterprises
    (at most 5,000) and one chunk of visits.
    """
    rng, now = random.Random(SEED), timezone.localtime(at)  # noqa: S311 - made-up data, and the same every time
    began = now - timedelta(days=DAYS + 30)
    init_city(city, at=began)
    cast = make_people(city, password, rng, at=began)
    enterprises, members = make_enterprises(cast, min(5000, max(60, scale // 8)), now.date(), rng, at=began)
    author = Author(now, cast, enterprises, members, rng)
    made = author.write(scale)
    made += author.write_showcase()
    author.write_drafts()
    send_reminders(at=now)
    _tell_of_the_last_days(now)
    return made


def _tell_of_the_last_days(now):
    recent = HazardEvent.objects.filter(at__gte=now - timedelta(days=ANNOUNCED_DAYS)).select_related("record")
    events = list(recent.order_by("pk"))
    for start in range(0, len(events), CHUNK):
        tell_people(events[start : start + CHUNK], at=now)
    outbox.pass_over("tell_people", Hazard)


def draw_text(rows, plan, rng):
    """One of ``rows`` of texts.csv, seldom a major one, and never where ``plan`` (or None) closes it on the spot."""
    on_spot = plan is not None and plan.on_spot
    weights = {Hazard.Level.MAJOR: 0 if on_spot else 1, Hazard.Level.GENERAL: 6}
    return rng.choices(rows, [weights[row["level"]] for row in rows])[0]


class Author:
    """Writes visits and what was found on them, day by day, so that numbers run with time."""

    def __init__(self, now, cast, enterprises, members, rng):
        self.now, self.cast, self.enterprises, self.members, self.rng = now, cast, enterprises, members, rng
        self.today, self.calendar = now.date(), load_calendar()
        self.matrix = Matrix(cast, members)
        self.walker = Walker(now, self.calendar, rng)
        self.texts, self.cameras = {}, dict(CAMERAS)
        for row in read_rows("texts.csv"):
            self.texts.setdefault(row["sector"], []).append(row)
        # How diligent a township is: this is what the rankings have to find out.
        self.quality = {code: rng.random() for code in sorted(cast.units)}

    def write(self, scale):
        made, visits, waiting = 0, [], 0
        while made + waiting < scale:
            day = self._day((made + waiting) / scale)
            count = min(self.rng.choices((0, 1, 2, 3, 4), (30, 34, 20, 11, 5))[0], scale - made - waiting)
            visits.append((self._visit(day, self.rng.choice(self.enterprises)), [None] * count))
            waiting += count
            if len(visits) == CHUNK:
                self._flush(visits)
                made, visits, waiting = made + waiting, [], 0
        self._flush(visits)
        return made + waiting

    def write_showcase(self):
        """The hazards of the enterprise account's firm, one for each thing that can happen; returns how many."""
        visits = []
        for days_ago, plan in SHOWCASE:
            day = min(self.calendar.first_working_day(self.today - timedelta(days=days_ago)), self.today)
            visits.append((self._visit(day, self.enterprises[0], body=self.cast.home), [plan]))
        return self._flush(visits)

    def write_drafts(self):
        """What the inspector account has begun and not sent."""
        for row in self.texts["XF"][:3]:
            enterprise = self.enterprises[self.rng.randrange(4)]
            draft(
                by=self.cast.accounts["inspector"],
                at=self.now,
                enterprise=enterprise,
                found_on=self.today,
                description=row["description"],
                location=row["location"],
                accident_type=row["accident_type"],
                requirement=row["requirement"],
                responsibilities=self.matrix.fields(enterprise),
            )

    def _day(self, share):
        """The day on which the given share of all hazards is found: ever more towards today, on working days."""
        day = self.today - timedelta(days=DAYS - int(DAYS * share**0.55))
        return min(self.calendar.first_working_day(day), self.today)

    def _visit(self, day, enterprise, body=None):
        body = body or self._body(enterprise)
        officers = self.cast.officers[body.pk]
        opens = datetime.combine(day, time(8, 40), self.now.tzinfo)
        at = min(opens + timedelta(minutes=self.rng.randrange(500)), self.now)
        return Inspection(
            kind=self.rng.choices(KINDS, KIND_WEIGHTS)[0],
            enterprise=enterprise,
            division_code=enterprise.division_code,
            unit=body,
            inspected_on=day,
            created_by=officers[-1],
            created_at=at,
        )

    def _body(self, enterprise):
        """Who came: mostly the township, sometimes a department of the county."""
        sector, chance = enterprise.sector, self.rng.random()
        if chance < 0.72:
            return enterprise.township
        function = sector.competent_function if chance < 0.88 else sector.supervising_function
        return self.matrix.body(enterprise, function) or enterprise.township

    def _flush(self, visits):
        """Write a chunk of ``(Inspection, [Plan or None for each hazard])``; returns how many hazards."""
        for visit, plans in visits:
            visit.nothing_found = not plans
        Inspection.objects.bulk_create([visit for visit, _ in visits])
        through = Inspection.inspectors.through
        through.objects.bulk_create(
            through(inspection_id=visit.pk, user_id=person.pk)
            for visit, _ in visits
            for person in self.cast.officers[visit.unit_id][:1] + self.cast.officers[visit.unit_id][-1:]
        )
        found = [(self._hazard(visit, plan), plan) for visit, plans in visits for plan in plans]
        self._number([hazard for hazard, _ in found])
        lives = [self._live(hazard, plan) for hazard, plan in found]
        chronicle.write(lives)
        for life in lives:
            for photo, stage, part, by in life.pictures:
                attach_photos(life.record, [photo], stage=stage, by=by, part=part)
        return len(lives)

    def _hazard(self, visit, plan):
        enterprise, officers = visit.enterprise, self.cast.officers[visit.unit_id]
        row = draw_text(self.texts[enterprise.sector.code], plan, self.rng)
        return Hazard(
            uid=made_up_uid(self.rng),
            level=row["level"],
            description=row["description"],
            location=row["location"],
            accident_type=row["accident_type"],
            requirement=row["requirement"],
            sector=enterprise.sector,
            enterprise=enterprise,
            division_code=enterprise.division_code,
            inspection=visit,
            found_on=visit.inspected_on,
            found_by_unit=visit.unit,
            registered_by=officers[-1],
            registered_at=visit.created_at,
            inspectors=f"{officers[-1]}、{officers[0]}",
            **self.matrix.fields(enterprise),
        )

    def _number(self, hazards):
        by_year = {}
        for hazard in hazards:
            by_year.setdefault(hazard.registered_at.year, []).append(hazard)
        for year, group in by_year.items():
            numbers = NUMBERING.take(unit=self.cast.city, year=year, count=len(group))
            for hazard, number in zip(group, numbers, strict=True):
                hazard.number = number

    def _live(self, hazard, plan):
        age, shown = (self.today - hazard.found_on).days, plan is not None
        plan = plan or draw_plan(hazard.level, self.quality[hazard.division_code], age, self.rng)
        manager = self.cast.officers[hazard.territorial_unit.pk][0]
        reviewer = self.cast.officers[hazard.territorial_unit.pk][-1]
        filer = hazard.enterprise_holder or manager
        camera = (
            camera_at(hazard.accident_type, self.rng.getrandbits(32)) if shown or self._has_camera(hazard) else None
        )
        return self.walker.walk(
            hazard, plan, manager=manager, filer=filer, reviewer=reviewer, measure=hazard.requirement, camera=camera
        )

    def _has_camera(self, hazard):
        """Photographs of some hazards of the last days at home and of a few elsewhere, besides the showcase."""
        where = "home" if hazard.division_code == self.cast.home.division_code else "elsewhere"
        if self.cameras[where] and (self.today - hazard.found_on).days <= PICTURED_DAYS:
            self.cameras[where] -= 1
            return True
        return False
