"""The rows of `tests.laws.test_doors` for the doors of bulletins: one of the city's, issued."""

from bulletins.models import Bulletin
from journal import acts
from tests.bulletin import bulletin
from tests.laws.doors import FOREIGN_OFFICERS, OFFICERS, api, each

READERS = OFFICERS | FOREIGN_OFFICERS | {"leader"}
OFFICE, LEADER = {"safety_office"}, {"leader"}
SEEN, SEEN_API = each(404, (200, READERS)), api(404, (200, READERS))
BULLETINS_GET = {
    "bulletins:list": each(403, (200, READERS)),
    "bulletins:receipts": each(403, (200, READERS)),
    "bulletins:bulletin_new": each(403, (200, OFFICE)),
    "bulletins:bulletin": SEEN,
    "bulletins:word": SEEN,
    "bulletins:bulletin_act": each(404, (200, LEADER), (403, READERS - LEADER)),
    "api-bulletin-list": api(200),
    "api-bulletin-detail": SEEN_API,
}
BULLETINS_POST = {
    "bulletins:bulletin_new": each(403, (400, OFFICE)),
    "bulletins:bulletin_act": each(404, (400, LEADER), (403, READERS - LEADER)),
    "api-bulletin-list": api(403, (400, OFFICE)),
}
# With nothing more to say: what an issued one no longer allows is refused by its state, 催阅 is the office's.
URGED = "api-bulletin-urge-readers"
for act in acts.acts_of(Bulletin):
    if act.serializer and not act.creates:
        address = f"api-bulletin-{act.name.replace('_', '-')}"
        required = any(field.required for field in act.serializer().fields.values())
        BULLETINS_GET[address] = api(405)
        BULLETINS_POST[address] = api(404, (400 if required else 409, READERS))
BULLETINS_POST[URGED] = api(404, (403, READERS))
BULLETINS_SAID_IT_ALL = {URGED: OFFICE}


def bulletin_of_the_world(office):
    return {"bulletin": bulletin(office, "issued").pk}
