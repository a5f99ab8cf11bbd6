"""The verifier: an untouched ledger holds, and every way of touching it behind its events is named."""

from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import F, JSONField, QuerySet, Value

from evidence.models import Photo
from hazards import operations
from hazards.models import Feedback, Hazard, HazardEvent, HazardText, Reminder, Review
from journal import audit, gate, outbox
from journal.series import Series
from tests.factories import NOON, HazardFactory

pytestmark = pytest.mark.django_db


def breaks():
    return [str(problem) for problem in audit.breaks([Hazard])]


def events(**which):
    """Events in a form that can be changed, as SQL could; their own query set refuses to."""
    return QuerySet(HazardEvent).filter(**which)


@pytest.fixture
def only_hazards(monkeypatch):
    """The people and firms of factories have no events; the command would name them all."""
    monkeypatch.setattr(audit, "record_kinds", lambda: [Hazard])


@pytest.fixture
def reviewed(pending, inspector, manager, enterprise_user, noon, photo):
    """A hazard sent back once and answered again: rows beside it of both kinds."""
    operations.review(pending, by=manager, at=noon, passed=False, opinion="未隔开", deadline=date(2026, 12, 9))
    operations.submit_feedback(
        pending, by=enterprise_user, at=noon, content="已隔开", spent="1.5", photos=[photo(enterprise_user)]
    )
    return pending


def test_an_untouched_ledger_holds(reviewed, only_hazards, capsys):
    call_command("verify_audit")

    said = capsys.readouterr().out
    assert "隐患 1 条，办理记录 6 条" in said and said.endswith("全部完好\n")


@pytest.mark.parametrize(
    ("tamper", "expected"),
    [
        (lambda: events(sequence=2).update(note="改过"), "第 2 条：内容与校验值不符，记录被改动过"),
        (lambda: events(sequence=3).update(actor_name="别人"), "第 3 条：内容与校验值不符，记录被改动过"),
        (lambda: events(sequence=3).update(unit_code="411403001"), "第 3 条：内容与校验值不符，记录被改动过"),
        (lambda: events(sequence=1).update(evidence=[]), "第 1 条：内容与校验值不符，记录被改动过"),
        (lambda: events(sequence=4).update(beside={}), "第 4 条：内容与校验值不符，记录被改动过"),
        (lambda: events(sequence=3).update(facts=F("changes")), "第 3 条：内容与校验值不符，记录被改动过"),
        (lambda: events(sequence=2).update(format=9), "第 2 条：校验值的格式不是系统用过的，记录被改动过"),
        (lambda: events(sequence=2).delete(), "第 2 条：缺失，其后直接是第 3 条"),
        (lambda: events(sequence=6).delete(), "第 6 条：缺失：台账记有 6 条，实有 5 条"),
        (lambda: Hazard.objects.update(last_digest="0" * 64), "第 6 条：与台账所记的末条校验值不符"),
    ],
)  # fmt: skip
def test_the_first_broken_link_is_named(reviewed, tamper, expected):
    tamper()

    assert breaks()[0] == f"隐患 {reviewed.number} {expected}"


def _save_bare():
    hazard = Hazard.objects.get()
    hazard.description = "无问题"
    hazard.save()


def _overwrite_a_file():
    image = Photo.objects.get(stage="before").image
    with image.storage.open(image.name, "wb") as file:
        file.write(b"other")


def _overwrite_an_original():
    original = Photo.objects.get(stage="before").original
    with original.storage.open(original.name, "wb") as file:
        file.write(b"other")


def _lose_a_file():
    Photo.objects.get(stage="before").image.delete(save=False)


