"""What the seal of an event covers, and that a sealed event stays readable for ever."""

import pytest

from hazards import operations
from hazards.models import Hazard, HazardEvent
from journal import digest
from journal.audit import breaks

pytestmark = pytest.mark.django_db
# The digest itself, where the event stands among others, and its place in the outbox.
UNCOVERED = {"id", "digest", "position"}
COVERED = {field.name for field in HazardEvent._meta.concrete_fields} - UNCOVERED
OTHERWISE = {
    "format": 3,
    "sequence": 99,
    "kind": "pass_review",
    "actor_name": "别人",
    "unit_code": "411403001",
    "unit_name": "别处",
    "from_state": "closed",
    "to_state": "closed",
    "note": "改过",
    "changes": {"整改期限": "2027-01-01"},
    "facts": {"deadline": "2027-01-01"},
    "beside": {"00000000-0000-0000-0000-000000000000": {}},
    "evidence": [["0" * 64, "before"]],
    "previous": "0" * 64,
}


@pytest.mark.parametrize("name", sorted(COVERED))
def test_the_digest_covers_every_column_of_an_event(name, registered, stranger, noon, monkeypatch):
    monkeypatch.setitem(digest.SEALS, 3, digest.SEALS[2])
    event = registered.events.last()
    others = OTHERWISE | {"actor": stranger, "at": noon, "record": type(registered)()}
    assert getattr(event, name) != others[name]
    assert event.compute_digest() == event.digest

    setattr(event, name, others[name])

    assert event.compute_digest() != event.digest


def test_format_2_is_read_as_it_was_written(settings):
    """The very digits: whoever changes them makes every ledger there is look tampered with."""
    settings.AUDIT_KEYS = {"k1": bytes(32)}
    assert digest.seal(2, ["甲", 1, None, {"b": [1], "a": "é"}]) == "k1.mM4K4gq9pxtY1bQ8VI7N2cjS-ffWv8DByXa8Z5l-2-M"


def test_a_seal_is_read_by_the_key_it_names_and_by_no_other(registered, manager, noon, settings):
    """A rotation puts a new key in front; a chain goes on under it, and the old links hold while the old key is kept."""
    settings.AUDIT_KEYS = {"k2": b"2" * 32, **settings.AUDIT_KEYS}
    operations.issue(registered, by=manager, at=noon, days=10)
    assert [digest.key_of(event.digest) for event in registered.events.order_by("sequence")] == ["test", "test", "k2"]
    assert list(breaks([Hazard])) == []
    settings.AUDIT_KEYS = {"k2": b"2" * 32}
    [lost] = breaks([Hazard])
    assert str(lost).endswith("第 1 条：校验值所用的密钥“test”不在密钥库里，无法核对")
    settings.AUDIT_KEYS = {"k2": b"2" * 32, "test": b"another"}
    [wrong] = breaks([Hazard])
    assert str(wrong).endswith("第 1 条：内容与校验值不符，记录被改动过")


def test_new_events_are_sealed_in_the_newest_format(registered):
    assert {event.format for event in registered.events.all()} == {digest.NEWEST} == {max(digest.SEALS)}


def test_the_order_in_which_facts_were_written_makes_no_difference_and_that_of_pictures_does():
    assert digest.seal(2, [{"a": 1, "b": 2}]) == digest.seal(2, [{"b": 2, "a": 1}])
    assert digest.seal(2, [["a", "b"]]) != digest.seal(2, [["b", "a"]])
