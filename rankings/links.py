"""Where each figure of a line leads: to exactly the rows it counts (tests/rankings/test_links.py follows every one)."""

from urllib.parse import urlencode

from django.urls import reverse

from rankings.rows import OF

NO_LINKS = dict.fromkeys(OF, "")  # for readers who do not read all rows behind the figures of a line


MARK = "of-what"  # stands where the figure stands: an address is looked up once for all figures of a line


def links_of(line, asked_for):
    """``{figure: address}`` for one `Line`; ``asked_for``: the parameters of its table (`rankings.views.ranking.query_of`)."""
    given = dict(asked_for)
    before, after = reverse("rankings:rows", args=[given.pop("kind"), line.code, MARK]).split(MARK)
    query = urlencode(given)
    return {figure: f"{before}{figure}{after}?{query}" for figure in OF}
