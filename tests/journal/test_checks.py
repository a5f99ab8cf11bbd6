"""What a kind of record lacks is said by ``manage.py check``, not by the first request."""

from django.db import models
from django.test.utils import isolate_apps

from hazards.models import Hazard
from journal import checks
from journal.lifecycle import UNBORN, Lifecycle, Move, by_system
from journal.models import Event, Record, record_kinds


class State(models.TextChoices):
    MADE = "made", "已建立"


LAW = Lifecycle(State, Move("make", "建立", (UNBORN,), State.MADE, by_system))


def found(monkeypatch, *kinds):
    monkeypatch.setattr(checks, "record_kinds", lambda: kinds)
    return [error.id for error in checks.records_are_whole()]


def test_the_kinds_there_are_lack_nothing(monkeypatch):
    assert found(monkeypatch, *record_kinds()) == []


@isolate_apps("hazards")
def test_a_kind_without_events_words_and_page(monkeypatch):
    class Order(Record):
        lifecycle = LAW

        class Meta:
            app_label = "hazards"

    assert found(monkeypatch, Order) == ["journal.E001"]

    class OrderEvent(Event):
        record = models.ForeignKey(Order, models.PROTECT, related_name="events")

        class Meta:
            app_label = "hazards"

    assert OrderEvent is Order.stream()
    assert found(monkeypatch, Order) == ["journal.E002", "journal.E003", "journal.E004"]


@isolate_apps("hazards")
def test_a_whole_kind_under_the_name_of_another(monkeypatch):
    class Order(Record):
        lifecycle, noun, slug = LAW, "隐患", "hazard"

        class Meta:
            app_label = "hazards"

        def get_absolute_url(self):
            return "/orders/1/"

    class OrderEvent(Event):
        record = models.ForeignKey(Order, models.PROTECT, related_name="events")

        class Meta(Event.Meta):
            app_label = "hazards"

    assert OrderEvent is Order.stream()
    assert found(monkeypatch, Order) == []
    assert found(monkeypatch, Hazard, Order) == ["journal.E003"]
