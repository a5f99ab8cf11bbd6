"""Several processes as one: all start together, one that ends or falls silent is started anew, and when a signal comes all stop."""

import contextlib
import ctypes
import fcntl
import os
import shutil
import signal
import subprocess
import sys
import time

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
PR_SET_PDEATHSIG = 1
# A process that ends sooner than this would only end again: at its first start its words are shown instead, later it waits before it is
# started anew, twice as long each time.
PROVEN_SECONDS = 10
FIRST_PAUSE = 5
LONGEST_PAUSE = 300
# A log of so many bytes becomes `<name>.log.1`, that one `.2`, and the oldest goes.
LOG_BYTES = 10 * 1024 * 1024
OLD_LOGS = 3
LOOKS_EVERY = 5


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
        self.commands = {}
        self.began = {}
        self.proven = set()
        self.pauses = {}
        self.due = {}
        self.asked_to_stop = False

    def __enter__(self):
        for number in STOP_SIGNALS:
            signal.signal(number, self.ask_to_stop)
        return self

    def __exit__(self, *error):
        self.stop()

    def ask_to_stop(self, number, frame):
        self.asked_to_stop = True

    def start(self, name, command, before=None):
        """Starts `command`, after `before()`, each time; what it says is added to `<log_dir>/<name>.log`."""
        self.log_dir.mkdir(parents=True, exist_ok=True)
        if before is not None:
            before()
        self.commands[name], self.began[name] = (command, before), time.monotonic()
        with self.log(name).open("ab") as log:
            self.children[name] = subprocess.Popen(  # noqa: S603 - our own commands
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=die_with_parent,
            )

    def restart(self, name, why, pause=0):
        """Stops `name`, asking first, and starts it again, at once or after `pause` seconds."""
        self.stop([name])
        when = f" in {pause} s" if pause else ""
        with self.log(name).open("a", encoding="utf-8") as log:
            log.write(f"{time.strftime('%Y-%m-%d %H:%M:%S')} {name} {why}; it is started anew{when}\n")
        if pause:
            self.due[name] = time.monotonic() + pause
        else:
            self.start(name, *self.commands[name])

    def log(self, name):
        return self.log_dir / f"{name}.log"

    def rotate(self, name):
        """Copies and empties a log that has grown large: its process goes on writing into the same file."""
        log = self.log(name)
        if log.stat().st_size < LOG_BYTES:
            return
        for number in range(OLD_LOGS, 1, -1):
            younger = self.log_dir / f"{log.name}.{number - 1}"
            if younger.exists():
                younger.replace(self.log_dir / f"{log.name}.{number}")
        shutil.copyfile(log, self.log_dir / f"{log.name}.1")
        os.truncate(log, 0)

    def ended(self):
        """Name of a process that ended by itself and does not wait to be started anew, or None."""
        return next(
            (name for name, child in self.children.items() if name not in self.due and child.poll() is not None), None
        )

    def wait(self, until=None, seconds=None):
        """Waits for a signal, the end of a process, `until()` or `seconds`; returns whether `until()` came true."""
        end = None if seconds is None else time.monotonic() + seconds
        while not self.asked_to_stop and self.ended() is None and (end is None or time.monotonic() < end):
            if until is not None and until():
                return True
            time.sleep(0.1)
        return False

    def keep(self, silent):
        """Until a signal, or a process that ends at once at its first start: starts anew what has ended, and what `silent()` names with a
        reason, if any. One that has run before and now ends at once stops nobody else: it is tried again after a pause.
        """
        while not self.asked_to_stop:
            self.wait(seconds=LOOKS_EVERY)
            name = self.ended()
            if self.asked_to_stop:
                return
            self.note_proven()
            if name and name not in self.proven:
                return
            if name:
                self.restart(name, f"ended with {self.children[name].returncode}", self.next_pause(name))
            for waiting in [each for each, moment in self.due.items() if time.monotonic() >= moment]:
                del self.due[waiting]
                self.start(waiting, *self.commands[waiting])
            for quiet, why in silent().items():
                if quiet not in self.due:
                    self.restart(quiet, why)
            for each in self.children:
                self.rotate(each)

    def note_proven(self):
        """Remembers who has lived long enough to be worth starting anew; whoever runs so long has no pause to make up for."""
        for name, began in self.began.items():
            if name not in self.due and time.monotonic() - began >= PROVEN_SECONDS:
                self.proven.add(name)
                self.pauses.pop(name, None)

    def next_pause(self, name):
        """Seconds that `name`, which has ended, waits: none after a life of `PROVEN_SECONDS`, else twice as long as the last time."""
        if time.monotonic() - self.began[name] >= PROVEN_SECONDS:
            return 0
        pause = self.pauses[name] = min(self.pauses.get(name, FIRST_PAUSE / 2) * 2, LONGEST_PAUSE)
        return round(pause, 1)

    def stop(self, names=None):
        """Asks every group (or those of `names`) to stop, then, after `patience` seconds, ends what is left of it."""
        # Of one that waits to be started anew nothing is left, and its number may be another's by now.
        children = [self.children[name] for name in names or self.children if name not in self.due]
        self.signal_groups(children, signal.SIGTERM)
        end = time.monotonic() + self.patience
        while time.monotonic() < end and any(child.poll() is None for child in children):
            time.sleep(0.05)
        # A group may outlive its first process: kill -9 of gunicorn leaves its workers.
        self.signal_groups(children, signal.SIGKILL)
        for child in children:
            child.wait()

    @staticmethod
    def signal_groups(children, number):
        for child in children:
            try:
                os.killpg(child.pid, number)
            except ProcessLookupError:
                continue  # the whole group is gone already
