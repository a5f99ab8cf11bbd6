"""The rows of `tests.laws.test_doors` for the doors of rankings: one frozen week, a draft of the formula, an approval of staff."""

from tests import frozen
from tests.laws.doors import FOREIGN_OFFICERS, OFFICERS, each

READERS = OFFICERS | FOREIGN_OFFICERS | {"leader"}
OFFICE = {"safety_office"}
IN_CITY = (200, READERS)  # one truth for all bodies of the city
RANKINGS_GET = {
    "rankings:index": each(403, IN_CITY),
    "rankings:export": each(403, IN_CITY),
    "rankings:official": each(403, (200, READERS)),  # of what the reader serves
    "rankings:official_export": each(403, (200, READERS)),
    "rankings:rows": each(403, (404, READERS), (200, OFFICERS - {"department"} | {"leader"})),
    "rankings:explanation": each(403, (400, READERS)),  # of no unit in particular
    "rankings:trend": each(403, IN_CITY),
    "rankings:map": each(403, IN_CITY),
    "rankings:shapes": each(403, (404, READERS)),  # none was loaded
    "rankings:outline": each(403, (200, OFFICE)),
    "rankings:wall": each(403, IN_CITY),
    "rankings:leader": each(403, IN_CITY),
    "rankings:freeze": each(404, IN_CITY),
    "rankings:freeze_act": each(404, (200, OFFICE), (403, READERS - OFFICE)),
    "rankings:formulas": each(403, IN_CITY),
    "rankings:formula": each(404, (200, OFFICE)),  # a draft is the office's
    "rankings:formula_new": each(403, (200, OFFICE)),
    "rankings:formula_act": each(404, (200, OFFICE)),
    "rankings:staff_list": each(403, IN_CITY),
    "rankings:staff": each(404, IN_CITY),
    "rankings:staff_new": each(403, (200, OFFICE)),
    "rankings:staff_act": each(404, (200, OFFICE), (403, READERS - OFFICE)),
}
RANKINGS_POST = {
    "rankings:outline": each(403, (400, OFFICE)),
    "rankings:freeze_act": each(404, (400, OFFICE), (403, READERS - OFFICE)),
    "rankings:formula_new": each(403, (400, OFFICE)),
    "rankings:formula_act": each(404, (400, OFFICE)),
    "rankings:staff_new": each(403, (400, OFFICE)),
    "rankings:staff_act": each(404, (400, OFFICE), (403, READERS - OFFICE)),
}
ACTS = {
    "rankings:freeze_act": ("freeze", "revise"),
    "rankings:formula_act": ("formula", "publish_formula"),
    "rankings:staff_act": ("staff", "correct_staff"),
}
BIRTHS = {"rankings:formula_new": "propose_formula", "rankings:staff_new": "approve_staff"}


def rankings_of_the_world(township, office):
    return {
        "freeze": frozen.freeze_at("frozen", office).pk,
        "formula": frozen.formula_at("draft", office).pk,
        "staff": frozen.staff_of(township, office).pk,
    }


def arguments_of(name, world):
    """What stands in the address of the ranking's door ``name``; None for another door."""
    if name in ACTS:
        row, act = ACTS[name]
        return [world[row], act]
    if name == "rankings:rows":
        return ["township", "411402001", "found"]
    if name in BIRTHS:
        return [BIRTHS[name]]
    row = name.removeprefix("rankings:")
    return [world[row]] if name.startswith("rankings:") and row in ("freeze", "formula", "staff") else None
