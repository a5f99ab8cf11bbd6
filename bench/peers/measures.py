"""Each measure twice: the product in its own settings, the peer in stock ones, both over the same rows."""

import statistics
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory

from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from bench import intake
from bench.measuring import Incomparable, Result, queries_of, seconds_of
from hazards import export
from hazards.filters import hazard_filter
from hazards.models import Hazard
from workbooks.writing import stream_xlsx

ROUNDS, KNOWN = 15, 2000
OURS, ADMIN, IMPORT_EXPORT, BULK = "safetyledger", "Django admin", "import-export", "import-export, bulk"


def person(role):
    """Somebody of the city, who sees every row."""
    return User.objects.select_related("unit").filter(role=role, unit__level="city").order_by("pk").first()


def our_page(today, rows):
    """P1: all rows, newest first, as the city's office opens them."""
    return _page(person(Role.SAFETY_OFFICE), f"{reverse('hazards:ledger')}?view=all")


def admin_page(today, rows):
    """P1: the change list of a superuser."""
    user = person(Role.SAFETY_OFFICE)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_user SET is_staff = true, is_superuser = true WHERE id = %s", [user.pk])
    return _page(User.objects.get(pk=user.pk), reverse("admin:hazards_hazard_changelist"))


def _page(user, url):
    client = Client(SERVER_NAME="localhost", HTTP_ACCEPT_LANGUAGE="zh-hans", raise_request_exception=True)
    client.force_login(user)
    answers = []
    seconds_of(lambda: answers.append(client.get(url)))  # the first visit, which does not count
    queries = queries_of(lambda: client.get(url))
    newest = Hazard.objects.in_ledger().order_by("-found_on", "-pk").values_list("number", flat=True)[0]
    if answers[0].status_code != 200 or newest not in answers[0].content.decode():
        raise Incomparable(f"{url} does not show the newest row")
    seconds = statistics.median(seconds_of(lambda: client.get(url)) for _ in range(ROUNDS))
    return [
        Result("P1", seconds, None, seconds, unit="s"),
        Result("P1 queries", len(queries), None, seconds, unit="queries"),
    ]


def our_export(today, rows):
    """P4: the whole ledger, streamed."""
    found = hazard_filter(QueryDict(), user=person(Role.LEADER), today=today).qs
    return _once("P4", lambda: sum(map(len, export.stream_ledger(found, title="台账", at=timezone.now()))))


def their_export(today, rows):
    """P4: a data set of every row, then the workbook of the data set."""
    from import_export.formats.base_formats import XLSX

    from bench.peers.resources import Export

    return _once("P4", lambda: len(XLSX().export_data(Export().export())))


def our_import(today, rows):
    """P5: recognised, judged, entered under numbers and events."""
    importer = person(Role.SAFETY_OFFICE)
    with TemporaryDirectory() as place:
        path = Path(place) / "台账.xlsx"
        intake.write(path, rows)
        with _grows_by(rows):
            return _once("P5", lambda: intake.enter(path, importer.unit, importer))


def their_import(today, rows, kind="Import"):
    """P5: a data set of every cell, then row by row into the table."""
    from import_export.formats.base_formats import XLSX

    from bench.peers import resources

    importer, resource = person(Role.SAFETY_OFFICE), getattr(resources, kind)()
    content = b"".join(_workbook(resources.Import(), rows))

    def enter():
        cells = XLSX().create_dataset(content)
        resource.import_data(cells, raise_errors=True, use_transactions=True, importer=importer)

    with _grows_by(rows):
        return _once("P5", enter)


def their_bulk_import(today, rows):
    return their_import(today, rows, kind="BulkImport")


def _workbook(resource, rows):
    """``rows`` hazards nobody knows yet, as the peer itself would export them, numbers and all."""
    known = resource.export(Hazard.objects.order_by("pk")[:KNOWN])
    number, description = known.headers.index("number"), known.headers.index("description")

    def lines():
        for n, one in zip(range(rows), cycle(known), strict=False):
            row = list(one)
            row[number], row[description] = f"YH-4114-2025-{n:06}", f"{row[description]}（第{n}处）"
            yield row

    return stream_xlsx("台账", known.headers, lines())


@contextmanager
def _grows_by(rows):
    before = Hazard.objects.count()
    yield
    if Hazard.objects.count() != before + rows:
        raise Incomparable(f"{Hazard.objects.count() - before} of {rows} rows were imported")


def _once(name, work):
    seconds = seconds_of(work)
    return [Result(name, seconds, None, seconds, unit="s")]


@dataclass(frozen=True)
class Measure:
    """One line of the table: ``work(today, rows)`` of ``who``; ``apart`` in a database of its own, because it leaves rows behind."""

    who: str
    work: Callable
    apart: bool = False

    @property
    def settings(self):
        return "safetyledger.settings" if self.who == OURS else "bench.peers.settings"

    @property
    def is_here(self):
        return not self.who.startswith(IMPORT_EXPORT) or find_spec("import_export") is not None


MEASURES = {
    measure.work.__name__: measure
    for measure in (
        Measure(OURS, our_page),
        Measure(ADMIN, admin_page),
        Measure(OURS, our_export),
        Measure(IMPORT_EXPORT, their_export),
        Measure(OURS, our_import, apart=True),
        Measure(IMPORT_EXPORT, their_import, apart=True),
        Measure(BULK, their_bulk_import, apart=True),
    )
}
