"""How the files of a backup are written and read: hashed on the way, and encrypted when there is a passphrase.

The passphrase gives a master key by scrypt, the master a key of its own for each file (HMAC-SHA256 over a random salt). A file is a
run of pieces, each sealed by AES-256-GCM under a nonce that says its place and whether it is the last, with the name of the file
beside: pieces can be neither changed, moved, dropped nor cut off, and no file stands for another.
"""

import hashlib
import hmac
import os
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from journal.refusal import Refused

MAGIC, SALT, TAG = b"SLB1", 16, 16
PIECE = 1 << 20
LEAST = 12  # characters of a passphrase


class Damaged(Refused):
    """A file of a backup is not what was written."""

    def __init__(self, name):
        super().__init__(f"备份文件“{name}”已损坏或被改动，不能使用这份备份")


class Seal:
    """One backup's way of writing files; ``master`` is None where they stay readable."""

    def __init__(self, master=None):
        self.master = master
        self.suffix = ".enc" if master else ""

    @classmethod
    def of(cls, passphrase, salt):
        """A seal by ``passphrase``; ``salt`` is kept in the manifest. Takes about a third of a second and 64 MB."""
        return cls(hashlib.scrypt(passphrase.encode(), salt=salt, n=1 << 16, r=8, p=1, maxmem=1 << 27, dklen=32))

    def derived(self, purpose):
        return hmac.digest(self.master, purpose, "sha256")

    @property
    def proof(self):
        """What tells a wrong passphrase from an altered backup."""
        return self.derived(b"proof").hex()

    def vouch(self, content):
        """The seal over the manifest; empty without a passphrase."""
        return hmac.digest(self.derived(b"manifest"), content, "sha256").hex() if self.master else ""

    def writer(self, path, name):
        return Writer(path, name, self)

    def reader(self, path, name):
        return Reader(path, name, self)


class Writer:
    """A new file of a backup, 0600; ``finish()`` brings it to the disk. ``size`` and ``sha256`` are those of what went in."""

    def __init__(self, path, name, seal):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.name, self.size, self.digest = name, 0, hashlib.sha256()
        self.file = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
        self.cipher, self.place, self.waiting = None, 0, bytearray()
        if seal.master:
            salt = secrets.token_bytes(SALT)
            self.cipher = AESGCM(seal.derived(b"file" + salt))
            self.file.write(MAGIC + salt)

    def write(self, content):
        self.size += len(content)
        self.digest.update(content)
        if self.cipher is None:
            self.file.write(content)
            return
        self.waiting += content
        while len(self.waiting) > PIECE:
            self._seal(bytes(self.waiting[:PIECE]), last=False)
            del self.waiting[:PIECE]

    def _seal(self, piece, *, last):
        self.file.write(self.cipher.encrypt(_nonce(self.place, last), piece, self.name.encode()))
        self.place += 1

    def finish(self):
        with self.file:
            if self.cipher:
                self._seal(bytes(self.waiting), last=True)
            self.file.flush()
            os.fsync(self.file.fileno())

    @property
    def sha256(self):
        return self.digest.hexdigest()

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        if kind is None:
            self.finish()
        else:
            self.file.close()


class Reader:
    """What was written into a file of a backup, by ``read(size)``. Raises Damaged where it was altered, as far as a passphrase tells."""

    def __init__(self, path, name, seal):
        self.name, self.cipher, self.place, self.plain = name, None, 0, bytearray()
        try:
            self.file = path.open("rb")
        except OSError as error:
            raise Damaged(name) from error
        self.left = os.fstat(self.file.fileno()).st_size
        if seal.master:
            head = self._take(len(MAGIC) + SALT)
            if head[: len(MAGIC)] != MAGIC or not self.left:
                raise Damaged(name)
            self.cipher = AESGCM(seal.derived(b"file" + head[len(MAGIC) :]))

    def read(self, size=-1):
        if self.cipher is None:
            return self.file.read(size)
        while self.left and (size < 0 or len(self.plain) < size):
            piece = self._take(PIECE + TAG)
            try:
                self.plain += self.cipher.decrypt(_nonce(self.place, not self.left), piece, self.name.encode())
            except (InvalidTag, ValueError) as error:
                raise Damaged(self.name) from error
            self.place += 1
        end = len(self.plain) if size < 0 else size
        given = bytes(self.plain[:end])
        del self.plain[:end]
        return given

    def _take(self, size):
        taken = self.file.read(size)
        self.left -= len(taken)
        return taken

    def __iter__(self):
        return iter(lambda: self.read(PIECE), b"")

    def __enter__(self):
        return self

    def __exit__(self, *problem):
        self.file.close()


def _nonce(place, last):
    return place.to_bytes(11, "big") + bytes([last])
