"""One small city for all tests that need a whole one with its two years of history: loading it takes longer than most of them.

It is put back when the last test of this folder is over; what a test does to it, with the test.
"""

import pytest
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from demo.loading import load
from rankings.operations import freeze
from workdays.periods import month_of, week_of

CITY = "4114"
PASSWORD = "Demo-of-the-tests-1"


@pytest.fixture(autouse=True)
def _demonstration(settings):
    """Its people have had their passwords for two years, on whatever database."""
    settings.DEMO = True


@pytest.fixture(scope="package")
def small_city(django_db_setup, django_db_blocker):
    """A demonstration city of a few hundred hazards with true chains."""
    with django_db_blocker.unblock(), transaction.atomic():
        load(at=timezone.now(), scale=500, city=CITY, password=PASSWORD)
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def frozen_city(small_city, django_db_blocker):
    """The same with its two newest weeks and months frozen: ``{weeks, months}``, newest last."""
    with django_db_blocker.unblock(), transaction.atomic():
        now = timezone.now()
        today = timezone.localdate(now)
        periods = {
            name: containing(today).previous().trail(2)
            for name, containing in (("weeks", week_of), ("months", month_of))
        }
        yield {name: [freeze(CITY, period, at=now) for period in both] for name, both in periods.items()}
        transaction.set_rollback(True)


@pytest.fixture
def reader(frozen_city, db, client):
    """Signs in the demo's own people: ``reader("safety_office")`` gives the client."""

    def sign_in(username):
        client.force_login(User.objects.get(username=username))
        return client

    return sign_in
