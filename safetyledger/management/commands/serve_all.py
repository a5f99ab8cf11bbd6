"""Web server, worker and scheduler together, for one machine."""

import os
import socket
import sys
import time
import urllib.error
import urllib.request

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from safetyledger import file_broker, health
from safetyledger.supervisor import AlreadyRunningError, Supervisor, alone_in

START_SECONDS = 60
# The worker is asked for a sign every 10 seconds, and one long task may keep it from answering; the longest takes 15 minutes at most,
# after which Celery ends it. Beat ticks at least every 5 minutes.
SILENT_SECONDS = 20 * 60
EVERYWHERE = ("", "0.0.0.0")  # noqa: S104 - read, not bound
CELERY = [sys.executable, "-m", "celery", "--app", "safetyledger", "--quiet"]


def address_of(host, port):
    """Where a browser on this machine finds what listens on `host`."""
    return f"http://{'127.0.0.1' if host in EVERYWHERE else host}:{port}"


def answers(url):
    """Whether `url` gives 200."""
    # By a name that is allowed: HOST may be an address ALLOWED_HOSTS does not list.
    name = next(iter(settings.ALLOWED_HOSTS), "localhost").replace("*", "localhost").removeprefix(".")
    request = urllib.request.Request(url, headers={"Host": name})  # noqa: S310 - our own address
    try:
        with urllib.request.urlopen(request, timeout=2) as response:  # noqa: S310 - our own address
            return response.status == 200
    except (urllib.error.URLError, OSError):
        return False


def commands(host, port):
    """The processes by name. One worker process: ticks are nudges, and SQLite has one writer anyway."""
    gunicorn = [sys.executable, "-m", "gunicorn", "--config", str(settings.BASE_DIR / "deploy" / "gunicorn.conf.py")]
    worker_options = ["--concurrency", "1", "--without-gossip", "--without-mingle", "--without-heartbeat"]
    return {
        "web": [*gunicorn, "--bind", f"{host}:{port}", "safetyledger.wsgi"],
        "worker": [*CELERY, "worker", "--loglevel", "INFO", *worker_options],
        "beat": [*CELERY, "beat", "--loglevel", "INFO", "--pidfile", ""],
    }


def restore():
    """Puts back what a worker that is no more had taken from a broker in files; Redis does so by itself."""
    if settings.CELERY_BROKER_URL == "files://":
        file_broker.restore_claims(settings.CELERY_BROKER_TRANSPORT_OPTIONS["root"])


class Silence:
    """Says which of worker and beat runs and does nothing: a worker that hangs ends by itself as little as it works."""

    def __init__(self, supervisor):
        self.supervisor = supervisor

    def __call__(self):
        found = {}
        for name, last in (("worker", self._heartbeat()), ("beat", self._beat())):
            # Of another clock, or of the process before: as long ago as this one was started.
            age = time.time() - last if last else float("inf")
            running = time.monotonic() - self.supervisor.began[name]
            if min(age if age >= 0 else float("inf"), running) > SILENT_SECONDS:
                found[name] = "has given no sign of life"
        if "beat" in found:
            found.pop("worker", None)  # nobody asked it
        return found

    @staticmethod
    def _heartbeat():
        try:
            return health.marks().get("safetyledger.tasks.heartbeat")
        except Exception:  # whatever the cache's backend raises: what cannot be read says nothing about the worker
            return time.time()

    @staticmethod
    def _beat():
        try:
            return settings.BEAT_ALIVE.stat().st_mtime
        except OSError:
            return None


class Command(BaseCommand):
    help = "Serves on HOST:PORT (127.0.0.1:8000) with gunicorn, one Celery worker and beat; Ctrl-C stops all."
    # Made below, after the preparation: before it there is no directory of built files to check.
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("--prepare", action="store_true", help="first what `prepare --demo` does, in this process")

    def handle(self, *args, prepare, **options):
        host, port = os.environ.get("HOST", "127.0.0.1"), self.port()
        self.refuse_taken(host, port)
        try:
            with alone_in(settings.VAR_DIR):
                self.serve(host, port, prepare=prepare)
        except AlreadyRunningError:
            raise CommandError(
                f"Another one already runs in {settings.VAR_DIR}; stop it first, or give this one a directory of its own: "
                "VAR_DIR=other（该数据目录已有一套服务在运行，请先停止它，或用 VAR_DIR 另指定一个目录）"
            ) from None

    def serve(self, host, port, *, prepare):
        """Everything from the preparation to the end of the last process."""
        if prepare:
            call_command("prepare", demo=True, stdout=self.stdout)
        self.check()
        with Supervisor(settings.VAR_DIR / "log") as supervisor:
            address = address_of(host, port)
            web, *others = commands(host, port).items()
            supervisor.start(*web)
            if supervisor.wait(until=lambda: answers(f"{address}/healthz"), seconds=START_SECONDS):
                # Only now: on a small machine they would keep the first page waiting.
                for name, command in others:
                    supervisor.start(name, command, restore if name == "worker" else None)
                self.announce(address)
                silence = Silence(supervisor)
                supervisor.keep(silence)
            self.account_for(supervisor)

    def port(self):
        text = os.environ.get("PORT", "8000")
        if not (text.isascii() and text.isdigit() and 0 < int(text) < 65536):
            raise CommandError(f"PORT must be a number from 1 to 65535, not “{text}”.")
        return int(text)

    def refuse_taken(self, host, port):
        """gunicorn would retry for seconds and then say so in a log; say it here and now."""
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError as error:
                raise CommandError(
                    f"Port {port} cannot be used ({error.strerror}); choose another: PORT=8001"
                ) from None

    def announce(self, address):
        self.stdout.write(f"logs: {settings.VAR_DIR / 'log'}")
        self.stdout.write(f"ready: {address}")
        if settings.DEMO:
            self.stdout.write(f"demo password: {settings.DEMO_PASSWORD}")
        self.stdout.flush()

    def account_for(self, supervisor):
        """Asked to stop: fine. Otherwise say which process ended, or that none answered, with its last words."""
        if supervisor.asked_to_stop:
            return
        name = supervisor.ended() or "web"
        words = supervisor.log(name).read_text(errors="replace").splitlines()[-15:]
        raise CommandError(
            "\n".join([f"{name} ended or did not answer; everything is stopped. Its last words:", *words])
        )
