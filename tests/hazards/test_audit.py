import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from hazards.audit import verify_chains

from hazards import audit
from hazards.models import Hazard, HazardEvent

pytestmark = pytest.mark.django_db


def breaks():
    return [str(problem) for _, problem in verify_chains() if problem is not None]


def test_an_untouched_ledger_holds(pending, capsys):
    call_command("verify_audit")

    assert capsys.readouterr().out == "核验 1 条隐患、4 条办理记录：全部完好\n"


@pytest.mark.parametrize(
    ("tamper", "expected"),
    [
        (lambda rows: rows.filter(sequence=2).update(note="改过"), "第 2 条：内容与校验值不符，记录被改动过"),
        (lambda rows: rows.filter(sequence=3).update(actor_name="别人"), "第 3 条：内容与校验值不符，记录被改动过"),
        (lambda rows: rows.filter(sequence=2)._raw_delete(rows.db), "第 2 条：缺失，其后直接是第 3 条"),
        (lambda rows: rows.filter(sequence=4)._raw_delete(rows.db), "第 4 条：缺失：台账记有 4 条，实有 3 条"),
        (lambda rows: Hazard.objects.update(last_digest="0" * 64), "第 4 条：与台账所记的末条校验值不符"),
    ],
)
def test_the_first_broken_link_is_named(pending, tamper, expected):
    tamper(HazardEvent.objects.filter(hazard=pending))

    assert breaks() == [f"{pending.number} {expected}"]


def test_an_edit_with_a_recomputed_digest_shows_at_the_next_link(pending):
    event = pending.events.get(sequence=2)
    event.note = "改过"
    event.digest = event.compute_digest()
    event.save()

    assert breaks() == [f"{pending.number} 第 3 条：与上一条记录接不上，上一条或本条被改动过"]


def test_the_command_fails_and_says_where(pending, capsys):
    HazardEvent.objects.filter(sequence=1).update(unit_name="别处")

    with pytest.raises(CommandError, match="1 条隐患的记录链已断开"):
        call_command("verify_audit")
    assert f"{pending.number} 第 1 条" in capsys.readouterr().err


def test_marking_an_event_as_announced_breaks_nothing(pending, noon):
    HazardEvent.objects.update(announced_at=noon)

    assert breaks() == []


def test_a_hazard_somebody_works_on_while_the_walk_goes_is_no_break(pending, monkeypatch):
    """The stream of hazards shows the row as it was before the last event came."""
    stale = Hazard.objects.get(pk=pending.pk)
    stale.version = 3
    found = audit._hazards
    seen = []

    def first_stale(rows):
        if seen:
            return found(rows)
        seen.append(rows)
        return type("Rows", (), {"iterator": lambda self, chunk_size: iter([stale])})()

    monkeypatch.setattr(audit, "_hazards", first_stale)
    assert breaks() == []


def test_events_whose_hazard_vanished_are_named_and_do_not_disturb_the_rest(pending):
    orphaned = pending.pk - 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM hazards_hazard WHERE id = %s", [orphaned])
        assert cursor.fetchone() == (0,)
    event = pending.events.get(sequence=1)

    def with_orphan(rows):
        event.hazard_id = orphaned
        yield event
        yield from rows.order_by("hazard_id", "sequence")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(audit, "_events", with_orphan)
        assert breaks() == [f"隐患 {orphaned} 第 1 条：办理记录还在，台账里却没有这条隐患"]
