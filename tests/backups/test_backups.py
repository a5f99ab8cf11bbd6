"""A backup is all of one moment or nothing, says what is wrong with it, and comes back row by row and photo by photo."""

import errno
import json
import os
import shutil
import stat
import threading
from contextlib import contextmanager
from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.storage import FileSystemStorage, default_storage
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.utils import timezone

from backups import databases, keys, making, manifest, sealing, shelf
from backups.restoring import check, opened, restore
from evidence.models import Photo
from evidence.operations import drop_waiting
from hazards import operations
from hazards.models import Hazard
from journal import anchors, audit
from journal.refusal import Refused
from safetyledger import kept
from safetyledger.supervisor import alone_in

PASSPHRASE = "十二个字符以上的一句口令"


@pytest.fixture(autouse=True)
def _place(settings, tmp_path, monkeypatch):
    """Files on the disk, and a directory of our own for what an installation keeps."""
    settings.VAR_DIR = tmp_path / "var"
    settings.VAR_DIR.mkdir()
    settings.BULLETIN_TEMPLATE = str(settings.VAR_DIR / "bulletin.docx")
    monkeypatch.setattr(default_storage, "_wrapped", FileSystemStorage(location=tmp_path / "media"))
    monkeypatch.setattr(kept, "SECRETS", {settings.VAR_DIR / "secret.key"})
    monkeypatch.setattr(audit, "record_kinds", lambda: [Hazard])  # people and firms of factories have no events
    monkeypatch.setattr(sealing.Seal, "of", cache(sealing.Seal.of))  # made to be slow
    kept.write(settings.VAR_DIR / "secret.key", "s" * 86)


def shelved(tmp_path):
    return shelf.whole(tmp_path / "shelf")


def made(tmp_path, seconds=0, **options):
    return making.make(tmp_path / "shelf", at=timezone.now() + timedelta(seconds=seconds), **options)


def everything():
    """Every row of every table but the sessions, and every file."""
    rows = {}
    with connection.cursor() as cursor:
        for table in databases.tables():
            if table != databases.SESSIONS:
                cursor.execute(f'SELECT * FROM "{table}"')
                rows[table] = sorted(map(repr, cursor.fetchall()))
        files = {name: Path(default_storage.path(name)).read_bytes() for name in databases.names_of_files(cursor)}
    return rows, files


