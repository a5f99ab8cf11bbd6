"""The heads of all chains, written down daily in a file outside the database; and the database compared with that file.

The file (`settings.AUDIT_ANCHORS`) is lines of JSON. Lines of heads, ``[table, uid, sequence, digest, words]``, one for each
chain that moved since the last anchor, are closed by an anchor: the Merkle root over the root before it and these lines, sealed
with the key of the audit. So every root covers the heads of all chains, and an anchor costs what happened since the last. A loss
that somebody answers for (a restored back-up) is an anchor of all chains anew; what stands before it is asked for no more.
"""

import fcntl
import json
import logging
import os
import uuid
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import groupby
from operator import itemgetter

from django.conf import settings
from django.db.models import prefetch_related_objects

from journal import digest, outbox
from journal.audit import CHUNK, Break, place_of
from journal.merkle import Tree
from journal.models import Offset, record_kinds
from journal.refusal import Refused

CONSUMER = "anchors"  # its offsets say in the database how far the file should reach
HEAD, CLOSING = b"[", b"{"
FILE = "锚点文件"
OFTEN = timedelta(days=2)  # anchors are made daily; a night may be missed
logger = logging.getLogger(__name__)


class Book:
    """What stands in the file of anchors, read from its beginning: ``closings``, the last ``root``, how far ``places`` reach, and
    where the last whole anchor ends (``end``); ``wrong`` is what does not fit, as Chinese words with the anchor they stand at."""

    def __init__(self, lines):
        self.closings, self.root, self.places, self.end, self.wrong = [], "", {}, 0, []
        tree, offset = self._tree(), 0
        for line in lines:
            offset += len(line)
            if line.startswith(HEAD):
                tree.add(line)
                continue
            closing = _closing(line)
            if closing is None:
                self.wrong.append(f"第 {offset} 字节前的一行无法读取，文件被改动过或没有写完")
                continue
            self._check(closing, tree)
            self.closings.append(closing)
            self.root, self.places, self.end = closing["root"], closing["places"], offset
            tree = self._tree()

    def _tree(self):
        tree = Tree()
        tree.add(self.root.encode())
        return tree

    def _check(self, closing, tree):
        said = [closing[name] for name in ("at", "places", "heads", "root", "previous", "lost")]
        if wrong := digest.complaint(closing["format"], closing["seal"]):
            self.wrong.append(f"{closing['at']} 的锚点{wrong}")
        elif digest.seal(closing["format"], said, digest.key_of(closing["seal"])) != closing["seal"]:
            self.wrong.append(f"{closing['at']} 的锚点与封印不符，文件被改动过")
        if (closing["previous"], closing["root"], closing["heads"]) != (self.root, tree.root, tree.count - 1):
            self.wrong.append(f"{closing['at']} 的锚点与它所列各链末条不符，文件被改动过")

    def floor(self, table):
        return self.places.get(table, 0)


def _closing(line):
    try:
        said = json.loads(line)
        datetime.fromisoformat(said["at"])
        sound = all(isinstance(said[name], str) for name in ("root", "previous", "seal", "lost"))
        sound &= all(isinstance(one, int) for one in (said["heads"], said["format"], *said["places"].values()))
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
    return said if sound and line.endswith(b"\n") else None


def _lines():
    try:
        with settings.AUDIT_ANCHORS.open("rb") as file:
            yield from file
    except FileNotFoundError:
        return


