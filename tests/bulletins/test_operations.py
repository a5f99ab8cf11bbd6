"""Bulletins from draft to issue: two people, gapless numbers, words that cannot change, and what a revision does."""

from datetime import timedelta

import pytest

from bulletins import operations
from bulletins.models import Bulletin, Receipt
from hazards.models import Hazard
from journal.audit import breaks
from journal.refusal import Conflict, NotPermitted, Refused
from rankings.operations import revise
from tests.bulletins.places import overdue


def test_a_draft_is_composed_from_the_frozen_week(draft):
    assert draft.title == "关于2026年第46周安全隐患排查整治情况的通报"
    assert "逾期未整改1条" in draft.overall
    assert "梁园区1条" in draft.problems
    assert draft.edited == []
    assert draft.word == "商丘安委办通"


def test_one_bulletin_a_period_and_office(places, draft, week, noon):
    with pytest.raises(Conflict, match="已有这一时段的通报"):
        operations.draft_bulletin(by=places["head"], at=noon, freeze=week)
    county = operations.draft_bulletin(by=places["county_office"], at=noon, freeze=week)
    assert county.division == "411402"
    assert "双八镇1条" in county.problems


@pytest.mark.parametrize("who", ["manager", "leader", "department", "enterprise", "sysadmin"])
def test_only_the_office_of_a_city_or_county_drafts(places, week, noon, who):
    with pytest.raises(NotPermitted):
        operations.draft_bulletin(by=places[who], at=noon, freeze=week)


def test_numbers_follow_each_other_by_office_and_year(places, issued, noon):
    assert issued.number == "商丘安委办通〔2026〕1号"
    county = operations.draft_bulletin(by=places["county_office"], at=noon, freeze=issued.freeze)
    operations.submit_bulletin(county, by=places["county_office"], at=noon)
    operations.issue_bulletin(county, by=places["county_leader"], at=noon)
    assert county.number == "梁园安委办通〔2026〕1号"
    second = operations.draft_bulletin(by=places["writer"], at=noon, freeze=issued.freeze, corrects=issued)
    operations.submit_bulletin(second, by=places["writer"], at=noon)
    operations.issue_bulletin(second, by=places["leader"], at=noon)
    assert second.number == "商丘安委办通〔2026〕2号"
    assert list(breaks([Bulletin])) == []


def test_a_number_is_kept_by_nobody_where_issuing_fails(places, pending, noon, monkeypatch):
    monkeypatch.setattr(operations.gate, "move", _fails)
    with pytest.raises(RuntimeError):
        operations.issue_bulletin(pending, by=places["head"], at=noon)
    assert operations.NUMBERING.last_of(unit="4114-AWB", year=2026) == 0


def _fails(*args, **kwargs):
    raise RuntimeError


def test_who_wrote_or_sent_it_never_signs(places, draft, noon):
    operations.submit_bulletin(draft, by=places["head"], at=noon)
    for who in ("writer", "head"):
        with pytest.raises(NotPermitted, match="不能签发自己的稿子"):
            operations.issue_bulletin(draft, by=places[who], at=noon)
    operations.issue_bulletin(draft, by=places["leader"], at=noon)
    assert draft.issued_by == places["leader"]


def test_words_are_locked_while_it_waits_and_for_ever_when_issued(places, pending, noon):
    with pytest.raises(Conflict):
        operations.edit_bulletin(pending, by=places["writer"], at=noon, title="另一个标题")
    operations.return_bulletin(pending, by=places["head"], at=noon, reason="写明时间")
    operations.edit_bulletin(pending, by=places["writer"], at=noon, requirements="11月25日前报结果。")
    assert pending.edited == ["requirements"]
    operations.submit_bulletin(pending, by=places["writer"], at=noon)
    operations.issue_bulletin(pending, by=places["head"], at=noon)
    for verb in (operations.edit_bulletin, operations.recompose_bulletin):
        with pytest.raises(Conflict):
            verb(pending, by=places["writer"], at=noon)


def test_a_blank_or_missing_part_is_refused_by_name(places, draft, noon):
    with pytest.raises(Refused, match="请填写总体情况"):
        operations.edit_bulletin(draft, by=places["writer"], at=noon, overall=" ")
    for word in ("商安委办通〔2026〕", "]]></w:t>", "商 安"):
        with pytest.raises(Refused, match="发文代字只用"):
            operations.edit_bulletin(draft, by=places["writer"], at=noon, word=word)