def emptied():
    call_command("flush", interactive=False, verbosity=0)
    shutil.rmtree(default_storage.location)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_all_comes_back(pending, client, inspector, settings, tmp_path, photo, capsys):
    """Both ways of keeping it, over the commands; the check before it leaves all as it is."""
    client.force_login(inspector)
    photo(inspector)
    (settings.VAR_DIR / "bulletin.docx").write_bytes(b"head paper")
    (tmp_path / "passphrase").write_text(f"{PASSPHRASE}\n", encoding="utf-8")
    anchors.anchor(at=timezone.now())
    before = everything()
    assert len(before[1]) == 9
    for options in ({}, {"passphrase_file": tmp_path / "passphrase"}):
        place = tmp_path / f"shelf{len(options)}"
        call_command("backup", place, **options)
        [name] = shelf.whole(place)
        [keys_file] = place.glob(f"{name}.keys*")
        assert {stat.S_IMODE(path.stat().st_mode) for path in place.rglob("*") if path.is_file()} <= {0o600, 0o644}
        assert stat.S_IMODE(keys_file.stat().st_mode) == 0o600 and stat.S_IMODE(place.stat().st_mode) == 0o700
        inside = b"".join(path.read_bytes() for path in (place / name).rglob("*") if path.is_file())
        assert b"s" * 86 not in inside, "keys apart"
        assert (b"\xff\xd8\xff" in inside and "快速冻结".encode() in inside) != bool(options)

        if options:
            call_command("restore", place / name, only_check=True, **options)
            assert "可以恢复，全部完好" in capsys.readouterr().out
            assert everything() == before
        with pytest.raises(CommandError, match="本机的台账不是空的"):
            call_command("restore", place, **options)

        emptied()
        (settings.VAR_DIR / "secret.key").unlink()
        (settings.VAR_DIR / "bulletin.docx").unlink()
        settings.AUDIT_ANCHORS.unlink()
        call_command("restore", place, **options)
        assert everything() == before
        assert (settings.VAR_DIR / "secret.key").read_text() == "s" * 86
        assert (settings.VAR_DIR / "bulletin.docx").read_bytes() == b"head paper"
        assert [*anchors.differences(), *audit.breaks()] == []
        assert not client.get("/").context, "sessions end"
        assert not list((settings.VAR_DIR / "backup-work").glob(f"{shelf.UNFINISHED}*")), "nothing in clear stays"
    operations.comment(Hazard.objects.get(), by=inspector, at=timezone.now(), text="接着办理")  # numbers go on


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_people_go_on_while_it_is_made(
    registered, inspector, colleague, enterprise, tmp_path, monkeypatch, noon, photo
):
    """Rows of one moment: written before, while tables are copied, or not at all; a photo dropped meanwhile is no loss."""
    waiting = photo(inspector, "red", at=noon - timedelta(days=30))
    real, first, halfway, go_on = making.Listing.add, threading.Event(), threading.Event(), threading.Event()

    def slowly(self, name):
        if not first.is_set():
            first.set()
            halfway.set()
            assert go_on.wait(20)
        return real(self, name)

    monkeypatch.setattr(making.Listing, "add", slowly)
    said = []

    def back_up():
        try:
            said.append(made(tmp_path).manifest)
        finally:
            connections.close_all()

    thread = threading.Thread(target=back_up)
    thread.start()
    assert halfway.wait(20)
    for number in range(3):
        operations.record_inspection(
            by=inspector,
            at=noon,
            kind="routine",
            enterprise=enterprise,
            inspected_on=noon.date(),
            inspectors=[inspector, colleague],
            hazards=[{"description": f"后来的隐患 {number}", "level": "general", "requirement": "整改"}],
        )
    assert drop_waiting(at=noon) == 1
    go_on.set()
    thread.join()

    assert said[0].tables["hazards_hazard"] == 1 and Hazard.objects.count() == 4
    assert sorted(said[0].dropped) == sorted([waiting.image.name, waiting.original.name, waiting.thumbnail.name])
    assert said[0].missing == []
    restore(tmp_path / "shelf", replace=True)
    assert Hazard.objects.count() == 1 and list(audit.breaks()) == []
    lost = Photo.objects.exclude(pk=waiting.pk).get().image.name
    default_storage.delete(lost)
    with pytest.raises(CommandError, match="有 4 个文件在备份之前就已丢失"):
        call_command("backup", tmp_path / "other")
    said = opened(tmp_path / "other").manifest
    assert lost in said.missing and said.dropped == [], "and those whose rows came back, until the sweep"


@contextmanager
def somebody_at_work():
    """A server that runs, as each kind of database shows it."""
    apart = connection.copy()
    try:
        with alone_in(settings.VAR_DIR):
            apart.connect()
            yield
    finally:
        apart.close()


def _cut(path):
    path.write_bytes(path.read_bytes()[:-1])


