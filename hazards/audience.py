"""Who is told about a hazard: one set of SQL for the notices of events and for the reminder sweep alike.

Who was named may have left since: the firm's person counts while a member of it in that role, else all its members do; a body's
person while of that body. Who stands in then, from whom the matrix names up to the offices of the city, is docs/adr/0016. Whoever is told reads the row: ``READS`` is
`Hazard.objects.visible_to` as a condition, and property tests hold the two together, and that nothing is told to nobody.
"""

from collections import defaultdict

from django.db import connection

from accounts.models import Unit, User
from accounts.roles import MANAGERS, OFFICERS, RANKING_READERS, Role
from hazards.lifecycle import LEDGER_STATES
from hazards.models import HazardEvent
from hazards.models.transfer import Outcome

TERRITORIAL, COMPETENT, SUPERVISING, ENTERPRISE = "territorial", "competent", "supervising", "enterprise"
REGISTRAR, FILER, AT_ONCE = "registrar", "filer", "at_once"
HOLDER, MANAGER, LEADER = "holder", "manager", "leader"
# Those who may act: managers of the township, who give the order; of who issued it, on more time; who registered it and who answers
# for the place, or others of their bodies, but not who filed the feedback that they judge.
ORDERER, ISSUER, REVIEWER, LOCAL = "orderer", "issuer", "reviewer", "local"
# Who is over the township, also where a firm has to act; over who issued the order; over the registrar; the first of the registrar's
# unit; the safety offices.
SUPERIOR, OVER_ISSUER, OVER_REGISTRAR = "superior", "over_issuer", "over_registrar"
FINDER, OFFICE = "finder", "office"

COLUMNS = (
    "id", "number", "level", "deadline", "description", "enterprise_id", "enterprise_holder_id", "territorial_unit_id",
    "territorial_holder_id", "competent_unit_id", "competent_holder_id", "supervising_unit_id", "supervising_holder_id",
    "found_by_unit_id", "registered_by_id", "issued_by_unit_id", "extension_asked_by_id", "feedback_by_id", "sector_id", "division_code",
    "county_code", "city_code",
)  # fmt: skip


def _listed(roles):
    return ", ".join(f"'{role.value}'" for role in sorted(roles))


READERS = _listed(RANKING_READERS)  # whoever serves a government body and reads ledger data
# Whether ``person`` of ``seat`` (a unit, or NULL) reads the row ``one``; drafts are nobody's to be told about.
READS = f"""
person.is_active AND (
  person.role = '{Role.ENTERPRISE.value}' AND EXISTS (
    SELECT 1 FROM inspections_enterprise_members member
    WHERE member.enterprise_id = one.enterprise_id AND member.user_id = person.id)
  OR person.role IN ({READERS}) AND seat.kind <> 'department'
    AND seat.division_code IN (one.division_code, one.county_code, one.city_code)
  OR person.role IN ({READERS}) AND seat.kind = 'department' AND (
    seat.id IN (one.competent_unit_id, one.supervising_unit_id, one.found_by_unit_id)
    OR seat.function <> '' AND EXISTS (
      SELECT 1 FROM accounts_unit line
      WHERE line.id IN (one.competent_unit_id, one.supervising_unit_id) AND line.kind = 'department'
        AND line.function = seat.function AND seat.division_code IN (line.division_code, line.county_code, line.city_code)))
  OR person.role IN ({READERS}) AND EXISTS (
    SELECT 1 FROM hazards_transfer transfer
    WHERE transfer.hazard_id = one.id AND (transfer.outcome = '' AND transfer.to_unit_id = seat.id
      OR transfer.outcome IN ('{Outcome.ACCEPTED}', '{Outcome.ASSIGNED}') AND transfer.from_unit_id = seat.id))
  OR person.role IN ({READERS}) AND EXISTS (
    SELECT 1 FROM hazards_hazard ledger
    LEFT JOIN hazards_instruction asked ON asked.hazard_id = ledger.id AND asked.unit_id = seat.id AND asked.answered_at IS NULL
    LEFT JOIN hazards_receipt sent ON sent.hazard_id = ledger.id AND sent.unit_id = seat.id AND sent.at IS NULL
    WHERE ledger.id = one.id AND ledger.state IN ({_listed(LEDGER_STATES)}) AND (asked.id IS NOT NULL OR sent.id IS NOT NULL)))
"""  # noqa: S608 - constants of our own


def _reads(person, seat):
    return READS.replace("person.", f"{person}.").replace("seat.", f"{seat}.")


