"""Celery's broker in files, for one machine without Redis: kombu's file transport, made to lose nothing.

kombu's own writes a message in place (a reader meets half of it) and deletes it before the work is done (a killed
worker takes it along). Here a message appears by renaming, is claimed by renaming, and its claim is deleted when the
worker acknowledges. Claims of a worker that died return by `restore_claims` before the next one starts.

    <root>/drafts -> <root>/queue -> <root>/claimed -> gone
                                                    -> <root>/damaged, when it cannot be read (say, after a full disk)
"""

import contextlib
import fcntl
import logging
import os
import time
import uuid
from pathlib import Path
from queue import Empty

from kombu.transport import TRANSPORT_ALIASES, filesystem, virtual
from kombu.utils.json import dumps, loads

FOLDERS = ("drafts", "queue", "claimed", "control", "damaged")
log = logging.getLogger(__name__)


def options(root):
    """Celery's `broker_transport_options` for a broker under the directory `root`."""
    root = Path(root)
    return {
        "root": str(root),
        "data_folder_in": str(root / "queue"),
        "data_folder_out": str(root / "queue"),
        "control_folder": str(root / "control"),
    }


def restore_claims(root):
    """Puts back what a dead worker had claimed; returns how many. Only while no worker runs."""
    root = Path(root)
    claims = list(root.glob("claimed/*.msg"))
    for claim in claims:
        claim.rename(root / "queue" / claim.name)
    for draft in root.glob("drafts/*.msg"):
        draft.unlink()
    return len(claims)


class QoS(virtual.QoS):
    """Deletes a message's claim when its fate is known."""

    def ack(self, delivery_tag):
        self.release(delivery_tag)
        super().ack(delivery_tag)

    def reject(self, delivery_tag, requeue=False):
        super().reject(delivery_tag, requeue=requeue)
        self.release(delivery_tag)

    def release(self, delivery_tag):
        # Absent when it was put back just now, by `reject`.
        self.channel.claim_of(self._delivered[delivery_tag]).unlink(missing_ok=True)


class Channel(filesystem.Channel):
    QoS = QoS

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.root = Path(self.transport_options["root"])
        self.without_ack = set()
        for folder in FOLDERS:
            (self.root / folder).mkdir(parents=True, exist_ok=True)

    def claim_of(self, message):
        return self.root / "claimed" / message.properties["claim"]

    def basic_consume(self, queue, no_ack, *args, **kwargs):
        if no_ack:
            self.without_ack.add(queue)
        return super().basic_consume(queue, no_ack, *args, **kwargs)

    def _put(self, queue, payload, **kwargs):
        # The clock first: names sort by age.
        name = f"{time.time_ns():020d}-{uuid.uuid4().hex}.{queue}.msg"
        draft = self.root / "drafts" / name
        with draft.open("w", encoding="utf-8") as file:
            file.write(dumps(payload))
            file.flush()
            # Before the name: after a power cut a file may have its new name and none of its contents.
            os.fsync(file.fileno())
        draft.rename(self.root / "queue" / name)

    def _get(self, queue):
        for path in sorted((self.root / "queue").iterdir()):
            if path.name.partition(".")[2] != f"{queue}.msg":
                continue
            try:
                claim = path.rename(self.root / "claimed" / path.name)
            except FileNotFoundError:
                continue  # another reader was quicker
            try:
                payload = loads(claim.read_text(encoding="utf-8"))
                payload["properties"]["claim"] = claim.name
            except (ValueError, TypeError, KeyError):
                # Left in the way it would end this worker and every next one.
                log.exception("The message %s cannot be read; it is set aside in %s", claim.name, self.root / "damaged")
                claim.rename(self.root / "damaged" / claim.name)
                continue
            if queue in self.without_ack:
                claim.unlink()
            return payload
        raise Empty

    def _restore(self, message):
        with contextlib.suppress(FileNotFoundError):
            claim = self.claim_of(message)
            claim.rename(self.root / "queue" / claim.name)

    def get_table(self, exchange):
        try:
            return super().get_table(exchange)
        except (ValueError, TypeError):
            log.warning("The table of the exchange %s cannot be read", exchange)
            return []

    def _queue_bind(self, exchange, *args):
        # kombu truncates the table before it locks it; between the two another process would read nothing.
        with (self.root / "control" / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not self.get_table(exchange):  # none yet, or one that would end this process and every next one
                self._exchange_file(exchange).unlink(missing_ok=True)
            super()._queue_bind(exchange, *args)


class Transport(filesystem.Transport):
    Channel = Channel

    def __init__(self, client, **kwargs):
        super().__init__(client, **kwargs)
        # kombu shares what is declared among all connections of a process, though roots may differ.
        self.state = virtual.BrokerState()


# The scheme of CELERY_BROKER_URL: files://
TRANSPORT_ALIASES["files"] = "safetyledger.file_broker:Transport"