def _flip(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def _newer(path):
    path.write_text(path.read_text().replace('"version": "', '"version": "9'))


def _of_the_other(path):
    said = json.loads(path.read_text())
    said["database"] = "oracle"
    path.write_text(json.dumps(said))


def _later(path):
    said = json.loads(path.read_text())
    said["migrations"].append("hazards.9999_of_next_year")
    path.write_text(json.dumps(said))


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_what_is_wrong_with_one_is_said(registered, tmp_path):
    """Any file cut, flipped or gone is named, with a passphrase and without; nothing is touched."""
    for passphrase in (None, PASSPHRASE):
        whole = made(tmp_path, seconds=len(passphrase or ""), passphrase=passphrase).path
        files = [path for path in whole.rglob("*") if path.is_file()]
        database = next(path for path in files if path.parent.name == "database" and path.stat().st_size > 100)
        picture = next(path for path in files if "photos" in path.parts)
        cases = [
            (change, path, path.name.removesuffix(".enc"))
            for path in (database, picture, whole / "files.jsonl")
            for change in (_cut, _flip, lambda path: path.unlink())
        ]
        cases.append((_cut, whole / "manifest.json", "manifest.json"))
        cases.append((lambda path: path.unlink(), whole / "manifest.json", "不是一份完整的备份"))
        cases.append((_newer, whole / "manifest.json", "更新的版本 90.1.0，本机是 0.1.0"))
        if passphrase:
            cases.append((_later, whole / "manifest.json", "manifest.json"))
        else:
            cases.append((_later, whole / "manifest.json", "hazards.9999_of_next_year"))
            cases.append((_of_the_other, whole / "manifest.json", "oracle"))
        for change, path, words in cases:
            content = path.read_bytes()
            change(path)
            for doing in (check, restore):
                with pytest.raises(Refused, match=words):
                    doing(whole, passphrase=passphrase)
            path.write_bytes(content)
    for wrong, words in ((None, "加密"), ("十二个字符以上的另一句", "口令不对")):
        with pytest.raises(Refused, match=words):
            check(whole, passphrase=wrong)
    assert list(audit.breaks()) == []
    with somebody_at_work(), pytest.raises(Refused, match=r"请先停止.*再恢复"):
        restore(whole, passphrase=PASSPHRASE, replace=True)
    keys_file = keys.file_of(tmp_path / "shelf", whole.name, sealing.Seal(b"x"))
    keys_file.unlink()
    with pytest.raises(Refused, match="找不到密钥文件"):
        restore(whole, passphrase=PASSPHRASE, replace=True)
    with pytest.raises(Refused, match="没有这个目录"):
        check(tmp_path / "nowhere")


def fail_at(monkeypatch, number, failure):
    """Of all the steps that reach the disk the one of this ``number`` fails; returns how many there were."""
    seen = [0]
    for owner, name in ((os, "fsync"), (sealing.Writer, "write"), (Path, "rename")):
        real = getattr(owner, name)

        def step(*args, _real=real, **kwargs):
            seen[0] += 1
            if seen[0] == number:
                failure()
            return _real(*args, **kwargs)

        monkeypatch.setattr(owner, name, step)
    return seen


def _disk_full():
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_one_that_ends_early_leaves_none(registered, tmp_path, monkeypatch, noon):
    """Killed, or without space, at each step: nothing stands there that passes for whole, and the next one works."""
    with monkeypatch.context() as patched:
        steps = fail_at(patched, 0, None)
        made(tmp_path)
    last = steps[0]
    some = sorted({*range(1, last, max(1, last // 8)), last - 1})
    for number in [*some, last]:
        place = tmp_path / f"full{number}"
        with monkeypatch.context() as patched:
            fail_at(patched, number, _disk_full)
            with pytest.raises(Refused, match="磁盘空间不足"):
                making.make(place, at=timezone.now())
        left = [path.name for path in place.iterdir() if path.name != ".lock"]
        assert left == [] if number < last else opened(place).path, "the last step comes when all stands there"
    place = tmp_path / "killed"
    for number in some:
        connection.close()  # none that two processes would share
        child = os.fork()
        if not child:
            try:
                fail_at(monkeypatch, number, lambda: os.kill(os.getpid(), 9))
                making.make(place, at=noon + timedelta(seconds=number))
            finally:
                os._exit(1)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -9
        assert shelf.whole(place) == []
        for left in (place, *place.glob(f"{shelf.UNFINISHED}*")):
            with pytest.raises(Refused, match="不是一份完整的备份"):
                check(left)
    assert shelf.whole(place) == [] and making.make(place, at=timezone.now()).path.is_dir()
    assert list(place.glob(f"{shelf.UNFINISHED}*")) == []


def test_old_ones_go_and_those_of_the_future_are_told(tmp_path, noon):
    """Without a database: only names and manifests count."""
    names = [shelf.name_of(noon + timedelta(days=days)) for days in (-3, -2, -1, 0, 400)]
    for name in names:
        (tmp_path / name).mkdir()
        (tmp_path / name / manifest.MANIFEST).touch()
        (tmp_path / f"{name}.keys").touch()
    (tmp_path / f"{shelf.name_of(noon - timedelta(days=9))}").mkdir()  # no manifest: nobody's
    (tmp_path / "notes").mkdir()

    gone, future = shelf.thin_out(tmp_path, tmp_path, keep=2, newest=names[3], at=noon)

    assert (gone, future) == (names[:2], names[4:])
    assert shelf.whole(tmp_path) == names[2:]
    assert sorted(path.name for path in tmp_path.glob("*.keys")) == [f"{name}.keys" for name in names[2:]]
    with shelf.alone(tmp_path), pytest.raises(Refused, match="正在进行另一次"), shelf.alone(tmp_path):
        pass
