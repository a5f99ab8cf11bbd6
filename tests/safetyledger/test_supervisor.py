import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings

from safetyledger import supervisor as supervisor_module
from safetyledger.management.commands import serve_all

# A stand-in for serve_all: two processes, the first with a child of its own, as gunicorn has workers.
SCRIPT = """
import pathlib, sys
from safetyledger.supervisor import Supervisor
parent = "import subprocess, sys, time; print(subprocess.Popen(['sleep', '600']).pid, flush=True); time.sleep(600)"
root = pathlib.Path(sys.argv[1])
with Supervisor(root, patience=2) as supervisor:
    supervisor.start("web", [sys.executable, "-c", parent])
    supervisor.start("worker", ["sleep", "600"])
    supervisor.wait(until=lambda: supervisor.log("web").read_text().endswith("\\n"))
    print(*(child.pid for child in supervisor.children.values()), supervisor.log("web").read_text(), flush=True)
    supervisor.wait()
    print("ended:", supervisor.ended(), flush=True)
"""


def is_alive(pid):
    """Whether the process runs; one that waits for its parent to take note of its end does not."""
    try:
        with Path(f"/proc/{pid}/stat").open() as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def all_gone(pids, seconds=8):
    end = time.monotonic() + seconds
    while time.monotonic() < end and any(map(is_alive, pids)):
        time.sleep(0.05)
    return not any(map(is_alive, pids))


@pytest.fixture
def running(tmp_path):
    """The supervisor and the pids of web, worker and web's child."""
    process = subprocess.Popen(
        [sys.executable, "-c", SCRIPT, str(tmp_path)],
        cwd=settings.BASE_DIR,
        env=os.environ | {"PYTHONPATH": str(settings.BASE_DIR), "DJANGO_SETTINGS_MODULE": "safetyledger.settings"},
        stdout=subprocess.PIPE,
        text=True,
    )
    pids = [int(word) for word in process.stdout.readline().split()]
    assert len(pids) == 3
    assert all(map(is_alive, pids))
    yield process, pids
    for pid in [process.pid, *pids]:
        if is_alive(pid):
            os.kill(pid, signal.SIGKILL)
    process.stdout.close()
    process.wait()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_everything(running, number):
    process, pids = running
    process.send_signal(number)

    assert process.wait(timeout=10) == 0
    assert all_gone(pids)


@pytest.mark.parametrize("victim", [0, 1])
def test_the_end_of_one_process_stops_everything(running, victim):
    process, pids = running
    os.kill(pids[victim], signal.SIGKILL)

    assert process.wait(timeout=10) == 0
    assert process.stdout.read().strip() == f"ended: {['web', 'worker'][victim]}"
    assert all_gone(pids)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent died")
def test_killed_supervisor_takes_its_processes_along(running):
    process, pids = running
    process.kill()

    assert all_gone(pids[:2])


@pytest.fixture
def supervisor(tmp_path, monkeypatch):
    monkeypatch.setattr(supervisor_module, "LOOKS_EVERY", 0.1)
    supervisor = supervisor_module.Supervisor(tmp_path, patience=1)
    yield supervisor
    supervisor.stop()


def kept_until(supervisor, done, silent=dict):
    """Keeps until `done()`, for 5 seconds at most; returns whether it came true."""
    end = time.monotonic() + 5

    def look():
        supervisor.asked_to_stop = done() or time.monotonic() > end
        return silent() if not supervisor.asked_to_stop else {}

    supervisor.keep(look)
    return done()


def test_what_ends_after_a_while_is_started_anew(supervisor, monkeypatch):
    monkeypatch.setattr(supervisor_module, "PROVEN_SECONDS", 0.2)
    prepared = []
    supervisor.start("worker", ["sleep", "600"], lambda: prepared.append(1))
    first = supervisor.children["worker"]
    time.sleep(0.3)
    first.kill()

    assert kept_until(supervisor, lambda: supervisor.children["worker"] is not first)
    assert is_alive(supervisor.children["worker"].pid)
    assert prepared == [1, 1]
    assert "worker ended with -9" in supervisor.log("worker").read_text()


