"""What is not there is not written down as None: not in a message, not on a timeline, not in what is said after an act."""

import pytest
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from hazards.models import Hazard, HazardEvent
from journal import acts
from journal.outbox import publish
from notifications.models import Notification
from tests import stages

pytestmark = [pytest.mark.django_db, pytest.mark.once]  # who may and what is said: no database decides it


def spoken():
    """Everything that people read of the events there are, and of the messages."""
    for message in Notification.objects.all():
        yield from (message.title, message.body)
    for event in HazardEvent.objects.all():
        yield from (event.note, event.actor_name, event.unit_name, *event.changes, *event.changes.values())


@pytest.mark.parametrize("stage", stages.STAGES)
def test_no_act_at_any_stage_says_none(stage):
    people = stages.cast()
    row = stages.hazard(people, stage)
    publish(at=timezone.now())
    assert [text for text in spoken() if "None" in text] == []
    for name in filter(lambda name: stage in stages.stages_of(name), stages.with_a_page()):
        act = acts.named(Hazard, name)
        actors = (one for one in people.values() if isinstance(one, User) and act.refusal(one, row) is None)
        if (by := next(actors, None)) is None:
            continue
        with transaction.atomic():
            at, hazard = timezone.now(), Hazard.objects.get()
            made = act.do(hazard, stages.told(name, by), by=by, at=at)
            publish(at=at)
            said = [*spoken(), act.said(hazard, made, timezone.localdate(at))]
            assert [text for text in said if "None" in text] == [], name
            transaction.set_rollback(True)
