"""Who may do what to a hazard they see, written down a second time: every role, place and part in its story, enumerated."""

from datetime import date
from itertools import product
from types import SimpleNamespace

import pytest

from accounts.models import Unit, User
from accounts.roles import Role
from hazards import rules
from hazards.models import Hazard

AUTHOR, FILER, OTHER = 1, 2, 3
BODIES = {"territorial": 11, "competent": 12, "supervising": 13, "found_by": 14, "another": 15, "none": None}
OFFICERS = {"inspector", "manager", "safety_office"}
MANAGERS = {"manager", "safety_office"}
ANSWERING = ("territorial", "competent", "supervising")
CASES = list(product(Role.values, BODIES, (AUTHOR, FILER, OTHER), ("general", "major"), (True, False)))


def told(role, body, pk, level, is_active):
    person = User(pk=pk, role=role, unit_id=BODIES[body], is_active=is_active)
    hazard = Hazard(
        pk=1,
        level=level,
        reply_due_on=date(2026, 11, 27),
        receipts_since=date(2026, 11, 20),
        registered_by_id=AUTHOR,
        feedback_by_id=FILER,
        extension_asked_by_id=FILER,
        void_asked_by_id=FILER,
        plan_filed_by_id=FILER,
        found_by_unit=Unit(pk=BODIES["found_by"], parent_id=BODIES["another"]),
        offered_unit_id=BODIES["another"],
        offered_by_unit_id=BODIES["competent"],
        issued_by_unit_id=BODIES["found_by"],
        **{f"{name}_unit_id": pk for name, pk in BODIES.items() if name not in ("another", "none", "found_by")},
    )
    hazard._prefetched_objects_cache = {
        "instructions": [SimpleNamespace(unit_id=BODIES["competent"], answered_at=None)],
        "receipts": [
            SimpleNamespace(unit_id=BODIES["competent"], at=None),
            SimpleNamespace(unit_id=BODIES["supervising"], at=date(2026, 11, 21)),
        ],
    }
    return person, hazard


def serves(role, body, is_active, roles):
    """Whether the person holds one of ``roles`` for a body and still does."""
    return is_active and body != "none" and role in roles


