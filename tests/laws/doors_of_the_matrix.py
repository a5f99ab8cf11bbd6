"""The rows of `tests.laws.test_doors` for the doors of the matrix, and what of it stands in its world."""

from journal import acts
from responsibilities.models import Charge, Line
from tests.factories import TODAY, UnitFactory
from tests.laws.doors import FOREIGN_OFFICERS, OFFICERS, api, each

READERS = OFFICERS | {"leader"}
MANAGERS, FOREIGN_MANAGERS = OFFICERS - {"inspector"}, FOREIGN_OFFICERS - {"foreign_inspector"}
READ = each(403, (200, READERS | FOREIGN_OFFICERS))
SEEN, SEEN_API = each(404, (200, READERS)), api(404, (200, READERS))
# The township's manager keeps its people, and the office above; that alone keeps the lines.
KEEPERS = {"charge": {"manager", "safety_office"}, "line": {"safety_office"}}
APPOINTS = {"charge": MANAGERS | FOREIGN_MANAGERS, "line": {"safety_office"}}
# A line of the county is read by its county alone, for the foreign ones serve another.
MATRIX_GET = {
    "responsibilities:charges": READ,
    "responsibilities:lines": READ,
    "responsibilities:gaps": READ,
    "responsibilities:export": READ,
    "responsibilities:take": each(403, (200, MANAGERS | FOREIGN_MANAGERS)),
}
MATRIX_POST = {"responsibilities:take": each(403, (400, MANAGERS | FOREIGN_MANAGERS))}
for kind, slug in ((Charge, "charge"), (Line, "line")):
    others = (403, READERS - KEEPERS[slug])
    MATRIX_GET |= {
        f"responsibilities:{slug}": SEEN,
        f"responsibilities:{slug}_new": each(403, (200, APPOINTS[slug])),
        f"responsibilities:{slug}_act": each(404, (200, KEEPERS[slug]), others),
        f"api-{slug}-list": api(200),
        f"api-{slug}-detail": SEEN_API,
    }
    MATRIX_POST |= {
        f"responsibilities:{slug}_new": each(403, (400, APPOINTS[slug])),
        f"responsibilities:{slug}_act": each(404, (400, KEEPERS[slug]), others),
        f"api-{slug}-list": api(403, (400, APPOINTS[slug])),
    }
    for act in acts.acts_of(kind):
        if act.serializer:
            MATRIX_GET[f"api-{slug}-{act.name}"] = api(405)
            MATRIX_POST[f"api-{slug}-{act.name}"] = api(404, (400, READERS))
MATRIX_MARKED = dict.fromkeys(["responsibilities:charges", "responsibilities:export"], READERS)


def matrix_of_the_world(township, enterprise, inspector):
    """The inspector, who bears the mark, answers for the firm's sector in the township; a line of the county."""
    facts = {"sector": enterprise.sector, "state": "current", "valid_from": TODAY}
    charge = Charge.objects.create(unit=township, holder=inspector, **facts)
    line = Line.objects.create(place=UnitFactory(code="411402"), competent=UnitFactory(code="411402-YJ"), **facts)
    return {"charge": charge.pk, "line": line.pk}
