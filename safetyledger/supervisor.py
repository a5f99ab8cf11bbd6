"""Several processes as one: all start together, and when one ends or a signal comes, all stop."""

import contextlib
import ctypes
import fcntl
import os
import signal
import subprocess
import sys
import time

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
PR_SET_PDEATHSIG = 1


def die_with_parent():
    """Runs in the child: even when the supervisor is killed with -9, Linux tells the child to stop."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class AlreadyRunningError(Exception):
    """Somebody else works in the directory."""


@contextlib.contextmanager
def alone_in(directory):
    """Holds `<directory>/lock`; raises AlreadyRunningError while another process does. The system lets go when we end.

    The children do not inherit it, so one that outlives a killed supervisor keeps nobody out.
    """
    directory.mkdir(parents=True, exist_ok=True)
    with (directory / "lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunningError(f"{directory} is in use") from None
        yield


class Supervisor:
    """Starts commands in process groups of their own, so that Ctrl-C reaches only us and we stop them in order."""

    def __init__(self, log_dir, patience=10):
        self.log_dir = log_dir
        self.patience = patience
        self.children = {}
        self.asked_to_stop = False

    def __enter__(self):
        for number in STOP_SIGNALS:
            signal.signal(number, self.ask_to_stop)
        return self

    def __exit__(self, *error):
        self.stop()

    def ask_to_stop(self, number, frame):
        self.asked_to_stop = True

    def start(self, name, command, **environment):
        """Starts `command`; what it says goes to `<log_dir>/<name>.log`, new at every start."""
        self.log_dir.mkdir(parents=True, exist_ok=True)
        with self.log(name).open("wb") as log:
            self.children[name] = subprocess.Popen(  # noqa: S603 - our own commands
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=os.environ | environment,
                start_new_session=True,
                preexec_fn=die_with_parent,
            )

    def log(self, name):
        return self.log_dir / f"{name}.log"

    def ended(self):
        """Name of a process that ended by itself, or None."""
        return next((name for name, child in self.children.items() if child.poll() is not None), None)

    def wait(self, until=None, seconds=None):
        """Waits for a signal, the end of a process, `until()` or `seconds`; returns whether `until()` came true."""
        end = None if seconds is None else time.monotonic() + seconds
        while not self.asked_to_stop and self.ended() is None and (end is None or time.monotonic() < end):
            if until is not None and until():
                return True
            time.sleep(0.1)
        return False

    def stop(self):
        """Asks every group to stop, then, after `patience` seconds, ends what is left of it."""
        self.signal_groups(signal.SIGTERM)
        end = time.monotonic() + self.patience
        while time.monotonic() < end and any(child.poll() is None for child in self.children.values()):
            time.sleep(0.05)
        # A group may outlive its first process: kill -9 of gunicorn leaves its workers.
        self.signal_groups(signal.SIGKILL)
        for child in self.children.values():
            child.wait()

    def signal_groups(self, number):
        for child in self.children.values():
            try:
                os.killpg(child.pid, number)
            except ProcessLookupError:
                continue  # the whole group is gone already
