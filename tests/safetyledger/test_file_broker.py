import multiprocessing
import os
import signal
from pathlib import Path
from queue import Empty

import pytest
from kombu import Connection

from safetyledger import file_broker

SPAWN = multiprocessing.get_context("spawn")


def connection(root):
    return Connection("files://", transport_options=file_broker.options(root))


def publish(root, first, count):
    with connection(root) as broker, broker.SimpleQueue("work") as queue:
        for number in range(first, first + count):
            queue.put(number)


def consume(root, seen):
    with connection(root) as broker, broker.SimpleQueue("work") as queue:
        while True:
            try:
                message = queue.get(block=True, timeout=3)
            except Empty:
                return
            seen.put(message.payload)
            message.ack()


def claim_and_die(root):
    broker = connection(root)
    broker.SimpleQueue("work").get_nowait()
    os.kill(os.getpid(), signal.SIGKILL)


def take_all(root):
    with connection(root) as broker, broker.SimpleQueue("work") as queue:
        taken = []
        while True:
            try:
                message = queue.get_nowait()
            except Empty:
                return taken
            taken.append(message.payload)
            message.ack()


def test_messages_come_in_order_and_once(tmp_path):
    publish(tmp_path, 0, 20)

    assert take_all(tmp_path) == list(range(20))
    assert take_all(tmp_path) == []
    assert not list(tmp_path.glob("*/*.msg"))


def test_processes_publishing_and_consuming_at_once_lose_and_double_nothing(tmp_path):
    seen = SPAWN.Queue()
    readers = [SPAWN.Process(target=consume, args=(tmp_path, seen)) for _ in range(2)]
    writers = [SPAWN.Process(target=publish, args=(tmp_path, first, 150)) for first in (0, 150)]
    for process in readers + writers:
        process.start()
    numbers = sorted(seen.get(timeout=30) for _ in range(300))
    for process in readers + writers:
        process.join(timeout=30)

    assert numbers == list(range(300))
    assert seen.empty()


def test_message_of_a_killed_worker_returns(tmp_path):
    publish(tmp_path, 7, 1)
    worker = SPAWN.Process(target=claim_and_die, args=(tmp_path,))
    worker.start()
    worker.join(timeout=30)
    assert take_all(tmp_path) == []

    assert file_broker.restore_claims(tmp_path) == 1
    assert take_all(tmp_path) == [7]


def test_message_not_acknowledged_returns_when_the_connection_closes(tmp_path):
    publish(tmp_path, 7, 1)
    with connection(tmp_path) as broker:
        broker.SimpleQueue("work").get_nowait()

    assert take_all(tmp_path) == [7]


@pytest.mark.parametrize(("requeue", "left"), [(True, [7]), (False, [])])
def test_rejected_message_returns_only_when_asked(tmp_path, requeue, left):
    publish(tmp_path, 7, 1)
    with connection(tmp_path) as broker:
        broker.SimpleQueue("work").get_nowait().reject(requeue=requeue)

    assert take_all(tmp_path) == left


def test_half_written_message_is_not_read(tmp_path):
    publish(tmp_path, 7, 1)
    (tmp_path / "drafts" / "0.work.msg").write_text("{")

    assert take_all(tmp_path) == [7]
    file_broker.restore_claims(tmp_path)
    assert not list(tmp_path.glob("drafts/*"))


@pytest.mark.parametrize("content", [b"", b'{"body": "e30=", "prop', b"\xff\xfe", b"[]", b"null", b'{"body": "e30="}'])
def test_message_that_cannot_be_read_is_set_aside_and_the_next_one_comes(tmp_path, caplog, content):
    publish(tmp_path, 7, 1)
    (tmp_path / "queue" / "0.work.msg").write_bytes(content)

    assert take_all(tmp_path) == [7]
    assert "0.work.msg cannot be read" in caplog.text
    assert (tmp_path / "damaged" / "0.work.msg").read_bytes() == content
    assert file_broker.restore_claims(tmp_path) == 0


def test_message_is_on_disk_before_it_has_its_name(tmp_path, monkeypatch):
    synced = []
    monkeypatch.setattr(os, "fsync", lambda number: synced.append(Path(f"/proc/self/fd/{number}").readlink().parent))
    publish(tmp_path, 7, 1)

    assert synced == [tmp_path / "drafts"]