# Who stands in for a body nobody of which is named, or who was named and left.
IN_BODY = (Role.MANAGER, Role.SAFETY_OFFICE, Role.INSPECTOR, Role.LEADER)
IN_OFFICE = (Role.SAFETY_OFFICE, Role.MANAGER, Role.INSPECTOR)  # leaders are told of what is theirs alone


def _first_of(column, roles, where=""):
    """The first person in use by ``column``, and the ``next``: in the order of ``roles``, then of the accounts."""
    order = " ".join(f"WHEN '{role.value}' THEN {place}" for place, role in enumerate(roles))
    return f"""
  SELECT {column}, id, next FROM (
    SELECT {column}, person.id, row_number() OVER ranked AS place, lead(person.id) OVER ranked AS next
    FROM accounts_user person JOIN accounts_unit seat ON seat.id = person.unit_id
    WHERE person.is_active AND person.role IN ({_listed(roles)}){where}
    WINDOW ranked AS (PARTITION BY {column} ORDER BY CASE person.role {order} END, person.id)
  ) AS staff WHERE place = 1"""  # noqa: S608


def _serves(person):
    """Joins whom a charge names as ``person``, as far as they serve its unit today; `responsibilities.models.serves` in SQL."""
    return f"""
  LEFT JOIN accounts_user {person} ON {person}.id = charge.{person}_id AND {person}.is_active
    AND {person}.unit_id = charge.unit_id AND {person}.role IN ({READERS})"""


# ``duty``: who of a unit answers for a sector (NULL: for the rest) today by the matrix, the deputy where the holder has left.
# ``own``: the first of a unit; ``judge``: of its officers. ``up``: the first of the government bodies of its place, else of the county, else of the city;
# ``above``: of those over its place alone. By unit, and by place.
STAND_INS = f"""
duty AS (
  SELECT charge.unit_id, charge.sector_id, COALESCE(holder.id, deputy.id) AS id
  FROM responsibilities_charge charge{_serves("holder")}{_serves("deputy")}
  WHERE charge.valid_to IS NULL
),
own AS ({_first_of("unit_id", IN_BODY)}
),
office AS ({_first_of("division_code", IN_OFFICE, " AND seat.kind <> 'department'")}
),
judge AS ({_first_of("unit_id", IN_OFFICE)}
),
head AS (
  SELECT person.id, person.role, seat.division_code FROM accounts_user person JOIN accounts_unit seat ON seat.id = person.unit_id
  WHERE person.is_active AND person.role IN ('{Role.LEADER.value}', '{Role.SAFETY_OFFICE.value}') AND seat.kind <> 'department'
),
stand_in AS (
  SELECT unit.id AS unit_id, unit.division_code, own.id AS own, COALESCE(here.id, county.id, city.id) AS up,
         COALESCE(CASE unit.level WHEN 'township' THEN county.id END, city.id) AS above
  FROM accounts_unit unit
  LEFT JOIN own ON own.unit_id = unit.id
  LEFT JOIN office here ON here.division_code = unit.division_code
  LEFT JOIN office county ON county.division_code = unit.county_code
  LEFT JOIN office city ON city.division_code = unit.city_code
),
place AS (SELECT division_code, max(up) AS up, max(above) AS above FROM stand_in GROUP BY division_code),
"""  # noqa: S608
# Those over a body answer for it as far as they read the row, which the offices of the row's own places do.
BODY = """COALESCE({kind}.id, {kind}_duty.id, {kind}_rest.id, {kind}_body.own) AS {kind}_seat,
    CASE WHEN due.{kind}_unit_id IS NOT NULL THEN COALESCE(
      CASE WHEN {kind}_body.division_code IN (due.division_code, due.county_code, due.city_code) THEN {kind}_body.up END, place.up
    ) END AS {kind}_office"""
JOIN = f"""
  LEFT JOIN accounts_user {{kind}} ON {{kind}}.id = due.{{kind}}_holder_id AND {{kind}}.is_active
    AND {{kind}}.unit_id = due.{{kind}}_unit_id AND {{kind}}.role IN ({READERS})
  LEFT JOIN duty {{kind}}_duty ON {{kind}}_duty.unit_id = due.{{kind}}_unit_id AND {{kind}}_duty.sector_id = due.sector_id
  LEFT JOIN duty {{kind}}_rest ON {{kind}}_rest.unit_id = due.{{kind}}_unit_id AND {{kind}}_rest.sector_id IS NULL
  LEFT JOIN stand_in {{kind}}_body ON {{kind}}_body.unit_id = due.{{kind}}_unit_id"""