@contextmanager
def alone():
    """One writer of the file at a time."""
    path = settings.AUDIT_ANCHORS
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.with_name(f"{path.name}.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def anchor(*, at):
    """Write down the heads of the chains that moved since the last anchor; returns ``(root, how many)``.

    Refused where file and database don't belong together: going on would cover up what was lost.
    """
    with alone():
        book = Book(_lines())
        if wrong := [*book.wrong, *(str(one) for one in _reach(book))]:
            raise Refused(f"{FILE}与数据库对不上，没有锚定：{wrong[0]}")
        return _append(book, at)


def accept_loss(*, at, reason):
    """Note that somebody answers for what the file or the database lost, and anchor from here on."""
    with alone():
        book = Book(_lines())
        book.places = {}
        logger.warning("a loss of the audit was accepted: %s", reason)
        return _append(book, at, lost=reason)


def forget():
    """Begin anew without a word; for a demonstration that was emptied and loaded again."""
    with alone():
        settings.AUDIT_ANCHORS.unlink(missing_ok=True)
        Offset.objects.filter(consumer=CONSUMER).delete()


def _append(book, at, lost=""):
    _place_all()
    given = _given()
    with open(os.open(settings.AUDIT_ANCHORS, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as file:  # noqa: PTH123 - the mode
        file.seek(book.end)
        file.truncate()  # heads without an anchor, of a run that was interrupted
        tree = Tree()
        tree.add(book.root.encode())
        for head in _heads(book, given):
            line = json.dumps(head, ensure_ascii=False).encode() + b"\n"
            tree.add(line)
            file.write(line)
        said = {
            "at": at.isoformat(timespec="seconds"),
            "places": given,
            "heads": tree.count - 1,
            "root": tree.root,
            "previous": book.root,
            "lost": lost,
        }
        closing = said | {"format": digest.NEWEST, "seal": digest.seal(digest.NEWEST, list(said.values()))}
        file.write(json.dumps(closing, ensure_ascii=False).encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())
    for table, place in given.items():  # the file first: it may know more than the database, never less
        Offset.objects.update_or_create(consumer=CONSUMER, stream=table, defaults={"last": place})
    logger.info(
        "audit anchor at=%s root=%s previous=%s heads=%s", said["at"], tree.root, book.root or "-", said["heads"]
    )
    return tree.root, said["heads"]


def _place_all():
    for kind in record_kinds():
        while outbox.place(kind.stream()) == outbox.PLACED:
            continue


def _offsets(consumer):
    return dict(Offset.objects.filter(consumer=consumer).values_list("stream", "last"))


def _given():
    known = _offsets("")
    return {table: known.get(table, 0) for table in (kind.stream()._meta.db_table for kind in record_kinds())}


def _heads(book, given):
    """The last event of every chain that moved, with words by which a reader finds the record."""
    for kind in record_kinds():
        table = kind.stream()._meta.db_table
        new = kind.stream().objects.filter(position__gt=book.floor(table), position__lte=given[table])
        columns = ("record_id", "record__uid", "sequence", "digest")
        rows = new.order_by("record_id", "sequence").values_list(*columns).iterator(CHUNK)
        lasts = (list(events)[-1] for _, events in groupby(rows, key=itemgetter(0)))
        for some in _by_chunk(lasts):
            words = _words(kind, [row[0] for row in some])
            for pk, uid, *event in some:
                yield [table, str(uid), *event, words.get(pk, kind.noun)]


def _by_chunk(rows):
    some = []
    for row in rows:
        some.append(row)
        if len(some) == CHUNK:
            yield some
            some = []
    if some:
        yield some


def _words(kind, ids):
    try:
        records = list(kind.objects.filter(pk__in=ids))
        # What a record calls itself may come from another row.
        prefetch_related_objects(records, *(field.name for field in kind._meta.concrete_fields if field.is_relation))
        return {record.pk: place_of(record) for record in records}
    except Exception:  # whatever a tampered value makes a field raise: who tampers must not stop the anchors, too
        logger.exception("records of %s cannot be read; verify_audit names them", kind._meta.label)
        return {}


def differences(roots=(), now=None):
    """What of the database is not as the file of anchors says, and what of the file is not as it was written: Breaks. ``roots``: those
    that somebody kept elsewhere (the log) and wants to find in the file; ``now``: to say whether the last anchor is too old."""
    book = Book(_lines())
    for wrong in book.wrong:
        yield Break(FILE, 0, wrong)
    yield from _reach(book)
    if now and book.closings and abs(now - datetime.fromisoformat(book.closings[-1]["at"])) > OFTEN:
        yield Break(FILE, 0, f"最近一次锚定的时间是 {book.closings[-1]['at']}，夜里的锚定停了，或者时钟不对")
    known = {closing["root"] for closing in book.closings}
    for root in roots:
        if root not in known:
            yield Break(FILE, 0, f"没有根值为 {root} 的锚点，文件被换过或截断")
    yield from _lost_heads(book)


def _reach(book):
    """Whether file and database reach as far as each other says."""
    anchored, given = _offsets(CONSUMER), _given()
    if short := [table for table, place in anchored.items() if place > book.floor(table)]:
        missing = sum(anchored[table] - book.floor(table) for table in short)
        yield Break(FILE, 0, f"缺失或被截断：数据库记得锚定过的办理记录，有 {missing} 条文件里没有")
    if older := [table for table, place in book.places.items() if place > given.get(table, 0)]:
        missing = sum(book.places[table] - given.get(table, 0) for table in older)
        yield Break(
            "数据库", 0, f"比 {book.closings[-1]['at']} 的锚点旧，少 {missing} 条办理记录，可能被换成了较早的副本"
        )


def _lost_heads(book):
    kinds = {kind.stream()._meta.db_table: kind for kind in record_kinds()}
    since = max((number for number, closing in enumerate(book.closings) if closing["lost"]), default=0)
    told = set()
    for number, heads in _heads_by_anchor():
        if since <= number < len(book.closings):  # behind the last one stands what an interrupted run wrote
            for table, some in groupby(heads, key=itemgetter(0)):
                for uid, problem in _unlike(kinds.get(table), list(some), book.closings[number]["at"]):
                    if (table, uid) not in told:
                        told.add((table, uid))
                        yield problem


def _heads_by_anchor():
    """``(which anchor closes them, heads)``, at most `CHUNK` at once. What can't be read `Book` has told already."""
    number, some = 0, []
    for line in _lines():
        if line.startswith(HEAD):
            if head := _head(line):
                some.append(head)
        elif _closing(line):
            if some:
                yield number, some
            number, some = number + 1, []
        if len(some) == CHUNK:
            yield number, some
            some = []


def _head(line):
    try:
        table, uid, sequence, seal, words = json.loads(line)
        return str(table), str(uuid.UUID(uid)), int(sequence), seal, words
    except (ValueError, TypeError, AttributeError):
        return None


def _unlike(kind, heads, at):
    if kind is None:
        return
    there = {
        str(uid): pk for uid, pk in kind.objects.filter(uid__in=[one[1] for one in heads]).values_list("uid", "pk")
    }
    events = kind.stream().objects.filter(record__in=there.values(), sequence__in={one[2] for one in heads})
    said = {(pk, sequence): seal for pk, sequence, seal in events.values_list("record_id", "sequence", "digest")}
    for _, uid, sequence, seal, words in heads:
        if uid not in there:
            yield uid, Break(words, 0, f"{at} 的锚点里有这条{kind.noun}，现在连同办理记录一起不见了")
        elif (stands := said.get((there[uid], sequence))) is None:
            yield uid, Break(words, sequence, f"{at} 的锚点里有这一条，现在缺失，末尾的办理记录被删除过")
        elif stands != seal:
            yield uid, Break(words, sequence, f"校验值与 {at} 的锚点不同，这条链被换过")


def summary():
    """What stands in the file, in lines for the auditor: how many anchors, the last one, and the losses somebody answered for."""
    closings = Book(_lines()).closings
    if not closings:
        return ["还没有锚点：链尾被删、整条被删、换成旧副本，要锚定以后才能发现"]
    last = closings[-1]
    losses = [f"{one['at']} 登记过缺失：{one['lost']}" for one in closings if one["lost"]]
    return [*losses, f"锚点 {len(closings)} 个，最近 {last['at']}，根值 {last['root']}"]
