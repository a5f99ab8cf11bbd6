"""The web server of the house, with an application of five lines behind it: who is slow stops nobody."""

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time

import pytest
from django.conf import settings

pytestmark = pytest.mark.once

APPLICATION = """
import time
from django.conf import settings

settings.HEALTH_PATHS  # read before the processes are made, as by the site's own application

def application(environ, start_response):
    sent = environ["wsgi.input"].read()
    if environ["PATH_INFO"] == "/slow":
        time.sleep(1.5)
    answer = b"x" * int(environ["QUERY_STRING"] or 0) or b"%d bytes, %s" % (len(sent), environ["RAW_URI"].encode())
    start_response("200 OK", [("Content-Length", str(len(answer)))])
    return [answer]
"""


class Site:
    """One gunicorn with one process of two threads."""

    def __init__(self, process, port, log):
        self.process, self.port, self.log = process, port, log

    def ask(self, path, method="GET", body=None):
        """`(status, body, seconds it took)`."""
        began = time.monotonic()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request(method, path, body)
            response = connection.getresponse()
            return response.status, response.read(), time.monotonic() - began
        finally:
            connection.close()

    def send(self, data):
        """A connection that has sent `data` and is left open."""
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=10)
        connection.sendall(data)
        return connection

    def written(self, words, seconds=5):
        end = time.monotonic() + seconds
        while words not in self.log.read_text() and time.monotonic() < end:
            time.sleep(0.05)
        return words in self.log.read_text()


def start(folder, limits, **more):
    """Started with the project's own configuration; `limits` are numbers of the worker, changed to what a test can reach."""
    lines = [f"web_worker.{name} = {value!r}" for name, value in limits.items()]
    application = "\n".join(["from safetyledger import web_worker", *lines, APPLICATION])
    (folder / "application.py").write_text(application, encoding="utf-8")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "--config", str(settings.BASE_DIR / "deploy" / "gunicorn.conf.py")]
    command += ["--bind", f"127.0.0.1:{port}", "--chdir", str(folder), "application"]
    environment = {
        "WEB_WORKERS": "1",
        "WEB_THREADS": "2",
        "ACCESS_LOG": "1",
        "PYTHONPATH": str(settings.BASE_DIR),
        "VAR_DIR": str(folder),
    } | more
    log = folder / "log"
    with log.open("w") as out:
        process = subprocess.Popen(command, env=os.environ | environment, stdout=out, stderr=subprocess.STDOUT)
    site = Site(process, port, log)
    assert site.written("Booting worker", 20), log.read_text()
    return site


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    site = start(tmp_path_factory.mktemp("site"), {})
    yield site
    site.process.terminate()
    site.process.wait(timeout=20)


@pytest.fixture(scope="module")
def strict_site(tmp_path_factory):
    limits = {"HEAD_SECONDS": 1, "CONNECTIONS": 40, "SPARE": 10, "LARGEST_BODY": 150_000}
    site = start(tmp_path_factory.mktemp("strict"), limits)
    yield site
    site.process.terminate()
    site.process.wait(timeout=20)


def answer_on(connection):
    """What comes within a second, and no less than a head."""
    connection.settimeout(5)
    said = connection.recv(10_000)
    connection.settimeout(0.3)
    with contextlib.suppress(TimeoutError):
        while more := connection.recv(10_000):
            said += more
    return said


HEAD = b"GET /page HTTP/1.1\r\nHost: localhost\r\nX-Slow: "
BODY = b"POST /page HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\nabc"


def test_slow_heads_and_bodies_hold_no_thread(site):
    held = [site.send(data) for data in (HEAD, BODY) for _ in range(16)]
    for _ in range(3):
        for connection in held:
            connection.sendall(b"a")
        status, _, seconds = site.ask("/page")
        assert (status, seconds < 1) == (200, True)

    held[-1].sendall(b"a" * (100_000 - 6))
    assert (site.log.parent / "arriving").is_dir()
    assert b"100000 bytes" in answer_on(held[-1]), "who sends all in the end is answered"
    for connection in held:
        connection.close()


