"""Who may do what to enterprises, sectors, units, accounts and measures in which state, written down a second time and independently of
the law pages: every role × state × move, at the gate and at the page, and nobody on a record they do not see."""

import pytest
from django.urls import reverse

from accounts.models import Unit, User
from accounts.roles import Role
from bulletins.models import Bulletin
from criteria.models import Standard
from enforcement.models import Measure
from flags.models import Flag
from hazards.models import Hazard
from inspections.models import Enterprise, Sector
from journal import acts, gate
from journal.lifecycle import UNBORN
from journal.models import record_kinds
from journal.refusal import NotPermitted, Refused
from rankings.models import Formula, Freeze, Staff
from reporting.models import Report
from responsibilities.models import Charge, Line
from tests import frozen, measures, reports, stages
from tests.bulletin import bulletin
from tests.factories import TODAY, UnitFactory, UserFactory
from tests.flagged import flag

pytestmark = [pytest.mark.django_db, pytest.mark.once]  # who may and what is said: no database decides it
ANY, NEVER = ("any state",), ()
OFFICERS, MANAGERS = {"inspector", "manager", "department", "safety_office"}, {"manager", "department", "safety_office"}
DECIDERS = {"manager", "safety_office"}  # of the unit that decided, and the office above
DECIDED = ("suspension", "suspension+asked", "seizure", "penalty", "utilities", "lifted")
SYSADMIN, SECADMIN, NOBODY = {"sysadmin", "other_sysadmin"}, {"secadmin", "other_secadmin"}, set()
CITY_OFFICE = {"safety_office"}
# {kind: {move: (who may make it, at which states)}}; at UNBORN the move brings a record into being.
TABLE = {
    Enterprise: {
        "enlist": (OFFICERS, UNBORN), "adopt": (OFFICERS, UNBORN),
        "edit": (OFFICERS, ANY), "join_member": (MANAGERS, ANY), "part_member": (MANAGERS, ANY),
        "suspend": (NOBODY, ANY), "resume": (NOBODY, ANY),  # they follow the measures
    },
    Measure: {
        "record_measure": (OFFICERS, UNBORN),
        "apply_resumption": ({"enterprise", "manager"}, ("suspension",)),
        "grant_resumption": (DECIDERS, ("suspension+asked",)), "refuse_resumption": (DECIDERS, ("suspension+asked",)),
        "lift_measure": (DECIDERS, ("seizure", "utilities")),
        "correct_measure": ({"inspector"} | DECIDERS, DECIDED), "withdraw_measure": (DECIDERS, DECIDED),
    },
    Flag: {
        "raise": (NOBODY, UNBORN),
        "answer": ({"manager"}, "raised"), "supplement": ({"manager"}, "answered"),
        "dismiss": (CITY_OFFICE, ("raised", "answered")), "uphold": (CITY_OFFICE, ("raised", "answered")),
        "relent": (CITY_OFFICE, ("upheld",)),
    },
    Freeze: {
        "freeze": (NOBODY, UNBORN), "seal": (NOBODY, "frozen"), "revise": (CITY_OFFICE, "frozen"),
    },
    Formula: {
        "found": (NOBODY, UNBORN), "propose_formula": (CITY_OFFICE, UNBORN), "amend_formula": (CITY_OFFICE, "draft"),
        "publish_formula": (CITY_OFFICE, "draft"), "discard_formula": (CITY_OFFICE, "draft"),
    },
    Staff: {"approve_staff": (CITY_OFFICE, UNBORN), "correct_staff": (CITY_OFFICE, ANY)},
    Bulletin: {
        "draft_bulletin": (CITY_OFFICE, UNBORN),
        **dict.fromkeys(("edit_bulletin", "choose_cases", "recompose_bulletin", "submit_bulletin", "discard_bulletin"), (CITY_OFFICE, "draft")),
        "issue_bulletin": (CITY_OFFICE, "pending"), "return_bulletin": (CITY_OFFICE, "pending"),
        "urge_readers": (CITY_OFFICE, "issued"), "instruct_readers": (NOBODY, "issued"),  # the leader of this cast leads a township
    },
    Sector: {
        "found": (NOBODY, UNBORN),
        "edit": (SYSADMIN, ANY), "retire": (SYSADMIN, "active"), "restore": (SYSADMIN, "retired"),
    },
    Standard: {
        "found": (NOBODY, UNBORN), "enter": (CITY_OFFICE, UNBORN),
        "edit": (CITY_OFFICE, ANY), "load_items": (CITY_OFFICE, ANY),
    },
    Unit: {
        "found": (NOBODY, UNBORN),
        "edit": (SYSADMIN, ANY), "retire": (SYSADMIN, "active"), "restore": (SYSADMIN, "retired"),
    },
    Line: {
        "appoint": ({"safety_office"}, UNBORN),
        "replace": ({"safety_office"}, "current"), "end": ({"safety_office"}, "current"),
    },
    Charge: {
        "appoint": (MANAGERS, UNBORN),
        "replace": ({"manager", "safety_office"}, "current"), "end": ({"manager", "safety_office"}, "current"),
    },
    Report: {
        "open": (NOBODY, UNBORN),
        "file": ({"manager"}, ("pending", "returned")), "file_zero": ({"manager"}, ("pending", "returned")),
        "return_report": (CITY_OFFICE, ("filed",)),
        "chase": (CITY_OFFICE, ("pending", "returned")), "excuse": (CITY_OFFICE, ("pending", "returned")),
    },
    User: {
        "open": (SYSADMIN, UNBORN), "add": (NOBODY, UNBORN), "readmit": (NOBODY, NEVER),
        "edit": (SYSADMIN, ANY), "transfer": (SYSADMIN, "active"), "reset_password": (SYSADMIN, ANY),
        "reset_factor": (SYSADMIN, ANY), "clear_factor": (NOBODY, ANY),
        **dict.fromkeys(("bind_factor", "drop_factor", "renew_codes"), (NOBODY, ANY)),  # one's own affair
        "grant": (SECADMIN, ANY), "deactivate": (SYSADMIN, "active"), "revoke": (SECADMIN, "active"),
        # One's own affair, and this record is nobody's of the cast.
        "change_password": (NOBODY, "active"), "make_token": (NOBODY, "active"), "set_password": (NOBODY, ANY),
        "revoke_token": (SECADMIN, "active"), "end_access": (SECADMIN, "active"),
    },
}  # fmt: skip
OF_THE_CITY = OFFICERS | {"leader", "stranger"}
SEES = {
    Bulletin: CITY_OFFICE,  # until it is issued
    Freeze: OF_THE_CITY,
    Staff: OF_THE_CITY,
    Formula: CITY_OFFICE,
    Line: OFFICERS | {"leader"},
    Charge: OFFICERS | {"leader"},
    Enterprise: OFFICERS | {"leader", "enterprise"},
    Measure: OFFICERS | {"leader", "enterprise"},
    Flag: {"inspector", "manager", "safety_office", "leader"},  # a department reads its own
    Report: {"inspector", "manager", "safety_office", "leader"},  # a township's; that of a firm in tests/reporting
    Sector: {*Role.values, "other_sysadmin", "other_secadmin", "department", "stranger", "foreign_firm"},
    Standard: {*Role.values, "other_sysadmin", "other_secadmin", "department", "stranger", "foreign_firm"},
    Unit: OFFICERS | {"leader", "sysadmin", "other_sysadmin", "auditor"},
    User: SYSADMIN | SECADMIN | {"auditor"},
}
OWN_ACCESS = {"change_password", "make_token", "revoke_token", "end_access"}
USED = {"active": True, "retired": False, "pending": False, "stopped": False}  # what the column beside the state says
STATES = [
    pytest.param(kind, state, id=f"{kind.__name__}-{state}")
    for kind in TABLE
    for state in (measures.MEASURES if kind is Measure else kind.lifecycle.states.values)
]