# The first choice, the second, and the office that is told where neither is anybody who reads the row.
CHOICES = """CASE audience
      WHEN 'holder' THEN COALESCE(firm, territorial_seat) WHEN 'enterprise' THEN COALESCE(firm, territorial_seat)
      WHEN 'territorial' THEN territorial_seat {first} END AS first_choice,
    {second} AS second_choice,
    {office} AS office"""
BODY_FIRST, BODY_OFFICE = "WHEN '{kind}' THEN {kind}_seat", "WHEN '{kind}' THEN {kind}_office"
PERSON_FIRST = """
      WHEN 'registrar' THEN registered_by_id WHEN 'filer' THEN filer_id WHEN 'finder' THEN found_by_body.own
      WHEN 'orderer' THEN chief.id WHEN 'issuer' THEN chief.id
      WHEN 'reviewer' THEN NULLIF(registered_by_id, feedback_by_id) WHEN 'local' THEN NULLIF(territorial_seat, feedback_by_id)"""
PERSON_OFFICE = """ WHEN 'issuer' THEN place_above
      WHEN 'reviewer' THEN COALESCE(NULLIF(place_up, feedback_by_id), place_above)
      WHEN 'local' THEN COALESCE(NULLIF(place_up, feedback_by_id), place_above)"""
PERSON_SECOND = """CASE audience WHEN 'registrar' THEN found_by_body.own WHEN 'filer' THEN COALESCE(firm, territorial_seat)
      WHEN 'orderer' THEN territorial_seat
      ELSE CASE WHEN judge.id = feedback_by_id THEN judge.next ELSE judge.id END END"""
TOLD = """
staff AS (
  SELECT member.enterprise_id, member.user_id FROM inspections_enterprise_members member
  JOIN accounts_user person ON person.id = member.user_id AND person.is_active AND person.role = '{enterprise}'
),
held AS (
  SELECT due.*, COALESCE(firm.id, staff.user_id) AS firm, place.up AS place_up, place.above AS place_above, {seats}
  FROM due
  LEFT JOIN place ON place.division_code = due.division_code
  LEFT JOIN accounts_user firm ON firm.id = due.enterprise_holder_id AND firm.is_active
    AND firm.role = '{enterprise}' AND EXISTS (
    SELECT 1 FROM inspections_enterprise_members member
    WHERE member.enterprise_id = due.enterprise_id AND member.user_id = firm.id)
  LEFT JOIN staff ON staff.enterprise_id = due.enterprise_id AND firm.id IS NULL
    AND audience IN ('holder', 'enterprise', 'filer', 'manager'){joins}
),
told AS (
  SELECT * FROM (
    SELECT one.*, CASE WHEN {reads} THEN person.id{second_reads} ELSE one.office END AS person_id
    FROM (
      SELECT held.*, head.id AS first_choice, {nobody} AS second_choice, place_up AS office
      FROM held
      LEFT JOIN head ON head.division_code IN (held.county_code, held.city_code)
        AND head.role = CASE audience WHEN 'leader' THEN 'leader' ELSE 'safety_office' END
      WHERE audience IN ('leader', 'at_once', 'office')
      UNION ALL
      SELECT held.*, {choices} FROM held{able} WHERE audience NOT IN ({over}, 'leader', 'at_once', 'office')
      UNION ALL
      SELECT held.*, CASE WHEN firm IS NULL OR audience <> 'manager' THEN boss.superior_id ELSE territorial_seat END, {nobody},
             CASE WHEN firm IS NULL OR audience <> 'manager' THEN {above} ELSE COALESCE(territorial_office, place_up) END
      FROM held{overseen}
      LEFT JOIN accounts_user boss ON boss.id = {overseen_seat} AND boss.unit_id = {overseen_unit}
      WHERE audience IN ({over})
    ) AS one
    LEFT JOIN accounts_user person ON person.id = one.first_choice
    LEFT JOIN accounts_unit seat ON seat.id = person.unit_id{second_joins}
  ) AS found WHERE person_id IS NOT NULL
)
"""
SECOND_JOINS = """
    LEFT JOIN accounts_user second ON second.id = one.second_choice
    LEFT JOIN accounts_unit second_seat ON second_seat.id = second.unit_id"""
FOUND_BY = """
      LEFT JOIN stand_in found_by_body ON found_by_body.unit_id = held.found_by_unit_id"""
