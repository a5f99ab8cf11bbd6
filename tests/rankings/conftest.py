"""A city whose periods are frozen, for the pages that show them."""

import pytest
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from demo.loading import load
from rankings.operations import freeze
from tests.factories import UnitFactory
from workdays.periods import month_of, week_of

CITY = "4114"


@pytest.fixture(scope="module")
def small_city(django_db_setup, django_db_blocker):
    """A demonstration city of a few hundred hazards with true chains, two years of them, put back afterwards."""
    with django_db_blocker.unblock(), transaction.atomic():
        load(at=timezone.now(), scale=500, city=CITY, password="Demo-of-the-tests-1")
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def frozen_city(small_city, django_db_blocker):
    """The same with its two newest weeks and months frozen: ``{weeks, months}``, newest last."""
    with django_db_blocker.unblock():
        now = timezone.now()
        today = timezone.localdate(now)
        periods = {
            name: containing(today).previous().trail(2)
            for name, containing in (("weeks", week_of), ("months", month_of))
        }
        return {name: [freeze(CITY, period, at=now) for period in both] for name, both in periods.items()}


@pytest.fixture
def reader(frozen_city, db, client):
    """Signs in the demo's own people: ``reader("safety_office")`` gives the client."""

    def sign_in(username):
        client.force_login(User.objects.get(username=username))
        return client

    return sign_in


@pytest.fixture
def city(township):
    """The city and its county, above the township of the other fixtures."""
    UnitFactory(code="411402", short_name="梁园区")
    return UnitFactory(code="4114", short_name="商丘市")
