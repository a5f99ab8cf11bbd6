import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command

from safetyledger.management.commands import prepare, serve_all
from safetyledger.supervisor import alone_in


@pytest.mark.parametrize("port", ["", "eighty", "0", "65536", "-1", "８０００", "80 00"])
def test_port_that_is_no_port_is_refused(monkeypatch, port):
    monkeypatch.setenv("PORT", port)

    with pytest.raises(CommandError, match="PORT must be a number"):
        call_command("serve_all")


def test_taken_port_is_named(monkeypatch, live_server):
    monkeypatch.setenv("PORT", live_server.url.rpartition(":")[2])
    monkeypatch.setenv("HOST", "localhost")

    with pytest.raises(CommandError, match="cannot be used"):
        call_command("serve_all")


def test_second_server_in_the_same_directory_is_refused(monkeypatch, settings, tmp_path, unused_port):
    settings.VAR_DIR = tmp_path
    monkeypatch.setenv("PORT", str(unused_port))
    served = []
    monkeypatch.setattr(serve_all.Command, "serve", lambda self, host, port, prepare: served.append(port))
    with alone_in(tmp_path), pytest.raises(CommandError, match=r"already runs in .*已有一套服务在运行"):
        call_command("serve_all")
    assert served == []

    call_command("serve_all")
    assert served == [unused_port], "the lock is let go"


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "http://127.0.0.1:8001"),
        ("0.0.0.0", "http://127.0.0.1:8001"),
        ("192.0.2.7", "http://192.0.2.7:8001"),
    ],
)
def test_start_is_checked_where_it_listens(host, address):
    assert serve_all.address_of(host, 8001) == address


@pytest.mark.parametrize("allowed", ["ledger.example.cn", ".example.cn", "*", "localhost"])
def test_start_is_checked_by_a_name_that_is_allowed(live_server, settings, allowed):
    settings.ALLOWED_HOSTS = [allowed]
    assert serve_all.answers(f"{live_server.url}/healthz")


def test_answers_only_for_what_answers_with_200(live_server):
    assert serve_all.answers(f"{live_server.url}/healthz")
    assert not serve_all.answers(f"{live_server.url}/no-such-page/")
    assert not serve_all.answers("http://127.0.0.1:1/")


@pytest.fixture
def demo_calls(monkeypatch, settings, tmp_path):
    """Demo mode in a directory of its own; the list of demo loads that happen."""
    settings.DEMO, settings.DEMO_PASSWORD, settings.VAR_DIR = True, "Given-12345", tmp_path
    calls = []
    monkeypatch.setattr(prepare, "call_command", lambda name, **options: calls.append(name))
    monkeypatch.setattr(prepare.Command, "collect_static", lambda self: None)
    return calls


@pytest.mark.django_db
def test_demo_is_loaded_into_an_empty_database_only(demo_calls, django_user_model):
    django_user_model.objects.create(username="somebody", state="active")
    call_command("prepare", demo=True)
    assert demo_calls == ["build_icons", "migrate"]

    django_user_model.objects.all().delete()
    call_command("prepare", demo=True)
    assert demo_calls[2:] == ["build_icons", "migrate", "demo"]


@pytest.mark.django_db
def test_demo_command_resets_the_accounts_after_another_password(demo_calls, settings, django_user_model):
    call_command("prepare", demo=True)
    django_user_model.objects.create_user("inspector")
    demo_calls.clear()

    call_command("prepare", demo=True)
    assert "demo" not in demo_calls

    settings.DEMO_PASSWORD = "Another-12345"
    call_command("prepare", demo=True)
    assert "demo" in demo_calls


@pytest.mark.django_db
@pytest.mark.parametrize("left", [b"", b"\xff\x00", b"0123"])
def test_a_damaged_stamp_resets_the_demo_accounts(demo_calls, tmp_path, django_user_model, left):
    call_command("prepare", demo=True)
    django_user_model.objects.create_user("inspector")
    demo_calls.clear()
    (tmp_path / "demo.loaded").write_bytes(left)

    call_command("prepare", demo=True)
    call_command("prepare", demo=True)

    assert demo_calls.count("demo") == 1


@pytest.mark.django_db
def test_no_demo_outside_demo_mode_or_unasked(demo_calls, settings):
    call_command("prepare")
    settings.DEMO = False
    call_command("prepare", demo=True)

    assert "demo" not in demo_calls