# {rule: whether the person is let through}; the rule is asked about rows that the person sees.
EXPECTED = {
    "is_officer": lambda role, body, pk, level, is_active: serves(role, body, is_active, OFFICERS),
    "is_importer": lambda role, body, pk, level, is_active: serves(role, body, is_active, OFFICERS),
    "is_issuer": lambda role, body, pk, level, is_active: serves(role, body, is_active, MANAGERS),
    "keeps_draft": lambda role, body, pk, level, is_active: serves(
        role, body, is_active, OFFICERS if pk == AUTHOR else MANAGERS
    ),
    "is_registrar": lambda role, body, pk, level, is_active: (
        level == "general" and serves(role, body, is_active, OFFICERS if pk == AUTHOR else MANAGERS)
    ),
    "is_rectifier": lambda role, body, pk, level, is_active: (
        is_active and (role == "enterprise" or (role == "manager" and body in ("territorial", "competent")))
    ),
    "is_reviewer": lambda role, body, pk, level, is_active: pk != FILER and serves(role, body, is_active, OFFICERS),
    "resets_by_review": lambda role, body, pk, level, is_active: (
        pk != FILER and serves(role, body, is_active, MANAGERS)
    ),
    "resets_by_acceptance": lambda role, body, pk, level, is_active: (
        pk != FILER
        and serves(role, body, is_active, MANAGERS if body in ("competent", "supervising") else {"safety_office"})
    ),
    "answers_for_it": lambda role, body, pk, level, is_active: serves(
        role, body, is_active, MANAGERS if body in ANSWERING else {"safety_office"}
    ),
    "hands_over": lambda role, body, pk, level, is_active: (
        body == "competent" and serves(role, body, is_active, {"manager"})
    ),
    "is_offered_it": lambda role, body, pk, level, is_active: (
        body == "another" and serves(role, body, is_active, {"manager"})
    ),
    "settles_transfers": lambda role, body, pk, level, is_active: serves(role, body, is_active, {"safety_office"}),
    "is_corrector": lambda role, body, pk, level, is_active: serves(
        role, body, is_active, OFFICERS if pk == AUTHOR else MANAGERS
    ),
    "doubts_it": lambda role, body, pk, level, is_active: serves(
        role, body, is_active, OFFICERS if pk == AUTHOR else MANAGERS
    ),
    "settles_doubts": lambda role, body, pk, level, is_active: (
        pk != FILER and serves(role, body, is_active, MANAGERS if body == "another" else {"safety_office"})
    ),
    "is_committee": lambda role, body, pk, level, is_active: serves(role, body, is_active, {"safety_office"}),
    "is_reopener": lambda role, body, pk, level, is_active: serves(role, body, is_active, MANAGERS),
    "is_commentator": lambda role, body, pk, level, is_active: (
        serves(role, body, is_active, OFFICERS) or (is_active and role == "enterprise")
    ),
    "asks_for_time": lambda role, body, pk, level, is_active: (
        is_active and (role == "enterprise" or (role == "manager" and body in ("territorial", "competent")))
    ),
    "gives_time": lambda role, body, pk, level, is_active: (
        pk != FILER
        and serves(role, body, is_active, MANAGERS if body == "found_by" and level == "general" else {"safety_office"})
    ),
    "reports_progress": lambda role, body, pk, level, is_active: (
        is_active and (role == "enterprise" or (role == "manager" and body in ("territorial", "competent")))
    ),
    "accepts": lambda role, body, pk, level, is_active: (
        pk != FILER
        and serves(role, body, is_active, OFFICERS if body in ("competent", "supervising") else {"safety_office"})
    ),
    "reports_it": lambda role, body, pk, level, is_active: serves(
        role, body, is_active, OFFICERS if pk == AUTHOR else MANAGERS if body == "found_by" else {"safety_office"}
    ),
    "signs_for": lambda role, body, pk, level, is_active: (
        body == "competent" and serves(role, body, is_active, MANAGERS)
    ),
    "files_plans": lambda role, body, pk, level, is_active: (
        is_active and (role == "enterprise" or (role == "manager" and body in ("territorial", "competent")))
    ),
    "approves_plans": lambda role, body, pk, level, is_active: (
        pk != FILER and serves(role, body, is_active, MANAGERS if body == "competent" else {"safety_office"})
    ),
    "is_instructor": lambda role, body, pk, level, is_active: (
        serves(role, body, is_active, {"safety_office"}) or (is_active and role == "leader")
    ),
    "is_instructed": lambda role, body, pk, level, is_active: serves(
        role, body, is_active, MANAGERS if body == "competent" else {"safety_office"}
    ),
}


@pytest.mark.parametrize("rule", EXPECTED)
def test_a_rule_lets_through_exactly_whom_the_table_says(rule):
    wrong = [case for case in CASES if getattr(rules, rule)(*told(*case)) != EXPECTED[rule](*case)]
    assert wrong == []


def test_every_rule_of_a_hazard_stands_in_the_table_and_says_whom_it_turns_away():
    asked = {move.allowed.__name__ for move in Hazard.lifecycle.moves.values()}
    assert asked - {"by_system"} == set(EXPECTED)
    assert all(getattr(rules, name).sentence for name in EXPECTED)


def test_where_no_body_is_named_a_manager_without_a_body_answers_for_nothing():
    assert not rules.is_rectifier(User(pk=OTHER, role="manager", unit_id=15), Hazard())


@pytest.mark.parametrize("body", BODIES)
def test_where_no_transfer_waits_every_body_that_answers_may_offer_it(body):
    hazard = Hazard(**{f"{name}_unit_id": BODIES[name] for name in ANSWERING})
    assert rules.hands_over(User(pk=OTHER, role="manager", unit_id=BODIES[body]), hazard) is (body in ANSWERING)


def test_before_any_feedback_every_officer_may_review():
    assert rules.is_reviewer(User(pk=OTHER, role="inspector", unit_id=15), Hazard())