def test_what_ends_at_once_at_its_first_start_ends_everything(supervisor):
    supervisor.start("web", ["sleep", "600"])
    supervisor.start("worker", ["false"])

    kept_until(supervisor, lambda: False)

    assert not supervisor.asked_to_stop
    assert supervisor.ended() == "worker"


def test_what_ran_and_then_ends_at_once_is_tried_again_ever_later_and_stops_nobody(supervisor, monkeypatch, tmp_path):
    monkeypatch.setattr(supervisor_module, "PROVEN_SECONDS", 0.3)
    monkeypatch.setattr(supervisor_module, "FIRST_PAUSE", 0.2)
    monkeypatch.setattr(supervisor_module, "LONGEST_PAUSE", 0.4)
    well = tmp_path / "well"
    well.touch()
    supervisor.start("web", ["sleep", "600"])
    supervisor.start("worker", ["sh", "-c", f"echo began; test -e {well} && exec sleep 600"])
    web, first = supervisor.children["web"], supervisor.children["worker"]
    time.sleep(0.4)
    well.unlink()
    first.kill()
    log = supervisor.log("worker")

    assert kept_until(supervisor, lambda: log.read_text().count("started anew in 0.4 s") >= 2)
    said = log.read_text()
    assert said.count("it is started anew\n") == 1, "at once after a life"
    assert said.count("started anew in 0.2 s") == 1
    assert supervisor.children["web"] is web
    assert is_alive(web.pid)

    well.touch()
    supervisor.asked_to_stop = False
    assert kept_until(supervisor, lambda: not supervisor.pauses and not supervisor.due), (
        "and begins again when it is well"
    )
    assert is_alive(supervisor.children["worker"].pid)


def test_what_falls_silent_is_started_anew(supervisor):
    supervisor.start("worker", ["sleep", "600"])
    supervisor.start("beat", ["sleep", "600"])
    first, beat = supervisor.children["worker"], supervisor.children["beat"]
    told = []

    def silent():
        return {} if told else told.append(1) or {"worker": "has given no sign of life"}

    assert kept_until(supervisor, lambda: supervisor.children["worker"] is not first, silent)
    assert not is_alive(first.pid)
    assert supervisor.children["beat"] is beat


def test_logs_are_added_to_and_rotated(supervisor, monkeypatch):
    monkeypatch.setattr(supervisor_module, "LOG_BYTES", 1000)
    supervisor.log("web").write_text("before\n")
    script = "import time\nwhile True: print('x' * 99, flush=True); time.sleep(0.01)"
    supervisor.start("web", [sys.executable, "-c", script])
    oldest = supervisor.log_dir / "web.log.3"

    assert kept_until(supervisor, oldest.exists)
    supervisor.stop()

    assert not (supervisor.log_dir / "web.log.4").exists()
    assert supervisor.log("web").stat().st_size < 20_000, "emptied, and no hole before what came after"
    assert b"\0" not in supervisor.log("web").read_bytes()
    assert "x" * 99 in supervisor.log_dir.joinpath("web.log.1").read_text()


@pytest.mark.parametrize(
    ("heartbeat", "beat", "running", "found"),
    [
        (5, 5, 9999, []),
        (9999, 5, 9999, ["worker"]),
        (9999, 9999, 9999, ["beat"]),
        (9999, 9999, 60, []),
        (None, 5, 9999, ["worker"]),
        (-9999, 5, 9999, ["worker"]),
    ],
)
def test_who_is_silent(monkeypatch, settings, tmp_path, heartbeat, beat, running, found):
    settings.BEAT_ALIVE = tmp_path / "beat-alive"
    settings.BEAT_ALIVE.touch()
    os.utime(settings.BEAT_ALIVE, (time.time() - beat,) * 2)
    marks = {} if heartbeat is None else {"safetyledger.tasks.heartbeat": time.time() - heartbeat}
    monkeypatch.setattr(serve_all.health, "marks", lambda: marks)
    supervisor = supervisor_module.Supervisor(tmp_path)
    supervisor.began = dict.fromkeys(("worker", "beat"), time.monotonic() - running)

    assert list(serve_all.Silence(supervisor)()) == found
