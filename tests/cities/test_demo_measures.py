"""The measures of the demonstration: would the rules of the product have let each be written, and is there work for the accounts?"""

import re

import pytest
from django.utils import timezone

from accounts.models import User
from enforcement.closing import standing, waiting_for
from enforcement.kinds import Kind
from enforcement.models import Measure, MeasureEvent
from inspections.models import Enterprise
from journal.acts import named
from journal.audit import breaks

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.xdist_group("small city"),
    pytest.mark.once,
    pytest.mark.usefixtures("small_city"),
]
NUMBER = re.compile(r"（.+）应急罚〔(\d{4})〕(\d+)号")


def account(name):
    return User.objects.select_related("unit").get(username=name)


def test_chains_are_true_and_every_kind_is_there():
    assert list(breaks([Measure, Enterprise])) == []
    assert set(Measure.objects.values_list("kind", flat=True)) >= set(Kind) - {Kind.SEIZURE}  # which is left to chance


def test_the_status_of_a_firm_follows_its_measures():
    stopped = Enterprise.objects.filter(status=Enterprise.Status.SUSPENDED)
    assert set(stopped) == {one.enterprise for one in Measure.objects.suspending().select_related("enterprise")}
    assert stopped.exists()


def test_who_decided_saw_it_and_numbers_run_with_time():
    for row in Measure.objects.select_related("officer__unit", "second_officer", "unit"):
        assert row.officer.unit == row.second_officer.unit == row.unit and row.on < timezone.localdate()
        assert Measure.objects.visible_to(row.officer).filter(pk=row.pk).exists()
    actors = User.objects.filter(pk__in=MeasureEvent.objects.values("actor"))
    for person in actors.select_related("unit"):
        acted = Measure.objects.filter(events__actor=person)
        assert not acted.exclude(pk__in=Measure.objects.visible_to(person).values("pk")).exists()
    fines = {}
    for unit, on, number in Measure.objects.filter(kind=Kind.PENALTY).values_list("unit", "on", "number"):
        year, n = NUMBER.fullmatch(number).groups()
        fines.setdefault((unit, year), []).append((int(n), on))
    for rows in fines.values():
        assert [n for n, _ in sorted(rows)] == list(range(1, len(rows) + 1))
        assert [on for _, on in sorted(rows)] == sorted(on for _, on in rows)


def test_there_is_something_to_decide():
    today = timezone.localdate()
    township, office, department = account("township"), account("safety_office"), account("department")
    mine = named(Measure, "decide_resumption").waits_for
    assert Measure.objects.visible_to(township).filter(mine(township), resumption_due_on__lt=today).exists()
    assert Measure.objects.visible_to(department).filter(mine(department)).exists()
    own = Measure.objects.visible_to(account("enterprise"))
    assert own.filter(kind=Kind.PENALTY).exists() and own.filter(resumption_due_on__isnull=False).exists()
    assert standing(Enterprise.objects.visible_to(township), today).exists()
    assert waiting_for(office, today).exists() and waiting_for(township, today).exists()
