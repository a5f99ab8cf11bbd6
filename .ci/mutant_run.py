"""A run of tests in a fork: on the code as it is, or on a mutant of one module that exists in the memory of the fork alone.

The parent has loaded the libraries and nothing of ours, so that every fork imports our code anew, the mutant in it; the database is
copied from the first run instead of migrated again. Where a run ends: 0 all passed, 1 a test failed, else nothing could be run.
"""

import contextlib
import importlib
import json
import os
import pickle
import resource
import shutil
import sqlite3
import sys
import time
import traceback
from importlib.machinery import SourceFileLoader
from importlib.util import spec_from_file_location
from pathlib import Path

import mutant_warm
from pytest import hookimpl as hook

LIBRARIES = (
    "pytest", "_pytest.python", "django.core.management", "django.db.backends.sqlite3.base", "django.test", "django.forms", "hypothesis",
    "hypothesis.stateful", "factory.django", "PIL.Image", "openpyxl", "xlsxwriter", "celery", "orjson", "python_calamine", "pytest_django.plugin",
)  # fmt: skip
CANNOT_RUN, OUT_OF_TIME = 90, 91


def load_libraries():
    for name in LIBRARIES:
        importlib.import_module(name)


class Loader(SourceFileLoader):
    """Loads a module from ``text`` instead of its file."""

    def __init__(self, name, path, text):
        super().__init__(name, path)
        self.text = text

    def get_code(self, fullname):
        return compile(self.text, self.path, "exec", dont_inherit=True)


class Finder:
    """Finds the one module that is a mutant."""

    def __init__(self, name, path, text):
        self.name, self.path, self.text = name, str(path), text

    def find_spec(self, name, path=None, target=None):
        if name != self.name:
            return None
        return spec_from_file_location(name, self.path, loader=Loader(name, self.path, self.text))


class Watch:
    """A plugin of pytest: the tests in the order given (those that killed before, then the fast ones), and what became of them."""

    def __init__(self, order=()):
        self.order = {nodeid: place for place, nodeid in enumerate(order)}
        self.seconds, self.failed = {}, []

    def pytest_collection_modifyitems(self, items):
        items.sort(key=lambda item: self.order.get(item.nodeid, -1))

    def pytest_runtest_logreport(self, report):
        self.seconds[report.nodeid] = self.seconds.get(report.nodeid, 0) + report.duration
        if report.failed:
            self.failed.append(report.nodeid)


class After:
    """Stands for a test to come anywhere in the session: what lasts as long as it, the database among it, is kept."""

    def __init__(self, session):
        self.listchain = lambda: [session]


class Warm(Watch):
    """Runs the tests on the code as it is, then in a fork of its own on every mutant that can be made of what is loaded.

    Writes ``{digest: "killed" | "lived"}`` to the file ``kept`` as they come; what could not be made is not in it.
    """

    def __init__(self, module, mutants, jobs, kept):
        super().__init__()
        self.module, self.mutants, self.jobs, self.kept = module, mutants, jobs, kept
        self.outcomes, self.kills = {}, {}

    @hook(tryfirst=True)
    def pytest_runtestloop(self, session):
        from _pytest.runner import runtestprotocol
        from django.db import connection

        if session.testsfailed:
            return None
        items = session.items
        for item in items:
            for report in runtestprotocol(item, nextitem=After(session), log=False):
                self.pytest_runtest_logreport(report)
        if self.failed:
            session.testsfailed = len(self.failed)
            return True
        connection.close()
        self.functions = mutant_warm.functions_in(self.module[1])
        running = {}
        for digest, text in self.mutants:
            running[self._fork(items, digest, text)] = digest
            if len(running) >= self.jobs:
                self._reap(running)
        while running:
            self._reap(running)
        return True

    def _fork(self, items, digest, text):
        pid = os.fork()
        if pid:
            return pid
        code = CANNOT_RUN
        try:
            cpu = int(time.process_time()) + 30 + int(5 * sum(self.seconds.values()))
            resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 5))
            self._own_database(digest)
            name, path, before = self.module
            if mutant_warm.become(name, path, before, text, self.functions):
                code = 1 if self._first_failure(items, digest) else 0
        except BaseException:
            traceback.print_exc()
        os._exit(code)

    def _first_failure(self, items, digest):
        from _pytest.runner import runtestprotocol

        for item in sorted(items, key=lambda item: (-self.kills.get(item.nodeid, 0), self.seconds[item.nodeid])):
            for report in runtestprotocol(item, nextitem=After(item.session), log=False):
                if report.failed:
                    self.kept.with_name(f"{digest}.by").write_text(item.nodeid)
                    return True
        return False

    def _own_database(self, digest):
        from django.conf import settings
        from django.db import connection

        if not Path(connection.settings_dict["NAME"]).exists():
            return  # the tests of this module need none
        own = f"{connection.settings_dict['NAME']}-{digest[:16]}"
        shutil.copyfile(connection.settings_dict["NAME"], own)
        settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = own

    def _reap(self, running):
        pid, status = os.wait()
        digest = running.pop(pid)
        if os.WIFSIGNALED(status):
            self.outcomes[digest] = "killed"
        elif (code := os.waitstatus_to_exitcode(status)) in (0, 1):
            self.outcomes[digest] = "lived" if code == 0 else "killed"
        by = self.kept.with_name(f"{digest}.by")
        if by.exists():
            killer = by.read_text()
            self.kills[killer] = self.kills.get(killer, 0) + 1
            by.unlink()
        for left in Path(os.environ["VAR_DIR"]).glob(f"test-*-{digest[:16]}*"):
            left.unlink()
        self.kept.write_text(json.dumps(self.outcomes))


