"""P8: one hazard edited and saved through its page; what matters is that it costs the same in a ledger of any size."""

import statistics
from datetime import timedelta

from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from bench.measuring import Incomparable, Result, seconds_of
from hazards.lifecycle import State
from hazards.models import Hazard

ROUNDS = 20


def measure(today):
    """Median seconds of the form 下达整改 sent for hazards of a county: gate, compare-and-set, event, reminder."""
    office = User.objects.filter(role=Role.SAFETY_OFFICE, unit__level="county").order_by("unit__code").first()
    waiting = Hazard.objects.visible_to(office).filter(state=State.REGISTERED).order_by("pk")[: ROUNDS + 1]
    client = Client(SERVER_NAME="localhost", HTTP_ACCEPT_LANGUAGE="zh-hans", raise_request_exception=True)
    client.force_login(office)
    times = [seconds_of(lambda row=row: _issue(client, row, today)) for row in waiting]
    if len(times) < 2:
        raise Incomparable("a ledger so small has nothing to order rectified")
    if Hazard.objects.filter(pk__in=[row.pk for row in waiting]).exclude(state=State.RECTIFYING).exists():
        raise Incomparable("a hazard was not saved")
    return [Result("P8", statistics.median(times[1:]), None, statistics.median(times[1:]), unit="s")]


def _issue(client, row, today):
    given = {"due": "date", "date": (today + timedelta(days=7)).isoformat(), "version": row.version}
    client.post(reverse("hazards:act", args=[row.pk, "issue"]), given)
