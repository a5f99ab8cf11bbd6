"""What people send takes room before any view hears of it: how much, and that it is given back."""

import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings

from tests.safetyledger.test_web_worker import answer_on, start

pytestmark = pytest.mark.once

HELD = 300_000
SMALL, LARGE = b"a" * 2000, b"a" * 100_000


@pytest.fixture(scope="module")
def narrow_site(tmp_path_factory):
    """It holds 300 kB of bodies."""
    site = start(tmp_path_factory.mktemp("narrow"), {"HELD": HELD, "HEAD_SECONDS": 60})
    yield site
    site.process.terminate()
    site.process.wait(timeout=20)


@pytest.fixture(scope="module")
def full_site(tmp_path_factory):
    """Its disk is nearly full."""
    site = start(tmp_path_factory.mktemp("full"), {}, DISK_RESERVE_MB=str(10**12))
    yield site
    site.process.terminate()
    site.process.wait(timeout=20)


def head(length, more=b""):
    return b"POST /page HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n%s\r\n" % (length, more)


def is_closed(connection, seconds=4):
    connection.settimeout(seconds)
    try:
        return connection.recv(1) == b""
    except TimeoutError:
        return False
    except OSError:
        return True


def test_large_bodies_are_refused_while_there_are_too_many(narrow_site):
    busy = narrow_site.send(head(HELD + 1).replace(b"/page", b"/slow") + b"a" * (HELD + 1))
    time.sleep(0.5)

    status, said, _ = narrow_site.ask("/page", "POST", LARGE)
    assert (status, "没有保存。请稍后重试" in said.decode()) == (503, True)
    assert narrow_site.ask("/page", "POST", SMALL)[0] == 200, "what stays in memory is always taken"
    assert b"%d bytes" % (HELD + 1) in answer_on(busy)
    assert narrow_site.ask("/page", "POST", LARGE)[0] == 200, "and there is room again"
    busy.close()


def test_the_largest_that_is_arriving_makes_room(narrow_site):
    largest = narrow_site.send(head(280_000) + b"a" * 270_000)
    other = narrow_site.send(head(100_000) + b"a" * 90_000)

    assert is_closed(largest)
    other.sendall(b"a" * 10_000)
    assert b"100000 bytes" in answer_on(other)
    other.close()
    largest.close()


def test_announcing_takes_no_room(narrow_site):
    announced = [narrow_site.send(head(HELD - 1) + b"a") for _ in range(4)]

    assert narrow_site.ask("/page", "POST", LARGE)[0] == 200
    for connection in announced:
        connection.close()


def test_what_is_large_is_kept_in_a_file(narrow_site):
    connection = narrow_site.send(head(200_000) + b"a" * 100_000)
    children = Path(f"/proc/{narrow_site.process.pid}/task/{narrow_site.process.pid}/children").read_text().split()
    end = time.monotonic() + 3

    def files():
        links = [str(each.readlink()) for child in children for each in Path(f"/proc/{child}/fd").iterdir()]
        return [link for link in links if link.startswith(str(narrow_site.log.parent / "arriving"))]

    while not files() and time.monotonic() < end:
        time.sleep(0.05)
    assert len(files()) == 1
    connection.close()


CHUNK = b"%x\r\n%s\r\n" % (5000, b"a" * 5000)


@pytest.mark.parametrize(
    "sent",
    [
        head(100_000),
        head(100_000, b"Expect: 100-continue\r\n"),
        b"POST /page HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n" + CHUNK * 13,
    ],
    ids=["announced", "asking first", "of unknown length"],
)
def test_a_full_disk_takes_nothing_that_would_be_written(full_site, sent):
    connection = full_site.send(sent)

    said = answer_on(connection).decode()

    assert said.startswith("HTTP/1.1 507 ")
    assert "服务器存储空间不足" in said
    assert full_site.ask("/page", "POST", SMALL)[0] == 200
    connection.close()


def test_what_is_too_large_is_not_asked_for(full_site):
    connection = full_site.send(head(100_000_000, b"Expect: 100-continue\r\n"))

    assert answer_on(connection).startswith(b"HTTP/1.1 413 ")
    connection.close()


def test_as_many_descriptors_as_the_system_grants(tmp_path):
    """1,000 connections with a file each are more than the 1,024 that many systems allow unless asked."""
    config = settings.BASE_DIR / "deploy" / "gunicorn.conf.py"
    script = (
        "import resource, runpy; resource.setrlimit(resource.RLIMIT_NOFILE, (64, 900));"
        f"runpy.run_path({str(config)!r}); print(resource.getrlimit(resource.RLIMIT_NOFILE))"
    )
    said = subprocess.run(
        [sys.executable, "-c", script], env={"VAR_DIR": str(tmp_path)}, capture_output=True, text=True, check=True
    )
    assert said.stdout.strip() == "(900, 900)"