@pytest.mark.parametrize(
    ("tamper", "expected"),
    [
        (_save_bare, "“隐患描述”被改动"),
        (lambda: Hazard.objects.update(deadline=date(2027, 1, 1)), "“整改期限”被改动"),
        (lambda: Hazard.objects.update(deadline_unpublished=True), "被改动"),
        (lambda: Hazard.objects.update(closed_on=None, location="别处"), "“隐患位置”被改动"),
        (lambda: Hazard.objects.update(feedback_by=None), "被改动"),
        (lambda: Feedback.objects.filter(round=1).update(content="改过"), "整改反馈被改动"),
        (lambda: Feedback.objects.filter(round=2).update(spent=None), "整改反馈被改动"),
        (lambda: Review.objects.update(passed=True), "复查意见被改动"),
        (lambda: Review.objects.all().delete(), "缺失：办理记录提到的附属记录 1 条"),
        (lambda: Photo.objects.filter(stage="before").delete(), "照片或附件与办理记录不符"),
        (lambda: Photo.objects.filter(stage="after").update(sha256="0" * 64), "照片或附件与办理记录不符"),
        (lambda: Photo.objects.filter(stage="before").update(stage="after"), "照片或附件与办理记录不符"),
        (lambda: Photo.objects.filter(stage="before").update(taken_at=NOON), "照片或附件与办理记录不符"),
        (lambda: Photo.objects.filter(stage="after").update(part=None), "照片或附件与办理记录不符"),
        (lambda: Photo.objects.filter(stage="after").update(image=F("thumbnail")), "照片或附件与办理记录不符"),
        (_overwrite_a_file, "照片或附件与办理记录不符"),
        (_overwrite_an_original, "照片或附件与办理记录不符"),
        (_lose_a_file, "照片或附件与办理记录不符"),
    ],
)  # fmt: skip
def test_a_row_changed_behind_its_events_is_named(reviewed, tamper, expected):
    tamper()

    [problem] = breaks()
    assert problem.startswith(f"隐患 {reviewed.number}") and expected in problem


def test_a_state_set_behind_the_events_is_named(reviewed):
    Hazard.objects.update(state="rectifying")

    assert "状态被改动：办理记录为“待复查”，台账为“整改中”" in breaks()[0]


def test_a_step_the_law_page_does_not_know_is_named_although_its_digest_is_right(registered, noon, manager):
    """Whoever writes a whole new event by hand, chained and sealed, still has to obey the law page."""
    move = Hazard.lifecycle.moves["pass_review"]
    event = gate.next_event(registered, move, by=manager, at=noon, facts={})
    event.save()
    Hazard.objects.update(state="closed", version=3, last_digest=event.digest)

    assert breaks() == [f"隐患 {registered.number} 第 3 条：不是规定的办理步骤"]


def test_an_edit_with_a_recomputed_digest_shows_at_the_next_link(pending):
    event = pending.events.get(sequence=2)
    event.note = "改过"
    events(pk=event.pk).update(note=event.note, digest=event.compute_digest())

    assert breaks() == [f"隐患 {pending.number} 第 3 条：与上一条记录接不上，上一条或本条被改动过"]


def test_the_command_fails_and_says_where(pending, only_hazards, capsys):
    events(sequence=1).update(unit_name="别处")

    with pytest.raises(CommandError, match="1 处不符"):
        call_command("verify_audit")
    assert f"{pending.number} 第 1 条" in capsys.readouterr().err


def test_a_place_in_the_outbox_breaks_nothing(pending):
    events().update(position=F("id"))

    assert breaks() == []


def test_sweeps_move_the_next_reminder_and_break_nothing(rectifying):
    Reminder.objects.update(next_on=date(2026, 12, 24))

    assert breaks() == []


def test_a_hazard_somebody_works_on_while_the_walk_goes_is_no_break(pending, monkeypatch):
    """The first look shows the row as it was before the last event came."""
    real, looks = audit._look, []

    def first_stale(kind, ids, count=None):
        looks.append(ids)
        return {pending.pk: audit.Break("x", 1, "旧")} if len(looks) == 1 else real(kind, ids, count)

    monkeypatch.setattr(audit, "_look", first_stale)
    assert breaks() == [] and len(looks) == 2


def test_events_whose_hazard_vanished_are_named(pending):
    with connection.constraint_checks_disabled():
        events(sequence=1).update(record_id=pending.pk + 1)
        said = breaks()
        events(record_id=pending.pk + 1).update(record_id=pending.pk)

    assert f"隐患 {pending.pk + 1} 第 1 条：办理记录还在，台账里却没有这条隐患" in said


def test_numbers_that_were_given_and_do_not_stand_are_named(registered):
    Series.objects.update(last=3)

    assert breaks() == [f"YH-4114-2026-{n:06d}：编号已发出，却没有这一条" for n in (2, 3)]


def test_numbers_that_were_never_given_are_named(registered):
    Series.objects.update(last=0)

    assert breaks() == ["YH-4114-2026-000001：编号不是系统发出的"]