@pytest.fixture
def people():
    """One of every role in one township, a second one of those who act on accounts, strangers, and one of each no longer in use."""
    cast = stages.cast()
    township = cast["author"].unit
    everybody = {
        role: UserFactory(role=role, unit=township)
        for role in Role.values
        if role not in ("safety_office", "enterprise")
    }
    everybody |= {name: cast[name] for name in ("enterprise", "department", "stranger", "foreign_firm")}
    everybody |= {"safety_office": cast["office"], "firm": cast["firm"]}
    everybody |= {f"other_{role}": UserFactory(role=role, unit=township) for role in ("sysadmin", "secadmin")}
    everybody |= {
        f"former {role}": UserFactory(role=role, unit=township, is_active=False, state="stopped")
        for role in Role.values
    }
    return everybody


@pytest.fixture
def told(people):
    """Records to act on: ``told(kind, state)``."""

    def make(kind, state):
        firm = people["firm"]
        if kind is Measure:
            colleague = UserFactory(role="inspector", unit=firm.township)
            return measures.measure(people | {"author": people["inspector"], "colleague": colleague}, state)
        if kind is Flag:
            return flag(firm.township, manager=people["manager"], office=people["safety_office"], stage=state)
        if kind is Bulletin:
            return bulletin(people["safety_office"], state)
        if kind in frozen.FROZEN:
            return frozen.made(kind, people, state)
        if kind is Report:
            return reports.report(people, state)
        unit = UnitFactory(code="411402001-YJ", name="双八镇应急所")
        made = {
            Enterprise: lambda: firm, Sector: lambda: firm.sector, Unit: lambda: unit, User: lambda: UserFactory(unit=unit, factor_seal="f" * 64),
            Line: lambda: stages.line(people), Charge: lambda: stages.charge(people), Standard: Standard.objects.first,
        }  # fmt: skip
        record = made[kind]()
        used = {"is_active": USED[state]} if state in USED else {}
        used |= {"valid_to": TODAY} if state == "ended" else {}
        kind.objects.filter(pk=record.pk).update(state=state, **used)
        record.refresh_from_db()
        return record

    return make


def persons(people):
    return {name: person for name, person in people.items() if name != "firm"}


