"""A city of six townships that do as one should, and one that is to be flagged."""

from datetime import datetime, time, timedelta
from itertools import count

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile

from evidence.models import Photo
from flags import operations
from flags.models import Flag
from hazards.models import Hazard
from tests.factories import NOON, TODAY, ZONE, EnterpriseFactory, HazardFactory, UnitFactory, UserFactory

TO = TODAY - timedelta(days=5)  # the Sunday before, a cut-off that is over
_SERIAL = count(1)


@pytest.fixture
def peers(db):
    """Six townships beside the one of the fixtures."""
    return [UnitFactory(code=f"41140210{n}", short_name=f"某镇{n}") for n in range(1, 7)]


@pytest.fixture
def find(enterprise):
    """Writes down hazards without events: ``find(unit, 12, days_ago=3, …)`` before the cut-off, in one firm of the township each."""
    firms, people = {}, {}

    def make(unit, number=1, *, days_ago=3, firm=None, trait="", **facts):
        if unit.pk not in people:
            people[unit.pk] = UserFactory(unit=unit)
        person = people[unit.pk]
        township = unit if unit.kind == "government" else enterprise.township
        if firm is None and township.pk not in firms:
            firms[township.pk] = EnterpriseFactory(township=township)
        firm = firm or firms[township.pk]
        facts = {"found_on": TO - timedelta(days=days_ago)} | facts
        return [
            HazardFactory(
                **({trait: True} if trait else {}), enterprise=firm, found_by_unit=unit, registered_by=person,
                **{name: value(n) if callable(value) else value for name, value in facts.items()},
            )
            for n in range(number)
        ]  # fmt: skip

    return make


@pytest.fixture
def picture():
    """Hangs a picture on a hazard: ``picture(hazard, likeness, stage="before", taken_at=None)``."""

    def hang(hazard, likeness, stage="before", taken_at=None):
        digest = f"{next(_SERIAL):064d}"
        return Photo.objects.create(
            content_type=ContentType.objects.get_for_model(Hazard), object_id=hazard.pk, stage=stage, width=800, height=600,
            image=ContentFile(b"x", name="a.jpg"), thumbnail=ContentFile(b"x", name="b.jpg"), sha256=digest, kept_sha256=digest,
            uploaded_by=hazard.registered_by, uploaded_at=NOON, taken_at=taken_at, likeness=likeness,
        )  # fmt: skip

    return hang


@pytest.fixture
def raised(db):
    """Raises flags up to the cut-off and returns those of a kind: ``raised("copied")``."""

    def look(kind, *, to=TO, at=NOON):
        operations.raise_flags(to=to, at=at)
        return list(Flag.objects.filter(kind=kind).order_by("pk"))

    return look


def at(day, hour=10, minute=0):
    return datetime.combine(day, time(hour, minute), ZONE)