# Those of a body who may: as `hazards.deciders` tells of what was asked, every manager but who asked for more time, on which of a major
# hazard no unit decides but the safety office; and the first two who judge a feedback.
ABLE = f"""
      LEFT JOIN accounts_user chief ON chief.is_active AND chief.role IN ({_listed(MANAGERS)})
        AND chief.unit_id = CASE audience WHEN 'orderer' THEN territorial_unit_id
          WHEN 'issuer' THEN CASE level WHEN 'general' THEN issued_by_unit_id END END
        AND (extension_asked_by_id IS NULL OR chief.id <> extension_asked_by_id)
      LEFT JOIN judge ON judge.unit_id = CASE audience WHEN 'reviewer' THEN found_by_unit_id WHEN 'local' THEN territorial_unit_id END"""
# Who is over a person: whom the account of that person names, else the office above their body, as far as it reads the row.
OVERSEEN = """
      LEFT JOIN accounts_user registrar ON registrar.id = held.registered_by_id AND registrar.is_active
        AND registrar.unit_id = held.found_by_unit_id
      LEFT JOIN stand_in body ON body.unit_id = CASE audience
        WHEN 'over_issuer' THEN issued_by_unit_id WHEN 'over_registrar' THEN found_by_unit_id END"""
OVERSEEN_SEAT, OVERSEEN_UNIT = "COALESCE(territorial_seat, territorial_holder_id)", "territorial_unit_id"
PERSON_SEAT = f"""CASE audience WHEN 'over_issuer' THEN body.own
        WHEN 'over_registrar' THEN COALESCE(registrar.id, body.own) ELSE {OVERSEEN_SEAT} END"""
PERSON_UNIT = f"COALESCE(body.unit_id, {OVERSEEN_UNIT})"
PERSON_ABOVE = """COALESCE(
        CASE WHEN body.division_code IN (held.division_code, county_code, city_code) THEN body.above END, place_above)"""
OVER = f"'{MANAGER}', '{SUPERIOR}', '{OVER_ISSUER}', '{OVER_REGISTRAR}'"


def told_sql(*bodies, persons=False):
    """The CTEs `STAND_INS`, ``held`` and ``told`` (``due.*, person_id``) over a CTE ``due`` with `COLUMNS`, ``audience`` and ``filer_id``.

    ``bodies``: the responsibilities whose seats are asked for; the territorial one always is. ``persons``: whether anybody is
    who registered, issued or filed, may order, decide or review, or is over one of these. A person may stand in it twice.
    """
    kinds = list(dict.fromkeys((TERRITORIAL, *bodies)))
    nobody = "CAST(NULL AS bigint)"
    office = "COALESCE(territorial_office, place_up)"
    others = " ".join(BODY_OFFICE.format(kind=kind) for kind in kinds[1:]) + (PERSON_OFFICE if persons else "")
    if others:
        office = f"CASE audience {others} ELSE {office} END"
    choices = CHOICES.format(
        first=" ".join(BODY_FIRST.format(kind=kind) for kind in kinds[1:]) + (PERSON_FIRST if persons else ""),
        second=PERSON_SECOND if persons else nobody,
        office=office,
    )
    return STAND_INS + TOLD.format(
        seats=", ".join(BODY.format(kind=kind) for kind in kinds),
        joins="".join(JOIN.format(kind=kind) for kind in kinds),
        choices=choices,
        nobody=nobody,
        able=FOUND_BY + ABLE if persons else "",
        over=OVER,
        overseen=OVERSEEN if persons else "",
        overseen_seat=PERSON_SEAT if persons else OVERSEEN_SEAT,
        overseen_unit=PERSON_UNIT if persons else OVERSEEN_UNIT,
        above=PERSON_ABOVE if persons else "place_above",
        reads=_reads("person", "seat"),
        second_joins=SECOND_JOINS if persons else "",
        second_reads=f" WHEN {_reads('second', 'second_seat')} THEN second.id" if persons else "",
        enterprise=Role.ENTERPRISE.value,
    )


def people(*audiences, besides_actor=False):
    """The audience of a notice: ``[HazardEvent] -> {event id: {user id, …}}``, at most four queries for any number of events.

    ``besides_actor``: somebody else has to act on it, so that an event of which no officer but its own actor would hear is told
    to an officer of the place too, or of those above it. A leader who is named hears of it, but reviews nothing.
    """

    def audience(events):
        filers = _doers(events, "submit_feedback") if FILER in audiences else {}
        wanted = [(event, name) for event in events for name in audiences if name != AT_ONCE]
        # Major ones go at once to the supervising department and the committee offices (安全生产法 §41, 总局令16号 §14).
        at_once = [event for event in events if AT_ONCE in audiences and event.record.level == event.record.Level.MAJOR]
        wanted += [(event, name) for event in at_once for name in (AT_ONCE, SUPERVISING)]
        found = _told(wanted, filers)
        if besides_actor:
            for event_id, user_id in _besides(_unanswered(events, found)):
                found[event_id].add(user_id)
        return found

    audience.of_readers = True  # see READS
    return audience


