from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from evidence import tasks
from evidence.models import Photo
from evidence.operations import store_photo

pytestmark = pytest.mark.django_db


def test_the_nightly_task_drops_what_nobody_took(inspector, picture):
    for days in (8, 1):
        store_photo(picture(), by=inspector, at=timezone.now() - timedelta(days=days))
    tasks.drop_waiting()
    assert Photo.objects.count() == 1
    assert tasks.drop_waiting.name in {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
