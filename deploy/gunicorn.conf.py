"""How the web process runs, on one machine and in a container alike."""

import contextlib
import os
import resource
import tempfile
import time
from pathlib import Path

workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
# Takes a thread only for a request that has arrived whole, so that slow clients stop nobody: docs/adr/0038.
worker_class = "safetyledger.web_worker.BufferingWorker"
# One import for all workers: half the time to start and less memory.
preload_app = True
# It would lie in the home directory, shared by every instance there.
control_socket_disable = True
timeout = 120
graceful_timeout = 8
# A leak, ours or a library's, ends with its process; the jitter keeps workers from renewing at once.
max_requests = 5000
max_requests_jitter = 500
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: PTH112, S108
# Forwarding headers are TrustedProxyMiddleware's business alone.
forwarded_allow_ips = ""
accesslog = "-" if os.environ.get("ACCESS_LOG") else None
# For how many seconds a page may wait for a statement, for another's lock, and sit in a transaction (safetyledger/waiting_limits.py).
for name, seconds in {"STATEMENT": 30, "LOCK": 10, "IDLE": 120}.items():
    os.environ.setdefault(f"DATABASE_{name}_SECONDS", str(seconds))
# A connection is a descriptor, and its body and answer one each; many systems allow 1,024 unless asked.
_, most = resource.getrlimit(resource.RLIMIT_NOFILE)
with contextlib.suppress(ValueError, OSError):  # macOS names a limit that it does not grant
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
# What is arriving is kept beside the files it becomes: /tmp is memory in a container, and on many machines.
arriving = Path(os.environ.get("VAR_DIR") or Path(__file__).resolve().parents[1] / "var") / "arriving"
arriving.mkdir(parents=True, exist_ok=True)
tempfile.tempdir = str(arriving)
for left in arriving.iterdir():  # by a process that was killed
    if left.stat().st_mtime < time.time() - 24 * 3600:
        left.unlink(missing_ok=True)
