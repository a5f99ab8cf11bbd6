"""What a backup says of itself: ``manifest.json``, and ``files.jsonl`` with a line for each of its files."""

import dataclasses
import hashlib
import json
import tomllib
from pathlib import PurePosixPath

from django.conf import settings

from backups.sealing import Damaged, Seal
from backups.shelf import UNFINISHED
from journal.refusal import Refused

FORMAT = 1
MANIFEST, FILES = "manifest.json", "files.jsonl"


def own_version():
    """The version of this program."""
    return tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]


@dataclasses.dataclass
class Manifest:
    """``tables``: rows by table. ``layout``: what the kind of database needs besides. ``missing``: files that were lost before the
    backup; ``dropped``: those removed with their rows while it ran. ``keys``: SHA-256 of the file of keys as it lies there."""

    version: str
    made_at: str
    database: str
    migrations: list
    tables: dict
    layout: dict
    files: int
    bytes: int
    listing: str  # SHA-256 of files.jsonl
    missing: list
    dropped: list
    keys: str
    encryption: dict | None
    format: int = FORMAT


def write(path, manifest, seal):
    """The manifest as the last file of a backup."""
    said = dataclasses.asdict(manifest)
    said["seal"] = seal.vouch(_canonical(said))
    with Seal().writer(path / MANIFEST, MANIFEST) as file:
        file.write(json.dumps(said, ensure_ascii=False, indent=1).encode())


def read(path, passphrase=None):
    """``(manifest, seal)`` of the backup in ``path``; Refused when it is none, of a newer program, or locked for this passphrase."""
    if not path.is_dir():
        raise Refused(f"没有这个目录：{path}")
    if path.name.startswith(UNFINISHED) or not (path / MANIFEST).is_file():
        raise Refused(f"“{path.name}”不是一份完整的备份：没有清单 {MANIFEST}，可能是中断的备份")
    try:
        said = json.loads((path / MANIFEST).read_text(encoding="utf-8"))
        _refuse_newer(said)
        vouched = said.pop("seal")
        manifest = Manifest(**said)
        salt = bytes.fromhex(manifest.encryption["salt"]) if manifest.encryption else None
        proof = manifest.encryption["proof"] if manifest.encryption else None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Damaged(MANIFEST) from error
    seal = _unlocked(salt, proof, passphrase)
    if vouched != seal.vouch(_canonical(said)):
        raise Damaged(MANIFEST)
    if _sha256(path / FILES) != manifest.listing:
        raise Damaged(FILES)
    return manifest, seal


def _refuse_newer(said):
    ours, theirs = own_version(), said["version"]
    if said["format"] > FORMAT or _numbers(theirs) > _numbers(ours):
        raise Refused(f"这份备份来自更新的版本 {theirs}，本机是 {ours}，请先升级程序再恢复")


def _numbers(version):
    return [int(part) for part in version.split(".")]


def _unlocked(salt, proof, passphrase):
    if salt is None:
        return Seal()
    if not passphrase:
        raise Refused("这份备份是加密的，请用 --passphrase-file 指定口令文件")
    seal = Seal.of(passphrase, salt)
    if seal.proof != proof:
        raise Refused("口令不对，不能打开这份备份")
    return seal


def _canonical(said):
    return json.dumps(said, sort_keys=True).encode()


def _sha256(path):
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def entries(path):
    """``(name, size, sha256)`` of each file, in the order they were written; names that lead out of the backup are refused."""
    with (path / FILES).open(encoding="utf-8") as file:
        for line in file:
            try:
                name, size, sha256 = json.loads(line)
                parts = PurePosixPath(name).parts
            except (ValueError, TypeError) as error:
                raise Damaged(FILES) from error
            if ".." in parts or name.startswith("/") or len(parts) < 2:
                raise Damaged(FILES)
            yield name, size, sha256