def test_slow_readers_hold_no_thread(site):
    held = [site.send(b"GET /page?12000000 HTTP/1.1\r\nHost: localhost\r\n\r\n") for _ in range(4)]
    time.sleep(0.3)

    status, _, seconds = site.ask("/page")

    assert (status, seconds < 1) == (200, True)
    for connection in held:
        connection.close()


def test_who_drips_is_cut_off_and_who_uploads_is_not(strict_site):
    dripping, uploading = strict_site.send(BODY), strict_site.send(BODY)
    end = time.monotonic() + 4
    while time.monotonic() < end:
        try:
            dripping.sendall(b"a")
        except OSError:
            break
        uploading.sendall(b"a" * 1000)
        time.sleep(0.2)

    dripping.settimeout(1)
    with pytest.raises(OSError):
        for _ in range(3):
            dripping.sendall(b"a")
            time.sleep(0.1)
    uploading.sendall(b"a" * 100_000)
    assert b"100000 bytes" in answer_on(uploading)
    uploading.close()
    dripping.close()


def test_who_holds_the_door_makes_room(strict_site):
    held = [strict_site.send(HEAD) for _ in range(60)]

    status, _, seconds = strict_site.ask("/page")

    assert (status, seconds < 4) == (200, True)
    for connection in held:
        connection.close()


def test_who_is_being_answered_makes_room_last(strict_site):
    reading = strict_site.send(b"GET /page?12000000 HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert reading.recv(1)
    held = [strict_site.send(HEAD) for _ in range(60)]
    time.sleep(2.5)

    reading.settimeout(5)
    got = 1
    while got < 12_000_000 and (more := reading.recv(1_000_000)):
        got += len(more)
    assert got > 12_000_000
    for connection in [reading, *held]:
        connection.close()


def test_health_is_answered_while_every_thread_is_busy(site):
    busy = [site.send(b"GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n") for _ in range(3)]
    time.sleep(0.2)

    took = {path: site.ask(path)[2] for path in ("/healthz", "/readyz", "/page")}

    assert took["/healthz"] < 1
    assert took["/readyz"] < 1
    assert took["/page"] > 1, "the threads were busy"
    for connection in busy:
        connection.close()


def test_what_is_too_large_is_refused_with_a_sentence(strict_site):
    status, said, _ = strict_site.ask("/page", "POST", b"a" * 200_000)
    assert status == 413
    assert "超过 80 MB，没有保存" in said.decode()

    refused = strict_site.send(b"nonsense\r\n\r\n")
    assert "请求无法识别" in answer_on(refused).decode()
    refused.close()
    assert strict_site.written('"- - HTTP/1.0" 400') or strict_site.written('" 400 '), "refusals are in the log"


def test_heads_have_no_body_and_everything_is_logged(site):
    assert site.ask("/page?7", "HEAD")[:2] == (200, b"")
    with socket.create_connection(("127.0.0.1", site.port), timeout=5) as connection:
        connection.sendall(
            b"HEAD /page HTTP/1.1\r\nHost: localhost\r\n\r\nGET /next HTTP/1.1\r\nHost: localhost\r\n\r\n"
        )
        answers = answer_on(connection)
    assert answers.count(b"HTTP/1.1 200") == 2
    assert answers.endswith(b"0 bytes, /next")
    assert site.written('"HEAD /page?7 HTTP/1.1" 200')


def test_stopping_answers_what_has_arrived(tmp_path):
    site = start(tmp_path, {})
    waiting = site.send(b"GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n")
    dripping = site.send(HEAD)
    time.sleep(0.3)

    site.process.send_signal(signal.SIGTERM)

    assert answer_on(waiting).startswith(b"HTTP/1.1 200")
    assert site.process.wait(timeout=10) == 0, "and waits for nobody else"
    waiting.close()
    dripping.close()
