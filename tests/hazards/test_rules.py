"""Who may do what to a hazard they see, written down a second time: every role, place and part in its story, enumerated."""

from itertools import product

import pytest

from accounts.models import User
from accounts.roles import Role
from hazards import rules
from hazards.models import Hazard

AUTHOR, FILER, OTHER = 1, 2, 3
BODIES = {"territorial": 11, "competent": 12, "supervising": 13, "found_by": 14, "another": 15, "none": None}
OFFICERS = {"inspector", "manager", "safety_office"}
MANAGERS = {"manager", "safety_office"}
CASES = list(product(Role.values, BODIES, (AUTHOR, FILER, OTHER), ("general", "major"), (True, False)))


def told(role, body, pk, level, is_active):
    person = User(pk=pk, role=role, unit_id=BODIES[body], is_active=is_active)
    hazard = Hazard(
        level=level,
        registered_by_id=AUTHOR,
        feedback_by_id=FILER,
        **{f"{name}_unit_id": pk for name, pk in BODIES.items() if name not in ("another", "none")},
    )
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


def test_before_any_feedback_every_officer_may_review():
    assert rules.is_reviewer(User(pk=OTHER, role="inspector", unit_id=15), Hazard())
