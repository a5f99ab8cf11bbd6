"""By which criteria the major hazards of the texts are judged."""

from criteria.models import Criterion
from demo.texts import read_rows


def judges():
    """``{basis: Criterion}`` of the texts whose basis names an item, or a standard of which there are no items."""
    rows = list(Criterion.objects.newest().select_related("standard").order_by("pk"))
    itemised = {row.standard_id for row in rows if not row.is_whole}
    named = [row for row in rows if not (row.is_whole and row.standard_id in itemised)]
    found = {}
    for basis in {row["basis"] for row in read_rows("texts.csv")} - {""}:
        if match := next((row for row in named if row.is_cited_in(basis)), None):
            found[basis] = match
    return found
