"""The keys that go with a backup, and what becomes of them where it is restored."""

import pytest

from backups import keys, sealing
from safetyledger import key_ring

RINGS = ["AUDIT_KEYS", "DATA_KEYS"]


@pytest.fixture
def var(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    settings.AUDIT_KEYS, settings.DATA_KEYS = {"a": b"a" * 32}, {"d": b"d" * 32}
    return tmp_path


def kept(var):
    """What a backup made now keeps of the keys."""
    seal = sealing.Seal()
    digest = keys.write(var / "all.keys", seal)
    return keys.read(var / "all.keys", digest, seal)


@pytest.mark.parametrize("ring", RINGS)
def test_a_ring_of_the_environment_is_told_and_used(var, settings, ring):
    theirs, before = kept(var), getattr(settings, ring)
    settings.AUDIT_KEYS, settings.DATA_KEYS = {"new": b"n" * 32}, {"new": b"m" * 32}
    assert set(keys.put(theirs)) == set(RINGS)
    assert list(getattr(settings, ring)) == ["new", *before] and keys.put(theirs) == []


@pytest.mark.parametrize("ring", RINGS)
def test_a_ring_in_a_file_is_written_together(var, settings, ring):
    theirs = kept(var)
    file = var / "ours"
    setattr(settings, f"{ring}_FILE", file)
    setattr(settings, ring, {"new": b"n" * 32})
    assert keys.put(theirs) == []
    assert key_ring.parsed(file.read_text(), "test") == getattr(settings, ring)
    assert len(getattr(settings, ring)) == 2
