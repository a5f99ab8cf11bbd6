"""The rows of `tests.laws.test_doors` for the doors of flags: of a township, raised over the hazard of the world."""

from tests.flagged import flag
from tests.laws.doors import FOREIGN_OFFICERS, OFFICERS, each

READERS = OFFICERS - {"department"} | {"leader"}  # a department reads its own alone
READ = each(403, (200, OFFICERS | {"leader"} | FOREIGN_OFFICERS))
OTHERS = (403, READERS - {"manager"})
FLAGS_GET = {
    "flags:list": READ,
    "flags:rows": READ,
    "flags:flag": each(404, (200, READERS)),
    "flags:flag_act": each(404, (200, {"manager"}), OTHERS),
}
FLAGS_POST = {"flags:flag_act": each(404, (400, {"manager"}), OTHERS)}
FLAGS_MARKED = {"flags:rows": READERS}


def flag_of_the_world(township, hazard):
    return {"flag": flag(township, manager=None, office=None, hazards=[hazard]).pk}
