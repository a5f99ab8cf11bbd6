"""Web, worker and beat as processes, as they run in a container each; PostgreSQL and Redis behind lines that can be cut."""

import contextlib
import http.client
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2
import pytest

from tests.faults.proxy import Proxy, free_port

ROOT = Path(__file__).resolve().parents[2]
POSTGRES = os.environ.get("TEST_DATABASE_URL", "postgres://postgres@127.0.0.1:5432/postgres")
REDIS = os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/15")
CELERY = [sys.executable, "-m", "celery", "--app", "safetyledger", "--quiet"]
OUTSIDE = ("PYTEST_VERSION", "DATABASE_URL", "REDIS_URL", "SECRET_KEY", "DEMO", "DEBUG", "ONLY_DATABASE")
TOKEN = "f" * 32


class House:
    """Entered: everything runs and /readyz is well. `postgres` and `redis` are the lines, `told` is what `tests.faults.world` said."""

    def __init__(self, folder, photos=60):
        self.folder, self.photos = Path(folder), photos
        self.children = {}
        self.database = f"safetyledger_faults_{os.getpid()}"

    def __enter__(self):
        with contextlib.ExitStack() as stack:
            self._prepare(stack)
            self._closing = stack.pop_all()
        return self

    def __exit__(self, *error):
        self._closing.close()

    def _prepare(self, stack):
        given = urlsplit(POSTGRES)
        self._on_server(f"CREATE DATABASE {self.database}")
        stack.callback(self._on_server, f"DROP DATABASE {self.database} WITH (FORCE)")
        self.postgres = Proxy(given.hostname, given.port or 5432)
        stack.callback(self.postgres.close)
        redis = self._redis(stack)
        self.redis = Proxy(redis.hostname, redis.port or 6379)
        stack.callback(self.redis.close)
        self.port = free_port()
        who = given.netloc.rpartition("@")[0]
        self.environment = {key: value for key, value in os.environ.items() if key not in OUTSIDE} | {
            "VAR_DIR": str(self.folder),
            "DEMO": "1",
            "DATABASE_URL": f"postgres://{who}@127.0.0.1:{self.postgres.port}/{self.database}",
            "REDIS_URL": f"redis://127.0.0.1:{self.redis.port}{redis.path}",
            "DJANGO_SETTINGS_MODULE": "safetyledger.settings",
            "WEB_WORKERS": "2",
            "PYTHONUNBUFFERED": "1",
        }
        self.manage("prepare")
        self.told = json.loads(self._run(sys.executable, "-m", "tests.faults.world", str(self.photos)).splitlines()[-1])
        stack.callback(self.stop)
        for name in self.commands():
            self.start(name)
        assert self.until(lambda: self.ready()[0] == 200, 60), f"never ready: {self.ready()}\n{self.words()}"

    def _redis(self, stack):
        """A server of our own where there is one to start; else the shared one, behind a line as well."""
        program = shutil.which("redis-server")
        if not program:
            return urlsplit(REDIS)
        port = free_port()
        command = [
            program,
            "--port",
            str(port),
            "--bind",
            "127.0.0.1",
            "--dir",
            str(self.folder),
            "--appendonly",
            "yes",
        ]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        stack.callback(process.wait)
        stack.callback(process.terminate)
        return urlsplit(f"redis://127.0.0.1:{port}/0")

    def _on_server(self, statement):
        connection = psycopg2.connect(POSTGRES)
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(statement)
        connection.close()

    def rows(self, statement, *parameters):
        """What the database holds, asked past the line."""
        given = urlsplit(POSTGRES)
        connection = psycopg2.connect(given._replace(path=f"/{self.database}").geturl())
        with connection, connection.cursor() as cursor:
            cursor.execute(statement, parameters)
            found = cursor.fetchall()
        connection.close()
        return found

    # --- processes ------------------------------------------------------------------------------------------------

    def commands(self):
        web = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py"]
        worker = ["worker", "--loglevel", "INFO", "--concurrency", "1", "--without-gossip", "--without-mingle"]
        return {
            "web": [*web, "--bind", f"127.0.0.1:{self.port}", "safetyledger.wsgi"],
            "worker": [*CELERY, *worker],
            "beat": [*CELERY, "beat", "--loglevel", "INFO", "--pidfile", ""],
        }

    def start(self, name):
        with (self.folder / f"{name}.log").open("ab") as log:
            self.children[name] = subprocess.Popen(
                self.commands()[name],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def kill(self, name):
        """`kill -9` of the whole of it, and a new one, as a container is started anew."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.children[name].pid, signal.SIGKILL)
        self.children[name].wait()
        self.start(name)

    def kill_child(self, name):
        """`kill -9` of one process of it, which its parent replaces; False where there is none at the moment."""
        path = Path(f"/proc/{self.children[name].pid}/task/{self.children[name].pid}/children")
        children = path.read_text().split() if path.exists() else []
        if not children:
            return False
        with contextlib.suppress(ProcessLookupError):
            os.kill(int(children[time.monotonic_ns() % len(children)]), signal.SIGKILL)
        return True

    def stop(self):
        for child in self.children.values():
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)
            child.wait()

    def words(self):
        """The last of what each process said."""
        return "\n".join(
            f"--- {name}\n" + "\n".join((self.folder / f"{name}.log").read_text(errors="replace").splitlines()[-15:])
            for name in self.children
        )

    def manage(self, *words):
        return self._run(sys.executable, "manage.py", *words)

    def _run(self, *command):
        done = subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True)
        if done.returncode:
            pytest.fail(f"{command} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}")
        return done.stdout

    def tampered(self):
        """What `verify_audit` finds wrong with hazards; units and people come from factories, which write no events."""
        command = [sys.executable, "manage.py", "verify_audit"]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True)
        if done.returncode not in (0, 1) or "隐患" not in done.stdout:
            return [done.stdout, done.stderr]
        return [line for line in done.stderr.splitlines() if line.startswith("隐患")]

    def owed(self):
        """How many reminders are owed today and not sent."""
        return self.rows("SELECT COUNT(*) FROM hazards_reminder WHERE next_on <= CURRENT_DATE")[0][0]

    def sent(self):
        """`(messages with a key, those sent to somebody more than once)`."""
        keyed = "SELECT COUNT(*) AS times FROM notifications_notification WHERE key <> '' GROUP BY recipient_id, key"
        return self.rows(
            f"SELECT COALESCE(SUM(times), 0)::int, COUNT(*) FILTER (WHERE times > 1) FROM ({keyed}) AS sent"
        )[0]

    # --- from outside ---------------------------------------------------------------------------------------------

    def ask(self, path, data=None, *, timeout=20, form=False, cookies=None):
        """`(status, body)`; 0 when there is no answer. `data` is sent as JSON, or as a form, by the inspector unless `cookies` say otherwise."""
        jar = self.told["cookies"] if cookies is None else cookies
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in {**jar, "csrftoken": TOKEN}.items())}
        if data is not None:
            headers |= {"X-CSRFToken": TOKEN, "Content-Type": "application/json"}
            body = json.dumps(data)
        if form:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            body = data
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request("GET" if data is None else "POST", path, None if data is None else body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode(errors="replace")
        except (OSError, http.client.HTTPException):
            return 0, ""
        finally:
            connection.close()

    def timed(self, path, *args, **options):
        """`(status, body, seconds)`."""
        began = time.monotonic()
        return *self.ask(path, *args, **options), time.monotonic() - began

    def ready(self):
        """`(status, {check: what is wrong}, seconds)` of /readyz."""
        status, body, seconds = self.timed("/readyz", cookies={})
        checks = json.loads(body)["checks"] if body else {}
        return status, {name: said for name, said in checks.items() if said != "ok"}, seconds

    @staticmethod
    def until(true, seconds):
        """Seconds until `true()`, or None when it did not come true in time."""
        began = time.monotonic()
        while time.monotonic() - began < seconds:
            if true():
                return time.monotonic() - began or 0.001
            time.sleep(0.1)
        return None

    def sign_in(self):
        """The status of a sign-in by the page."""
        _, page = self.ask("/accounts/login/", cookies={})
        known = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
        body = f"username={self.told['username']}&password={self.told['password']}&csrfmiddlewaretoken={TOKEN}"
        return self.ask("/accounts/login/", body, form=True, cookies={})[0] if known else 0
