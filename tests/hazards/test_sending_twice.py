"""A form that arrives twice: the same one is one visit, a changed one is refused."""

from datetime import date

import pytest
from django.db import IntegrityError

from hazards import operations
from hazards.models import Hazard
from inspections.models import Inspection
from inspections.operations import SentBefore, visits
from tests.factories import EnterpriseFactory

pytestmark = [pytest.mark.django_db, pytest.mark.once]  # pages, forms and words: no database decides them


def test_the_same_form_sent_twice_is_one_visit(inspector, colleague, enterprise, noon):
    sent = dict(
        by=inspector,
        at=noon,
        kind="routine",
        enterprise=enterprise,
        inspected_on=noon.date(),
        inspectors=[inspector, colleague],
        hazards=[{"description": "灭火器被遮挡"}],
        submission_key="k1",
    )
    first, second = operations.record_inspection(**sent), operations.record_inspection(**sent)

    assert first == second
    assert Hazard.objects.count() == 1


@pytest.mark.parametrize(
    "change",
    [
        {"hazards": [{"description": "灭火器被遮挡"}, {"description": "通道堵塞"}]},
        {"hazards": [{"description": "灭火器被遮挡", "location": "二楼"}]},
        {"hazards": [{"description": "灭火器被遮挡", "level": "major", "basis": "令第10号"}]},
        {"hazards": [{"description": "灭火器被遮挡", "proposed_deadline": date(2026, 12, 1)}]},
        {"hazards": [{"description": "灭火器被遮挡", "fixed_on_spot": True}]},
        {"hazards": "before"},
        {"hazards": "after"},
        {"as_draft": True},
        {"kind": "special"},
        {"note": "随行两人"},
        {"inspected_on": date(2026, 11, 19)},
        {"inspectors": "another"},
        {"enterprise": "another"},
    ],
)
def test_a_form_changed_after_it_arrived_is_refused_instead_of_forgotten(
    inspector, colleague, manager, enterprise, noon, photo, change
):
    sent = dict(
        by=inspector,
        at=noon,
        kind="routine",
        enterprise=enterprise,
        inspected_on=noon.date(),
        inspectors=[inspector, colleague],
        submission_key="k1",
        hazards=[{"description": "灭火器被遮挡"}],
    )
    visit, _ = operations.record_inspection(**sent)
    if change.get("hazards") in ("before", "after"):
        change = {"hazards": [{"description": "灭火器被遮挡", change["hazards"]: [photo(inspector)]}]}
    if "inspectors" in change:
        change = {"inspectors": [inspector, manager]}
    if "enterprise" in change:
        change = {"enterprise": EnterpriseFactory(township=enterprise.township)}

    with pytest.raises(SentBefore, match="已经提交过") as refusal:
        operations.record_inspection(**sent | change)
    assert refusal.value.visit == visit
    assert Hazard.objects.count() == 1


def test_the_same_form_with_the_same_photos_is_one_visit(inspector, colleague, enterprise, noon, photo):
    def send(**photos):
        return operations.record_inspection(
            by=inspector,
            at=noon,
            kind="routine",
            enterprise=enterprise,
            inspected_on=noon.date(),
            inspectors=[inspector, colleague],
            submission_key="k1",
            hazards=[{"description": "灭火器被遮挡", "fixed_on_spot": True, **photos}],
        )

    first = send(before=[photo(inspector, "red"), photo(inspector)], after=[photo(inspector, "blue")])
    # Without script the files come again, and are other rows of the same content.
    again = send(before=[photo(inspector, "red"), photo(inspector)], after=[photo(inspector, "blue")])

    assert first == again


def test_only_a_double_sending_is_taken_for_one(inspector, colleague, enterprise, noon, monkeypatch):
    def broken(visit, *args, **options):
        raise IntegrityError("another constraint")

    monkeypatch.setattr(Inspection, "save", broken)
    for key in ("", "k1"):
        with pytest.raises(IntegrityError):
            operations.record_inspection(
                by=inspector,
                at=noon,
                kind="routine",
                enterprise=enterprise,
                inspected_on=noon.date(),
                inspectors=[inspector, colleague],
                hazards=[],
                submission_key=key,
            )


def test_a_sending_that_arrives_during_the_other_is_the_same_visit(inspector, colleague, enterprise, noon, monkeypatch):
    sent = dict(
        by=inspector,
        at=noon,
        kind="routine",
        enterprise=enterprise,
        inspected_on=noon.date(),
        inspectors=[inspector, colleague],
        hazards=[],
        submission_key="k1",
    )
    first = operations.record_inspection(**sent)
    looked = visits._sent_before
    answers = iter([lambda *asked: None, looked])  # not there yet when it looks, there when it writes
    monkeypatch.setattr(visits, "_sent_before", lambda *asked: next(answers)(*asked))

    assert operations.record_inspection(**sent) == first
