"""The cast of characters as fixtures: an inspector, those who answer, those who review, and strangers."""

import os
from datetime import timedelta
from io import BytesIO
from itertools import count

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from PIL import Image

from evidence.operations import store_document, store_photo
from hazards import operations
from safetyledger.settling import settle
from tests import stages
from tests.factories import NOON, TODAY, EnterpriseFactory, UnitFactory, UserFactory

# No test is about how fast the machine is; fixtures that a function asks for are meant for all of its examples.
hypothesis_settings.register_profile(
    "house",
    hypothesis_settings(),
    deadline=None,
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.function_scoped_fixture,
        HealthCheck.data_too_large,
        HealthCheck.large_base_example,
    ],
)
hypothesis_settings.load_profile("house")


def pytest_collection_finish():
    """As what serves does: a twentieth of the whole run."""
    settle()


def pytest_collection_modifyitems(config, items):
    """Every test that commits puts back what the migrations wrote: one that does not would break those after it that do.

    With ONLY_DATABASE the tests that touch no database and those in a browser are left out: the second run is about the other
    database, and what a browser shows does not depend on it. A few whole journeys (``both``) are taken there all the same.
    """
    without = []
    for item in items:
        marker = item.get_closest_marker("django_db")
        fixtures = set(item.fixturenames)
        commits = {"live_server", "transactional_db"} & fixtures or (marker and marker.kwargs.get("transaction"))
        if commits and "django_db_serialized_rollback" not in item.fixturenames:
            item.fixturenames.append("django_db_serialized_rollback")
        if (
            not (marker or commits or "db" in fixtures)
            or (item.get_closest_marker("browser") and not item.get_closest_marker("both"))
            or item.get_closest_marker("once")
        ):
            without.append(item)
    if os.environ.get("ONLY_DATABASE"):
        config.hook.pytest_deselected(items=without)
        items[:] = [item for item in items if item not in set(without)]


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """On PostgreSQL, empties tables quickly; and before the test database is dropped, ends the sessions others left open: under a
    browser's event loop Django opens connections of its own that no test can close, and PostgreSQL drops no database somebody is
    connected to."""
    with django_db_blocker.unblock():
        if connection.vendor == "postgresql" and _is_superuser():
            connection.ops.sql_flush = _deletes
    yield
    if connection.vendor == "postgresql":
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


def _is_superuser():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('is_superuser')")
        return cursor.fetchone()[0] == "on"


def _deletes(style, tables, **options):
    """What empties ``tables``, by somebody who may switch their triggers off. TRUNCATE makes new files for each of them and its indexes: a second, for a handful of rows."""
    rows = [f"DELETE FROM {connection.ops.quote_name(table)}" for table in tables]
    return ["SET session_replication_role = replica", *rows, "SET session_replication_role = DEFAULT"] if rows else []


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.AUDIT_ANCHORS = tmp_path / "audit.anchors"


@pytest.fixture(autouse=True)
def _nothing_remembered():
    """What one test had kept for a while is of rows that the next one does not have."""
    cache.clear()


@pytest.fixture
def noon():
    return NOON


@pytest.fixture
def today():
    return TODAY


@pytest.fixture
def clock(noon):
    """Moves a day with each act: ``next(clock)``. What the fixtures below do lies before noon, what a test does next at noon or later."""
    return (noon + timedelta(days=days) for days in count(-3))


@pytest.fixture
def people(db):
    """Everybody of `tests.stages.cast`, by name."""
    return stages.cast()


@pytest.fixture
def township(db):
    return UnitFactory(code="411402001", name="双八镇人民政府", short_name="双八镇")


@pytest.fixture
def foreign_township(db):
    return UnitFactory(code="411403001", name="郭村镇人民政府", short_name="郭村镇")


@pytest.fixture
def enterprise(township):
    return EnterpriseFactory(township=township, name="商丘豫盛冷链食品有限公司")


@pytest.fixture
def inspector(township):
    return UserFactory(role="inspector", unit=township, username="inspector", full_name="袁立新")


@pytest.fixture
def colleague(township):
    return UserFactory(role="inspector", unit=township, username="colleague", full_name="贺春生")


@pytest.fixture
def manager(township):
    return UserFactory(role="manager", unit=township, username="township", full_name="郑有田")


@pytest.fixture
def safety_office(db):
    return UserFactory(role="safety_office", unit=UnitFactory(code="4114-AWB", name="商丘市安委办"), full_name="冯晓岚")


@pytest.fixture
def leader(db):
    return UserFactory(role="leader", unit=UnitFactory(code="4114", name="商丘市人民政府"), full_name="宁致和")


@pytest.fixture
def enterprise_user(enterprise):
    user = UserFactory(role="enterprise", unit=None, username="enterprise", full_name="孟令山")
    enterprise.members.add(user)
    return user


@pytest.fixture
def stranger(foreign_township):
    return UserFactory(role="manager", unit=foreign_township, username="stranger", full_name="丁怀民")


@pytest.fixture
def picture():
    """Makes an uploaded JPEG (or ``format="PNG"``) of plain colour: ``picture("red")``."""

    def make(colour="grey", *, format="JPEG", size=(640, 480), name=None):
        out = BytesIO()
        Image.new("RGB", size, colour).save(out, format)
        return SimpleUploadedFile(
            name or f"照片.{format.lower()}", out.getvalue(), content_type=f"image/{format.lower()}"
        )

    return make


@pytest.fixture
def photo(picture, noon):
    """Uploads a picture as ``by``: ``photo(user)``."""
    return lambda by, colour="grey", at=noon: store_photo(picture(colour), by=by, at=at)


@pytest.fixture
def document(noon):
    """Uploads a PDF as ``by``: ``document(user, "方案.pdf")``."""

    def store(by, name="报告.pdf", at=noon):
        return store_document(SimpleUploadedFile(name, b"%PDF-1.4 " + name.encode()), by=by, at=at)

    return store


@pytest.fixture
def registered(inspector, colleague, enterprise, clock, photo):
    """A hazard that really went through record_inspection, three days ago."""
    at = next(clock)
    _, [hazard] = operations.record_inspection(
        by=inspector,
        at=at,
        kind="routine",
        enterprise=enterprise,
        inspected_on=at.date(),
        inspectors=[inspector, colleague],
        hazards=[
            {
                "description": "快速冻结装置未设置在单独的作业间内",
                "level": "general",
                "requirement": "设单独作业间，限八人",
                "before": [photo(inspector, at=at)],
            }
        ],
    )
    return hazard


@pytest.fixture
def rectifying(registered, manager, clock):
    """Issued the day before yesterday."""
    operations.issue(registered, by=manager, at=next(clock), working_days=5)
    return registered


@pytest.fixture
def pending(rectifying, enterprise_user, clock, photo):
    """Answered yesterday."""
    at = next(clock)
    operations.submit_feedback(
        rectifying, by=enterprise_user, at=at, content="已隔开", photos=[photo(enterprise_user, at=at)]
    )
    return rectifying