def and_who(move, audience):
    """Those of ``audience``, and whoever made the last ``move`` before each event: the answer is theirs."""

    def told(events):
        found = defaultdict(set, audience(events))
        for event_id, user_id in _doers(events, move).items():
            found[event_id] |= {user_id}
        return found

    return told


def instructed(events):
    """The audience of 批示: who holds the responsibility as which the body was asked, and the managers of that body."""
    asked = _beside(events, "kind", TERRITORIAL)
    found = defaultdict(set)
    for kind in set(asked.values()):
        found.update(people(kind)([event for event in events if asked[event.pk] == kind]))
    units = _beside(events, "unit", None)
    managers = defaultdict(set)
    serving = User.objects.filter(unit__in={*units.values()} - {None}, role=Role.MANAGER, is_active=True)
    for pk, unit_id in serving.values_list("pk", "unit_id"):
        managers[unit_id].add(pk)
    for event in events:
        found[event.pk] |= managers[units[event.pk]]
    return found


def instructing(events):
    """The audience of an answer: the leader whose words they were and who wrote them down; those who answer for the place where
    both have left."""
    leaders, authors = _beside(events, "leader", None), _beside(events, "by", None)
    there = User.objects.filter(pk__in={*leaders.values(), *authors.values()} - {None}, is_active=True)
    there = set(there.values_list("pk", flat=True))
    found = {event.pk: {leaders[event.pk], authors[event.pk]} & there for event in events}
    left = [event for event in events if not found[event.pk]]
    return found | people(TERRITORIAL)(left)


def _beside(events, name, default):
    """``{event id: fact}``: what the row beside each event says of ``name``."""
    return {
        event.pk: next((facts[name] for facts in event.beside.values() if name in facts), default) for event in events
    }


def _unanswered(events, found):
    """Those of ``events`` of which nobody in ``found`` who may act, but for who did it, is told. One query."""
    told = set().union(*(found[event.pk] for event in events))
    officers = set(User.objects.filter(pk__in=told, is_active=True, role__in=OFFICERS).values_list("pk", flat=True))
    return [event for event in events if not (found[event.pk] & officers) - {event.actor_id}]


def _besides(events):
    """``(event id, user id)``: for each event the nearest officer of a government body who reads it and did not do it. One query."""
    if not events:
        return []
    officers = User.objects.filter(
        is_active=True, role__in=OFFICERS, unit__city_code__in={event.record.city_code for event in events}
    )
    officers = list(
        officers.exclude(unit__kind=Unit.Kind.DEPARTMENT).order_by("pk").values_list("pk", "unit__division_code")
    )
    pairs = []
    for event in events:
        here = [
            (len(code), pk)
            for pk, code in officers
            if pk != event.actor_id and event.record.division_code.startswith(code)
        ]
        if here:
            pairs.append((event.pk, max(here, key=lambda one: (one[0], -one[1]))[1]))
    return pairs


def _told(wanted, filers):
    found = defaultdict(set)
    if not wanted:
        return found
    columns = ", ".join(f"hazard.{name}" for name in COLUMNS)
    number = "%s::bigint" if connection.vendor == "postgresql" else "%s"
    rows = ", ".join([f"({number}, {number}, %s, {number})"] * len(wanted))
    params = [value for event, name in wanted for value in (event.pk, event.record_id, name, filers.get(event.pk))]
    sql = f"""
        WITH ask (event_id, hazard_id, audience, filer_id) AS (VALUES {rows}),
        due AS (SELECT {columns}, ask.event_id, ask.audience, ask.filer_id FROM ask JOIN hazards_hazard hazard ON hazard.id = ask.hazard_id),
        {told_sql(COMPETENT, SUPERVISING, persons=True)}
        SELECT event_id, person_id FROM told
    """  # noqa: S608 - names of our own; values are parameters
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        for event_id, person_id in cursor.fetchall():
            found[event_id].add(person_id)
    return found


def _doers(events, move):
    """Who made the last ``move`` before each event (who filed the feedback that a review answers): ``{event id: user id}``. One query."""
    done = HazardEvent.objects.filter(record__in={event.record_id for event in events}, kind=move)
    by_hazard = defaultdict(list)
    for hazard_id, sequence, actor_id in done.order_by("sequence").values_list("record_id", "sequence", "actor_id"):
        by_hazard[hazard_id].append((sequence, actor_id))
    return {
        event.pk: actor_id
        for event in events
        for sequence, actor_id in by_hazard[event.record_id]
        if sequence < event.sequence
    }
