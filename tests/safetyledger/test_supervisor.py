import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings

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
