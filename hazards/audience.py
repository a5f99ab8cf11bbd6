"""Who is told about a hazard: one set of SQL for the notices of events and for the reminder sweep alike.

Who was named may have left since: the firm's person counts while a member of it in that role, a body's while of that body; a body without
one falls back to the first of its managers. Whoever is told reads the row: ``READS`` is `Hazard.objects.visible_to` as a
condition, and a property test holds the two together.
"""

from collections import defaultdict

from django.db import connection

from accounts.roles import RANKING_READERS, Role
from hazards.models import HazardEvent

TERRITORIAL, COMPETENT, SUPERVISING, ENTERPRISE = "territorial", "competent", "supervising", "enterprise"
REGISTRAR, FILER, AT_ONCE = "registrar", "filer", "at_once"
HOLDER, MANAGER, LEADER = "holder", "manager", "leader"

COLUMNS = (
    "id", "number", "level", "deadline", "description", "enterprise_id", "enterprise_holder_id", "territorial_unit_id",
    "territorial_holder_id", "competent_unit_id", "competent_holder_id", "supervising_unit_id", "supervising_holder_id",
    "found_by_unit_id", "registered_by_id", "division_code", "county_code", "city_code",
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
        AND line.function = seat.function AND seat.division_code IN (line.division_code, line.county_code, line.city_code))))
"""  # noqa: S608 - constants of our own
SEAT = f"""COALESCE({{kind}}.id, (
      SELECT min(id) FROM accounts_user
      WHERE unit_id = due.{{kind}}_unit_id AND role = '{Role.MANAGER.value}' AND is_active)) AS {{kind}}_seat"""  # noqa: S608
JOIN = f"""
  LEFT JOIN accounts_user {{kind}} ON {{kind}}.id = due.{{kind}}_holder_id AND {{kind}}.is_active
    AND {{kind}}.unit_id = due.{{kind}}_unit_id AND {{kind}}.role IN ({READERS})"""
ONE_PERSON = """CASE audience
           WHEN 'territorial' THEN territorial_seat WHEN 'enterprise' THEN firm WHEN 'registrar' THEN registered_by_id
           WHEN 'filer' THEN filer_id WHEN 'competent' THEN {competent} WHEN 'supervising' THEN {supervising}
           WHEN 'holder' THEN COALESCE(firm, territorial_seat) END"""
TOLD = """
held AS (
  SELECT due.*, firm.id AS firm, {seats}
  FROM due
  LEFT JOIN accounts_user firm ON firm.id = due.enterprise_holder_id AND firm.is_active
    AND firm.role = '{enterprise}' AND EXISTS (
    SELECT 1 FROM inspections_enterprise_members member
    WHERE member.enterprise_id = due.enterprise_id AND member.user_id = firm.id){joins}
),
told AS (
  SELECT one.*, person.id AS person_id
  FROM (
    SELECT held.*, {one_person} AS candidate FROM held WHERE audience NOT IN ('manager', 'leader', 'at_once')
    UNION ALL
    SELECT held.*, CASE WHEN firm IS NULL THEN boss.superior_id ELSE territorial_seat END AS candidate
    FROM held
    LEFT JOIN accounts_user boss ON boss.id = COALESCE(territorial_seat, territorial_holder_id)
      AND boss.unit_id = territorial_unit_id
    WHERE audience = 'manager'
    UNION ALL
    SELECT held.*, head.id AS candidate
    FROM held
    JOIN accounts_unit body ON body.division_code IN (held.county_code, held.city_code) AND body.kind <> 'department'
    JOIN accounts_user head ON head.unit_id = body.id AND head.is_active
      AND head.role = CASE audience WHEN 'leader' THEN 'leader' ELSE 'safety_office' END
    WHERE audience IN ('leader', 'at_once')
  ) AS one
  JOIN accounts_user person ON person.id = one.candidate
  LEFT JOIN accounts_unit seat ON seat.id = person.unit_id
  WHERE {reads}
)
"""


def told_sql(*bodies):
    """The CTEs ``held`` and ``told`` (``due.*, person_id``) over a CTE ``due`` with `COLUMNS`, ``audience`` and ``filer_id``.

    ``bodies``: the responsibilities whose seats are asked for; the territorial one always is.
    """
    kinds = list(dict.fromkeys((TERRITORIAL, *bodies)))
    return TOLD.format(
        seats=", ".join(SEAT.format(kind=kind) for kind in kinds),
        joins="".join(JOIN.format(kind=kind) for kind in kinds),
        one_person=ONE_PERSON.format(
            **{kind: f"{kind}_seat" if kind in kinds else "NULL" for kind in (COMPETENT, SUPERVISING)}
        ),
        reads=READS,
        enterprise=Role.ENTERPRISE.value,
    )


def people(*audiences):
    """The audience of a notice: ``[HazardEvent] -> {event id: {user id, …}}``, at most two queries for any number of events."""

    def audience(events):
        filers = _filers(events) if FILER in audiences else {}
        wanted = [(event, name) for event in events for name in audiences if name != AT_ONCE]
        # Major ones go at once to the supervising department and the committee offices (安全生产法 §41, 总局令16号 §14).
        at_once = [event for event in events if AT_ONCE in audiences and event.record.level == event.record.Level.MAJOR]
        wanted += [(event, name) for event in at_once for name in (AT_ONCE, SUPERVISING)]
        return _told(wanted, filers)

    audience.of_readers = True  # see READS
    return audience


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
        {told_sql(COMPETENT, SUPERVISING)}
        SELECT event_id, person_id FROM told
    """  # noqa: S608 - names of our own; values are parameters
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        for event_id, person_id in cursor.fetchall():
            found[event_id].add(person_id)
    return found


def _filers(events):
    """Who filed the feedback that each review answers: ``{id of the review's event: user id}``. One query."""
    filed = HazardEvent.objects.filter(record__in={event.record_id for event in events}, kind="submit_feedback")
    by_hazard = defaultdict(list)
    for hazard_id, sequence, actor_id in filed.order_by("sequence").values_list("record_id", "sequence", "actor_id"):
        by_hazard[hazard_id].append((sequence, actor_id))
    return {
        event.pk: actor_id
        for event in events
        for sequence, actor_id in by_hazard[event.record_id]
        if sequence < event.sequence
    }