def test_numbers_a_ledger_brought_along_leave_holes_that_are_no_fault(inspector, enterprise, noon):
    row = {"enterprise": enterprise, "description": "旧", "found_on": noon.date(), "state": "registered"}
    for n in (7, 3):
        given = row | {"import_key": str(n), "number": f"YH-4114-2026-{n:06d}"}
        assert operations.adopt([given], by=inspector, at=noon, source="L3.xlsx") == 1

    assert breaks() == []
    assert Series.objects.get().holes == [[1, 2], [4, 6]]


def test_a_row_with_an_id_no_sequence_gives_is_looked_at_too(registered):
    """Whoever invents an account or a hazard may give it any id."""
    with connection.constraint_checks_disabled():
        QuerySet(HazardEvent).update(record_id=0)
        Hazard.objects.filter(pk=registered.pk).update(id=0)
        Photo.objects.filter(object_id=registered.pk).update(object_id=0)
        HazardText.objects.update(hazard_id=0)
    assert breaks() == []
    Hazard.objects.update(description="改过")
    assert breaks() == [f"隐患 {registered.number}：“隐患描述”被改动，与办理记录不符"]


@pytest.mark.parametrize("value", [[], None, "text", 3, {"description": []}])
def test_events_that_cannot_be_read_stop_nothing(reviewed, value):
    events(sequence=2).update(facts=Value(value, JSONField()))
    assert breaks()[0] == f"隐患 {reviewed.number} 第 2 条：内容与校验值不符，记录被改动过"


@pytest.mark.parametrize("text", ["YH-4114-2026-00x", "YH-4114-2026-", "YH-4114-2026-0000001", "YH-4114-2026-١"])
def test_a_number_that_is_none_is_named_and_stops_nothing(registered, text):
    Hazard.objects.update(number=text)
    said = breaks()
    assert f"{text}：编号不是系统发出的" in said and "YH-4114-2026-000001：编号已发出，却没有这一条" in said


def test_a_record_removed_with_all_its_events_is_missed(pending, registered):
    outbox.place(HazardEvent)
    assert breaks() == []
    draft = HazardEvent.objects.filter(record=pending)
    count = draft.count()
    Photo.objects.all().delete()
    Review.objects.all().delete()
    Feedback.objects.all().delete()
    QuerySet(HazardEvent).filter(record=pending).delete()
    QuerySet(Hazard).filter(pk=pending.pk).delete()
    Series.objects.all().delete()
    assert breaks() == [f"隐患：缺失：办理记录少了 {count} 条，可能连同所属的隐患一起被删除"]


def test_the_newest_event_removed_and_the_row_set_back_is_missed(rectifying):
    outbox.place(HazardEvent)
    last = rectifying.events.order_by("-sequence").first()
    before = rectifying.events.get(sequence=last.sequence - 1)
    events(pk=last.pk).delete()
    blank = {name: Hazard._meta.get_field(name).get_default() for name in last.facts}
    blank |= {
        "requirement": rectifying.requirement,
        "state": before.to_state,
        "version": before.sequence,
    }
    Hazard.objects.update(last_digest=before.digest, **blank)
    assert breaks() == ["隐患：缺失：办理记录少了 1 条，可能连同所属的隐患一起被删除"]


def test_a_row_that_cannot_be_read_is_named_and_stops_nothing(pending, enterprise):
    """What a driver or a field cannot read raises in the middle of many rows."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL keeps such values out")
    other = HazardFactory(enterprise=enterprise)
    with connection.constraint_checks_disabled(), connection.cursor() as cursor:
        cursor.execute("UPDATE hazards_hazard SET uid = 'x' WHERE id = %s", [pending.pk])
        said = breaks()
        cursor.execute("DELETE FROM hazards_hazardtext WHERE hazard_id = %s", [other.pk])
        cursor.execute("DELETE FROM hazards_hazard WHERE id = %s", [other.pk])
        cursor.execute("UPDATE hazards_hazard SET uid = %s WHERE id = %s", [pending.uid.hex, pending.pk])
    assert f"隐患 第 {pending.pk} 号：内容无法读取，被改动过" in said
    assert any(str(other) in one for one in said), "the others are looked at"


@pytest.mark.parametrize("tamper", [{"holes": 5}, {"holes": [[1, 99]]}, {"holes": [[1, 1]]}])
def test_a_series_that_was_tampered_with_is_named(registered, tamper):
    Series.objects.update(**tamper)
    assert breaks() != []
