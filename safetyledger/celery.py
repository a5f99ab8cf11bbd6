"""The Celery application, and the marks by which /readyz sees that scheduled work is done."""

import os
import sys
from pathlib import Path

from celery import Celery
from celery.app.amqp import AMQP
from celery.signals import task_success, worker_ready
from kombu import Connection

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "safetyledger.settings")
# Options of `celery` itself that take the next word.
VALUED = {"-A", "--app", "-b", "--broker", "--result-backend", "--loader", "--config", "--workdir"}


def is_background(program, *words):
    """Whether a command line is `celery … worker` or `celery … beat`, however celery is called."""
    path = Path(program)
    if (path.parent.name if path.name == "__main__.py" else path.name) != "celery":
        return False
    rest = iter(words)
    for word in rest:
        if word in VALUED:
            next(rest, None)
        elif not word.startswith("-"):
            return word in {"worker", "beat"}
    return False


if is_background(*sys.argv):
    # As long as a task may take; a lock is another's for seconds.
    for name, seconds in {"STATEMENT": 14 * 60, "LOCK": 60, "IDLE": 14 * 60}.items():
        os.environ.setdefault(f"DATABASE_{name}_SECONDS", str(seconds))


class ImpatientConnection(Connection):
    """Tries again every 3 seconds at the latest; Celery's own intervals grow to 30, by which a broker that is back would stay unused."""

    def ensure_connection(self, *args, interval_start=1, interval_step=1, interval_max=3, **options):
        return super().ensure_connection(
            *args, interval_start=interval_start, interval_step=interval_step, interval_max=interval_max, **options
        )


class Amqp(AMQP):
    Connection = ImpatientConnection


app = Celery("safetyledger", amqp=Amqp)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_ready.connect
def sweep_at_once(sender=None, **kwargs):
    """A worker may have been away for long: it does every sweep when it starts, not a period later."""
    for entry in app.conf.beat_schedule.values():
        app.send_task(entry["task"], **entry["options"])


@task_success.connect
def remember_success(sender=None, **kwargs):
    """Any watched task that ends well leaves its time behind; tasks need not know about health checks."""
    from safetyledger import health  # settings are not ready when Celery imports this module

    health.mark_done(sender.name)
