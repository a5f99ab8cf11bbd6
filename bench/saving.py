"""P8: one hazard edited and saved through its page; what matters is that it costs the same in a ledger of any size."""

import statistics
from datetime import timedelta
from http import HTTPStatus

from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from bench.measuring import Incomparable, Result, seconds_of
from hazards.lifecycle import State
from hazards.models import Hazard

ROUNDS = 20
# As many rows of the synthetic ledger as are needed, taken back to where an order is waited for.
REGISTERED = """
UPDATE hazards_hazard SET state = 'registered', deadline = NULL, original_deadline = NULL, issued_on = NULL, feedback_on = NULL,
  rectified_on = NULL, reviewed_on = NULL, closed_on = NULL
WHERE id IN (SELECT id FROM hazards_hazard WHERE state = 'closed' ORDER BY id DESC LIMIT %s)
"""


def measure(today):
    """Median seconds of the form 下达整改 sent by a city's office: gate, compare-and-set, event, reminder."""
    office = User.objects.filter(role=Role.SAFETY_OFFICE, unit__level="city").order_by("pk").first()
    with connection.cursor() as cursor:
        cursor.execute(REGISTERED, [ROUNDS + 1])
    waiting = list(Hazard.objects.visible_to(office).filter(state=State.REGISTERED).order_by("-pk")[: ROUNDS + 1])
    client = Client(SERVER_NAME="localhost", HTTP_ACCEPT_LANGUAGE="zh-hans", raise_request_exception=True)
    client.force_login(office)
    times = [seconds_of(lambda row=row: _issue(client, row, today)) for row in waiting]
    if Hazard.objects.filter(pk__in=[row.pk for row in waiting], state=State.RECTIFYING).count() <= ROUNDS:
        raise Incomparable("a hazard was not saved")
    seconds = statistics.median(times[1:])
    return [Result("P8", seconds, None, seconds, unit="s")]


def _issue(client, row, today):
    given = {
        "due": "date",
        "due_date": (today + timedelta(days=7)).isoformat(),
        "version": row.version,
        "requirement": "清理通道，保持畅通",
    }
    answer = client.post(reverse("hazards:act", args=[row.pk, "issue"]), given)
    if answer.status_code != HTTPStatus.FOUND:
        raise Incomparable(f"a hazard was not saved: {answer.status_code}")
