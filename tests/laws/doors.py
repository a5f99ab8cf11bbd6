"""Who is who at the doors of `tests.laws.test_doors`, and its rows for the doors of measures."""

from accounts.roles import Role
from enforcement import operations
from enforcement.models import Measure
from journal import acts
from tests.factories import EnterpriseFactory, UnitFactory, UserFactory

OFFICERS = {"inspector", "manager", "department", "safety_office"}
# The rows of the world below are their own; the others' rows are foreign to them.
SEES = OFFICERS | {"leader", "enterprise"}
ADMINISTRATORS = {"sysadmin", "secadmin", "auditor"}
FOREIGN_OFFICERS = {"foreign_inspector", "foreign_manager", "foreign_department"}
FOREIGN = FOREIGN_OFFICERS | {"foreign_enterprise"}
ROLES = ["anonymous", *sorted(SEES | ADMINISTRATORS | FOREIGN)]


def each(default, *others, anonymous=302):
    """``{role: status}``: ``default`` for those signed in but for ``others``, pairs of a status and the roles it is for."""
    found = dict.fromkeys(ROLES, default) | {"anonymous": anonymous}
    for status, roles in others:
        found |= dict.fromkeys(roles, status)
    return found


def api(default, *others):
    return each(default, *others, anonymous=401)


SEEN, SEEN_API = each(404, (200, SEES)), api(404, (200, SEES))
WRITES = each(403, (200, OFFICERS | FOREIGN_OFFICERS))
# An empty form: 400 what is missing, 403 not theirs, 409 not now. API acts: first the row, then the form, then the verb.
WRITES_NOTHING = each(403, (400, OFFICERS | FOREIGN_OFFICERS))
API_WRITE = api(403, (400, OFFICERS | FOREIGN_OFFICERS))

# The measure of the world is recorded by its inspector, who may correct it.
CORRECTS, TURNED_AWAY = {"inspector", "manager", "safety_office"}, (403, {"department", "leader", "enterprise"})
_ACTS = [f"api-measure-{act.name.replace('_', '-')}" for act in acts.acts_of(Measure) if not act.creates]
MEASURES_GET = {
    "enforcement:list": each(200),
    "enforcement:export": each(200),
    "enforcement:closing": each(200, (403, {"enterprise", "foreign_enterprise"})),
    "enforcement:measure_new": WRITES,
    "enforcement:measure": SEEN,
    "enforcement:measure_act": each(404, (200, CORRECTS), TURNED_AWAY),
    "api-measure-list": api(200),
    "api-measure-detail": SEEN_API,
    **dict.fromkeys(_ACTS, api(405)),
}
MEASURES_POST = {
    "enforcement:measure_new": WRITES_NOTHING,
    "enforcement:measure_act": each(404, (400, CORRECTS), TURNED_AWAY),
    "api-measure-list": API_WRITE,
    **dict.fromkeys(_ACTS, api(404, (400, SEES))),
}
MEASURES_MARKED = dict.fromkeys(["enforcement:list", "enforcement:export", "api-measure-list"], SEES)


def measure_of_the_world(inspector, colleague, enterprise, at):
    """An order to put right, by the township."""
    return operations.record_measure(
        by=inspector, at=at, kind="order", on=at.date(), content="限期整改", basis="《安全生产法》第六十五条",
        second_officer=colleague, enterprise=enterprise,
    )  # fmt: skip


def cast(township, enterprise, inspector):
    elsewhere = UnitFactory(code="411403001")
    department, foreign = UnitFactory(code="411402-YJ"), UnitFactory(code="411403-YJ")
    people = {
        "anonymous": None,
        "inspector": inspector,
        "manager": UserFactory(role="manager", unit=township),
        "department": UserFactory(role="manager", unit=department),
        "safety_office": UserFactory(role="safety_office", unit=UnitFactory(code="4114-AWB")),
        "leader": UserFactory(role="leader", unit=UnitFactory(code="4114")),
        "enterprise": UserFactory(role="enterprise", unit=None),
        **{role: UserFactory(role=role, unit=UnitFactory(code="4114")) for role in ADMINISTRATORS},
        "foreign_inspector": UserFactory(role="inspector", unit=elsewhere),
        "foreign_manager": UserFactory(role="manager", unit=elsewhere),
        "foreign_department": UserFactory(role="manager", unit=foreign),
        "foreign_enterprise": UserFactory(role="enterprise", unit=None),
    }
    enterprise.members.add(people["enterprise"])
    EnterpriseFactory(township=elsewhere).members.add(people["foreign_enterprise"])
    assert set(people) == set(ROLES)
    assert {person.role for person in people.values() if person} == set(Role)
    return people