def test_static_digest_changes_with_a_file(settings, tmp_path):
    settings.STATICFILES_DIRS = [tmp_path]
    file = tmp_path / "a.css"
    file.write_text("a{}")
    before = prepare.static_sources()
    assert prepare.static_sources() == before

    file.write_text("a{color:red}")

    assert prepare.static_sources() != before


@pytest.fixture
def machine(tmp_path, unused_port):
    """Runs manage.py as on a machine of its own: SQLite, file broker and files under a fresh directory."""
    outside = ("PYTEST_VERSION", "DATABASE_URL", "REDIS_URL", "SECRET_KEY", "DEMO", "DEBUG")
    environment = {key: value for key, value in os.environ.items() if key not in outside}
    environment |= {"VAR_DIR": str(tmp_path), "PORT": str(unused_port), "PYTHONUNBUFFERED": "1"}

    def manage(*words):
        command = [sys.executable, "manage.py", *words]
        return subprocess.Popen(
            command, cwd=django_settings.BASE_DIR, env=environment, stdout=subprocess.PIPE, text=True
        )

    return manage


@pytest.fixture
def unused_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def checks(port):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as response:
            return json.load(response)["checks"]
    except urllib.error.HTTPError as failing:
        with failing:
            return json.load(failing)["checks"]


def drip(port, count):
    """Connections that have begun a request, half of them an upload, and go on with a byte when they are told: `(connections, go_on)`."""
    head = b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: "
    body = b"POST /photos/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n"
    held = [socket.create_connection(("127.0.0.1", port), timeout=5) for _ in range(count)]
    for number, connection in enumerate(held):
        connection.sendall(body if number % 2 else head)
    return held, lambda: [connection.sendall(b"a") for connection in held]


def slowest(port, paths, between):
    """Seconds that the slowest of them took to answer; `between` is called before each."""
    times = []
    for path in paths:
        between()
        began = time.monotonic()
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        connection.request("GET", path)
        assert connection.getresponse().status in (200, 302)
        connection.close()
        times.append(time.monotonic() - began)
    return max(times)


@contextlib.contextmanager
def stopped(server):
    """Asked to stop at the end, also of a test that failed: leaving `with Popen` waits for it."""
    try:
        yield
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=30)


def leave_damage(var):
    """What a power cut, a full disk and a clock that ran ahead may leave behind."""
    for folder in ("cache", "broker/queue", "broker/control", "broker/claimed"):
        (var / folder).mkdir(parents=True, exist_ok=True)
    for name in ("beat-schedule.dat", "beat-alive", "secret.key", "demo_password", "lock", "secrets.lock"):
        (var / name).write_bytes(b"\0\xff" * 40)
    (var / "cache" / "0.djcache").write_bytes(b"\x80")
    (var / "broker" / "control" / "celery.exchange").write_bytes(b"[")
    (var / "broker" / "queue" / "0.celery.msg").write_bytes(b"{")
    (var / "broker" / "claimed" / "1.celery.msg").write_bytes(b"")
    for path in var.rglob("*"):
        os.utime(path, (time.time() + 86400,) * 2)


def test_web_worker_and_beat_work_together_after_a_power_cut_and_stop_together(machine, unused_port, tmp_path):
    with machine("migrate", "--verbosity", "0") as migration:
        pass
    assert migration.returncode == 0
    leave_damage(tmp_path)
    with machine("serve_all") as server, stopped(server):
        lines = [server.stdout.readline() for _ in range(3)]
        end = time.monotonic() + 60
        found = {}
        while time.monotonic() < end and found.get("safetyledger.tasks.heartbeat") != "ok":
            time.sleep(0.5)
            found = checks(unused_port)
        held, go_on = drip(unused_port, 32)
        took = slowest(unused_port, ["/healthz", "/"] * 3, go_on)
        for connection in held:
            connection.close()

    assert lines[1] == f"ready: http://127.0.0.1:{unused_port}\n"
    assert lines[2].startswith("demo password: Demo-")
    assert (found["database"], found["broker"], found["safetyledger.tasks.heartbeat"]) == ("ok", "ok", "ok")
    assert took < 1, "slow clients stop nobody"
    assert server.returncode == 0
    with pytest.raises(urllib.error.URLError):
        checks(unused_port)
