"""What the seal of an event covers, and that a sealed event stays readable for ever."""

import pytest

from hazards.models import HazardEvent
from journal import digest

pytestmark = pytest.mark.django_db
# The digest itself, where the event stands among others, and its place in the outbox.
UNCOVERED = {"id", "digest", "position"}
COVERED = {field.name for field in HazardEvent._meta.concrete_fields} - UNCOVERED
OTHERWISE = {
    "format": 2,
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
    monkeypatch.setitem(digest.SEALS, 2, digest.SEALS[1])
    event = registered.events.last()
    others = OTHERWISE | {"actor": stranger, "at": noon, "record": type(registered)()}
    assert getattr(event, name) != others[name]
    assert event.compute_digest() == event.digest

    setattr(event, name, others[name])

    assert event.compute_digest() != event.digest


def test_format_1_is_read_as_it_was_written():
    """The very digits: whoever changes them makes every ledger there is look tampered with."""
    assert digest.seal(1, ["甲", 1, None, {"b": [1], "a": "é"}]) == (
        "e84453565d95471bc6f4c2167607003012cddba3fd7a3ea452596fe8badb0fe4"
    )


def test_new_events_are_sealed_in_the_newest_format(registered):
    assert {event.format for event in registered.events.all()} == {digest.NEWEST} == {max(digest.SEALS)}


def test_the_order_in_which_facts_were_written_makes_no_difference_and_that_of_pictures_does():
    assert digest.seal(1, [{"a": 1, "b": 2}]) == digest.seal(1, [{"b": 2, "a": 1}])
    assert digest.seal(1, [["a", "b"]]) != digest.seal(1, [["b", "a"]])