def makes(name, record, person):
    try:
        gate.check(record, name, by=person)
    except Refused:
        return False
    return True


def expected(kind, state):
    """``{move: names of who may make it}`` in ``state``."""
    return {name: who if at in (ANY, state) or state in at else NOBODY for name, (who, at) in TABLE[kind].items()}


def test_the_tables_know_every_kind_and_every_move():
    """The hazard's stand in test_who.py."""
    assert set(record_kinds()) - set(TABLE) == {Hazard}
    assert {kind: set(moves) for kind, moves in TABLE.items()} == {kind: set(kind.lifecycle.moves) for kind in TABLE}


@pytest.mark.parametrize(("kind", "state"), STATES)
def test_gate_and_page_allow_exactly_what_the_table_says(kind, state, people, told, client):
    record = told(kind, state)
    everybody = persons(people)
    sees = {name for name, one in everybody.items() if kind.objects.visible_to(one).filter(pk=record.pk).exists()}
    assert sees == (OF_THE_CITY if (kind, state) in ((Formula, "published"), (Bulletin, "issued")) else SEES[kind])
    allowed = expected(kind, state)
    for move, who in allowed.items():
        assert {name for name, person in everybody.items() if makes(move, record, person)} == who, move
    for act in acts.acts_of(kind):
        if not act.form or act.creates:
            continue
        may = set().union(*(allowed[move.name] for move in act.moves))
        for name, person in everybody.items():
            if not person.is_active:
                continue  # signs in nowhere
            client.force_login(person)
            status = client.get(page_of(act, record)).status_code
            assert (status == 200) == (name in may), (act.name, name, status)
            assert status in (200, 403, 409) if name in sees else status in (403, 404), (act.name, name, status)


def page_of(act, record):
    if isinstance(record, User):
        name = {"reset_password": "password", "reset_factor": "factor", "deactivate": "stop"}.get(act.name, act.name)
        return reverse(f"accounts:person_{name}", args=[record.pk])
    return reverse(f"{record._meta.app_label}:{record.slug}_act", args=[record.pk, act.name])


@pytest.mark.parametrize("kind", TABLE)
def test_who_brings_a_record_into_being(kind, people):
    for move, (who, at) in TABLE[kind].items():
        if at != UNBORN:
            continue
        may = set()
        for name, person in persons(people).items():
            try:
                gate.check_birth(kind, move, by=person)
            except NotPermitted:
                continue
            may.add(name)
        # A stranger may: what they enter is refused where they do not see it.
        assert may - {"stranger"} == who, move


@pytest.mark.parametrize("role", ["sysadmin", "secadmin"])
def test_nobody_grants_or_stops_an_account_of_their_own(role, people):
    own = people[role]
    mine = {move for move in User.lifecycle.moves if makes(move, own, own)} - OWN_ACCESS
    others = {move for move in User.lifecycle.moves if makes(move, own, people[f"other_{role}"])} - OWN_ACCESS
    assert others - mine == ({"deactivate"} if role == "sysadmin" else {"grant", "revoke"})
    assert mine - others == {"bind_factor"}
    assert mine - {"bind_factor"} == ({"edit", "transfer"} if role == "sysadmin" else set())


@pytest.mark.parametrize("role", Role.values)
def test_the_second_factor_of_an_administrator_is_reset_by_none_of_the_three_and_bound_by_oneself(role, people):
    target = UserFactory(role=role, unit=people["manager"].unit, factor_seal="f" * 64)
    everybody = persons(people) | {"self": target}
    resets = {name for name, person in everybody.items() if makes("reset_factor", target, person)}
    assert resets == (NOBODY if role in ("sysadmin", "secadmin", "auditor") else SYSADMIN)
    for move in ("bind_factor", "drop_factor", "renew_codes"):
        assert {name for name, person in everybody.items() if makes(move, target, person)} == {"self"}


@pytest.mark.parametrize("role", Role.values)
def test_what_ones_access_consists_of_is_everybodys_own_affair(role, people):
    own = people[role]
    mine = {move for move in User.lifecycle.moves if makes(move, own, own)}
    assert mine >= OWN_ACCESS
    assert mine - OWN_ACCESS - {"bind_factor"} == ({"edit", "transfer"} if role == "sysadmin" else set())


@pytest.mark.parametrize("role", Role.values)
def test_the_password_of_an_administrator_is_reset_by_none_of_the_three(role, people, told):
    target = UserFactory(role=role, unit=people["manager"].unit)
    who = {name for name, person in persons(people).items() if makes("reset_password", target, person)}
    assert who == (NOBODY if role in ("sysadmin", "secadmin", "auditor") else SYSADMIN)


@pytest.mark.parametrize("kind", TABLE)
def test_the_gate_refuses_everybody_on_a_record_they_do_not_see(kind, people, told):
    record = told(kind, measures.MEASURES[0] if kind is Measure else kind.lifecycle.states.values[0])
    for name, person in persons(people).items():
        if name not in SEES[kind]:
            for move in kind.lifecycle.moves:
                with pytest.raises(NotPermitted, match="不存在，或不在您的管辖范围内"):
                    gate.check(record, move, by=person)