def run(tests, *, tree, var, told, mutant=None, watch=None, cpu=None):
    """In a fork: ends the process. ``mutant``: ``(module, path, text)``; without one the first run, which keeps the database in ``var``.

    What became of the tests is written to the file ``told``.
    """
    os.setsid()
    os.chdir(tree)
    sys.dont_write_bytecode = True
    with told.with_suffix(".log").open("w") as log:
        for stream in (1, 2):
            os.dup2(log.fileno(), stream)
    if cpu:
        resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 5))
    for name in ("DATABASE_URL", "REDIS_URL", "DEMO", "DEBUG"):
        os.environ.pop(name, None)
    own = told.with_suffix(".var")
    own.mkdir(exist_ok=True)
    os.environ["VAR_DIR"] = str(own)
    sys.path.insert(0, str(tree))
    if mutant:
        sys.meta_path.insert(0, Finder(*mutant))
    watch, code = watch or Watch(), CANNOT_RUN
    try:
        _steady_hypothesis()
        _keep_database(var / "database", restore=mutant is not None)
        code = int(_pytest(tests, watch, stop=mutant is not None))
    except BaseException:
        traceback.print_exc()
    told.write_text(json.dumps({"seconds": watch.seconds, "failed": watch.failed}))
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _pytest(tests, watch, stop):
    import pytest

    quiet = [
        "-q",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:xdist",
        "--no-header",
        "--tb=short",
        "-m",
        "not browser",
        "-W",
        "ignore::pytest.PytestAssertRewriteWarning",
    ]
    return pytest.main([*quiet, *(["-x"] if stop else []), *tests], plugins=[watch])


def _steady_hypothesis():
    """The same examples for every mutant, and none remembered from another."""
    import hypothesis

    hypothesis.settings.register_profile("mutants", derandomize=True, database=None, deadline=None)
    hypothesis.settings.load_profile("mutants")


def _keep_database(kept, restore):
    from django.db.backends.base.creation import BaseDatabaseCreation

    migrate = BaseDatabaseCreation.create_test_db

    def create(self, *args, **kwargs):
        name = migrate(self, *args, **kwargs)
        with contextlib.closing(sqlite3.connect(kept)) as copy:
            self.connection.connection.backup(copy)
        kept.with_suffix(".rows").write_bytes(pickle.dumps(getattr(self.connection, "_test_serialized_contents", None)))
        return name

    def copy_kept(self, *args, **kwargs):
        from django.conf import settings

        name = self._get_test_db_name()
        Path(name).unlink(missing_ok=True)
        self.connection.close()
        settings.DATABASES[self.connection.alias]["NAME"] = self.connection.settings_dict["NAME"] = name
        self.connection.ensure_connection()
        with contextlib.closing(sqlite3.connect(kept)) as rows:
            rows.backup(self.connection.connection)
        self.connection._test_serialized_contents = pickle.loads(kept.with_suffix(".rows").read_bytes())  # noqa: S301 - our own
        return name

    BaseDatabaseCreation.create_test_db = copy_kept if restore else create
