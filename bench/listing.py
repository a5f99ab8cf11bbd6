"""P7: a page of a hundred rows from the API, over reading the same columns and writing them as JSON."""

import orjson
from django.test import Client
from django.utils import timezone

from accounts import operations
from accounts.models import User
from accounts.roles import Role
from bench.measuring import Incomparable, Result, alternate
from hazards.api.rows import paths
from hazards.models import Hazard

ROUNDS, GOAL, SIZE = 40, 1.2, 100
URL = f"/api/v1/hazards/?page_size={SIZE}"


def measure(today):
    """Seconds of the page with a token, through middleware and view ÷ `.values()` of the same rows + orjson."""
    reader = User.objects.filter(role=Role.SAFETY_OFFICE, unit__level="county").order_by("unit__code").first()
    at = timezone.now()
    _, token = operations.make_token(reader, by=reader, at=at, name=f"测量 {at:%H:%M:%S}", scope="read", days=1)
    client = Client(SERVER_NAME="localhost", HTTP_AUTHORIZATION=f"Token {token}", raise_request_exception=True)

    def floor():
        rows = Hazard.objects.ledger_of(reader).order_by("-pk").values(*paths())[: SIZE + 1]
        return orjson.dumps({"results": list(rows)})

    answer = client.get(URL)
    told = orjson.loads(answer.content)["results"]
    if [row["id"] for row in told] != [row["id"] for row in orjson.loads(floor())["results"][:SIZE]]:
        raise Incomparable("page and floor do not give the same rows")
    pair = alternate(lambda: client.get(URL), floor, rounds=ROUNDS)
    return [Result("P7", pair.ratio, GOAL, pair.seconds)]