def test_a_firm_is_named_only_where_it_was_chosen(places, draft, hazard, noon):
    operations.choose_cases(draft, by=places["writer"], at=noon, cases={hazard.pk: False})
    assert "豫盛" not in draft.cases
    assert "该企业通道堆放货物" in draft.cases
    with pytest.raises(Refused, match="没有选择写明企业名称"):
        operations.edit_bulletin(draft, by=places["writer"], at=noon, problems="商丘豫盛冷链食品有限公司（梁园区）")
    operations.choose_cases(draft, by=places["writer"], at=noon, cases={hazard.pk: True})
    assert draft.cases.startswith("梁园区商丘豫盛冷链食品有限公司")
    operations.choose_cases(draft, by=places["writer"], at=noon, cases={})
    assert draft.cases == ""
    assert [(case.is_told, case.is_named) for case in draft.chosen.all()] == [(False, False)]
    assert operations.choose_cases(draft, by=places["writer"], at=noon, cases={}) is None
    assert list(breaks([Bulletin])) == []


def test_only_rows_of_the_frozen_week_are_cases(places, draft, noon):
    later = overdue(places["firm"])  # entered after the freeze
    with pytest.raises(Refused, match="请从候选中选择"):
        operations.choose_cases(draft, by=places["writer"], at=noon, cases={later.pk: False})


def test_a_revision_is_taken_over_by_a_draft_and_never_by_an_issued_one(places, draft, hazard, noon):
    operations.choose_cases(draft, by=places["writer"], at=noon, cases={hazard.pk: True})
    operations.edit_bulletin(draft, by=places["writer"], at=noon, copies="市纪委监委机关")
    newer = revise(draft.freeze, by=places["head"], at=noon, reason="登记有误")
    with pytest.raises(Conflict, match="重新成文"):
        operations.submit_bulletin(draft, by=places["writer"], at=noon)
    operations.recompose_bulletin(draft, by=places["writer"], at=noon)
    assert (draft.freeze, draft.edited) == (newer, [])
    assert "豫盛" in draft.cases
    operations.submit_bulletin(draft, by=places["writer"], at=noon)
    operations.issue_bulletin(draft, by=places["head"], at=noon)
    before = Bulletin.objects.values().get()
    newest = revise(newer, by=places["head"], at=noon, reason="又有登记有误")
    assert Bulletin.objects.values().get() == before
    correction = operations.draft_bulletin(by=places["writer"], at=noon, freeze=newest, corrects=draft)
    assert f"（{draft.number}）印发后，因又有登记有误，" in correction.opening
    with pytest.raises(Conflict, match="已有一份更正通报"):
        operations.draft_bulletin(by=places["writer"], at=noon, freeze=newest, corrects=draft)


def test_what_happens_to_hazards_afterwards_changes_nothing(places, issued):
    before = Bulletin.objects.values().get()
    Hazard.objects.update(state="closed", closed_on=issued.freeze.last)
    assert Bulletin.objects.values().get() == before


def test_the_first_opening_of_each_person_is_noted_once(places, issued, noon):
    assert operations.note_reading(issued, by=places["manager"], at=noon)
    assert not operations.note_reading(issued, by=places["manager"], at=noon + timedelta(days=1))
    assert operations.note_reading(issued, by=places["inspector"], at=noon + timedelta(days=1))
    assert not operations.note_reading(issued, by=places["writer"], at=noon), "who issued it leaves no receipt"
    assert list(Receipt.objects.order_by("at").values_list("unit__code", "at")) == [
        ("411402001", noon),
        ("411402001", noon + timedelta(days=1)),
    ]


def test_only_bodies_of_which_nobody_read_it_are_urged_once_a_day(places, issued, noon):
    bodies = {"4114", "411402", "411402-AWB", "411402-YJ", "411402001", "411402002", "411403001"}
    assert set(issued.addressees.values_list("unit__code", flat=True)) == bodies
    operations.note_reading(issued, by=places["manager"], at=noon)
    event = operations.urge_readers(issued, by=places["writer"], at=noon)
    assert event.changes == {"催阅": "6 个单位"}
    with pytest.raises(Conflict, match="今天已经催阅过"):
        operations.urge_readers(issued, by=places["head"], at=noon)
    for who in ("leader", "county_leader", "county_office", "department", "neighbour", "stranger"):
        operations.note_reading(issued, by=places[who], at=noon)
    with pytest.raises(Conflict, match="所有单位都已阅读"):
        operations.urge_readers(issued, by=places["head"], at=noon + timedelta(days=1))
