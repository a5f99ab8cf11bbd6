from datetime import datetime

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from accounts.models import User
from demo.loading import empty_database, load
from demo.today import (
    BEYOND,
    BODY,
    DRAFTS,
    FIRM,
    GIVEN_UP,
    IN_LINE,
    OFFICE_VISITS,
    TAKEN_OVER,
    TO_DECIDE,
    TO_HANDLE,
    UNREPORTED,
)
from hazards.deadlines import LADDERS, RECTIFY
from hazards.models import Hazard, HazardEvent
from inspections.models import Sector
from tests.factories import UserFactory
from workdays.models import PublishedYear

pytestmark = [pytest.mark.django_db, pytest.mark.once]
PASSWORD = "Demo-of-the-tests-1"


@pytest.fixture
def demo_mode(settings):
    settings.DEMO, settings.DEMO_PASSWORD = True, PASSWORD


def test_outside_demo_mode_nothing_happens(settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="不是演示模式"):
        call_command("demo", reset=True)


def test_people_of_ones_own_are_not_mixed_with_the_demo(demo_mode):
    UserFactory(username="myself", unit=None)
    with pytest.raises(CommandError, match="数据库里已有人员"):
        call_command("demo")


@pytest.mark.parametrize(("options", "sentence"), [({"scale": 0}, "条数"), ({"unit_city": "9999"}, "没有代码为")])
def test_impossible_wishes_get_a_sentence(demo_mode, options, sentence):
    with pytest.raises(CommandError, match=sentence):
        call_command("demo", **options)
    assert not User.objects.exists()


def test_emptying_keeps_what_came_with_the_code(registered):
    sectors, years = Sector.objects.count(), PublishedYear.objects.count()
    connection.check_constraints()  # PostgreSQL truncates nothing whose foreign keys are still to be checked

    empty_database()

    assert not User.objects.exists()
    assert not HazardEvent.objects.exists()
    assert (Sector.objects.count(), PublishedYear.objects.count()) == (sectors, years)
    assert sectors
    assert years


def everything():
    """``{table: rows}`` of what is loaded, without what is drawn by chance on purpose (salts) or comes with the code."""
    own = ("demo", "sessions", "contenttypes", "auth", "workdays")
    tables = [model for model in apps.get_models(include_auto_created=True) if model._meta.app_label not in own]
    chance = {
        "accounts.User": {"password"},
        "inspections.Sector": {"uid", "last_digest"},
        "criteria.Standard": {"uid", "last_digest"},
        "criteria.Criterion": {"uid"},
        "rankings.Formula": {"uid", "last_digest"},
    }
    kept = {}
    for model in tables:
        if model._meta.label in ("inspections.SectorEvent", "criteria.StandardEvent", "rankings.FormulaEvent"):
            continue
        left_out = chance.get(model._meta.label, set())
        columns = [field.attname for field in model._meta.concrete_fields if field.attname not in left_out]
        kept[model._meta.label] = list(model.objects.order_by("pk").values_list(*columns))
    return kept


def test_the_same_day_gives_the_same_rows():
    """Byte for byte, digests and pictures included, in the morning as at night. All hazards that were asked for are there."""
    found = []
    for hour in (7, 21):
        connection.check_constraints()
        empty_database()
        made = load(at=timezone.make_aware(datetime(2026, 11, 25, hour, 40)), scale=40, city="4114", password=PASSWORD)
        parts = Hazard.objects.exclude(split_from=None).count()
        assert parts and made == Hazard.objects.count() == 40 + staged() + parts
        found.append(everything())

    assert found[0].keys() == found[1].keys()
    for label, rows in found[0].items():
        assert rows == found[1][label], label
    assert found[0]["hazards.HazardEvent"]
    assert found[0]["evidence.Photo"]


def staged():
    """How many there are whatever the scale: those that are staged, and those taken over from an old ledger."""
    bodies = len(FIRM) + 2 * len(BODY) + len(TO_DECIDE) + len(OFFICE_VISITS) + sum(DRAFTS.values()) + GIVEN_UP
    steps = sum(
        len({offset for offsets in ladder.offsets.values() for offset in offsets} | set(BEYOND))
        for ladder in LADDERS[RECTIFY].values()
    )
    bodies += len(UNREPORTED) + len(TO_HANDLE) + len(TO_HANDLE[:IN_LINE])
    return bodies + 2 * steps + sum(rows for _, rows in TAKEN_OVER)
