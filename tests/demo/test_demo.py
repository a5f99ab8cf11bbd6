import random

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import User
from demo.lives import Plan
from demo.loading import draw_text, empty_database, load
from demo.people import ACCOUNTS
from evidence.models import Photo
from hazards.lifecycle import State
from hazards.models import Hazard, HazardEvent
from inspections import uscc
from inspections.models import Enterprise, Inspection, Sector
from journal.audit import breaks
from journal.series import Series
from tests.factories import UserFactory
from workdays.models import PublishedYear

pytestmark = pytest.mark.django_db
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


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker):
    """One small city for all tests below that only look; rolled back at the end of the module."""
    with django_db_blocker.unblock(), transaction.atomic():
        load(at=timezone.now(), scale=150, city="4114", password=PASSWORD)
        yield
        transaction.set_rollback(True)


def test_every_account_can_sign_in(loaded, client):
    for username, role, *_ in ACCOUNTS:
        assert client.login(username=username, password=PASSWORD), username
        assert User.objects.get(username=username).role == role
    assert (
        not User.objects.exclude(username__in=[row[0] for row in ACCOUNTS]).filter(password__startswith="md5").exists()
    )


def test_every_page_has_something_to_show(loaded):
    assert set(Hazard.objects.values_list("state", flat=True)) >= {*State.values} - {State.DISCARDED}
    for username in ("inspector", "township", "department", "safety_office", "leader", "enterprise"):
        assert Hazard.objects.visible_to(User.objects.get(username=username)).exists(), username
    own = Hazard.objects.visible_to(User.objects.get(username="enterprise"))
    assert set(own.values_list("state", flat=True)) >= {"registered", "rectifying", "pending_review", "closed"}
    assert own.filter(rounds__gte=1, state="rectifying").exists(), "one that failed its review"
    assert Hazard.objects.filter(state="draft", registered_by__username="inspector").count() == 3
    assert User.objects.get(username="township").notifications.exists()
    assert Photo.objects.filter(stage="before").exists()
    assert Photo.objects.filter(stage="after").exists()


def test_the_inspector_has_a_colleague_to_go_with(loaded):
    inspector = User.objects.get(username="inspector")
    assert User.objects.filter(unit=inspector.unit, role="inspector").count() >= 2
    assert inspector.superior == User.objects.get(username="township")


def test_numbers_have_no_gaps(loaded):
    for sequence in Series.objects.all():
        prefix = f"YH-{sequence.unit}-{sequence.year}-"
        numbers = Hazard.objects.filter(number__startswith=prefix).order_by("number").values_list("number", flat=True)
        assert list(numbers) == [f"{prefix}{n:06d}" for n in range(1, sequence.last + 1)]


def test_histories_are_possible(loaded):
    assert list(breaks()) == []
    assert not HazardEvent.objects.filter(at__gt=timezone.now()).exists()
    assert not Inspection.objects.filter(inspected_on__gt=timezone.localdate()).exists()
    assert not Hazard.objects.filter(issued_on__lt=F("found_on")).exists()
    assert not Hazard.objects.filter(reviewed_on__lt=F("rectified_on")).exists()
    for event in HazardEvent.objects.filter(kind__in=["pass_review", "fail_review"]).select_related("record"):
        filed = event.record.events.filter(kind="submit_feedback", sequence__lt=event.sequence).last()
        assert filed.actor_id != event.actor_id, "nobody reviews what he filed"
        assert filed.at <= event.at


def test_credit_codes_are_valid_and_phones_are_nobodys(loaded):
    codes = Enterprise.objects.exclude(uscc="").values_list("uscc", flat=True)
    assert codes
    assert [code for code in codes if uscc.problem(code)] == []
    assert not User.objects.exclude(phone__startswith="1390000").exists()
    assert not Enterprise.objects.exclude(phone__startswith="1390000").exists()


def test_loading_again_changes_only_passwords(loaded, demo_mode, settings, capsys):
    before = list(Hazard.objects.order_by("pk").values_list("pk", "version"))
    settings.DEMO_PASSWORD = "Another-one-2"

    call_command("demo")

    assert "演示数据已在库中" in capsys.readouterr().out
    assert list(Hazard.objects.order_by("pk").values_list("pk", "version")) == before
    assert User.objects.get(username="auditor").check_password("Another-one-2")


def test_what_is_closed_on_the_spot_is_never_major():
    rows, chance = [{"level": "major"}, {"level": "general"}], random.Random(1)
    for plan, levels in ((Plan(on_spot=True), {"general"}), (None, {"general", "major"})):
        assert {draw_text(rows, plan, chance)["level"] for _ in range(200)} == levels
