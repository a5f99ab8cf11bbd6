"""By which criterion a hazard is judged major: what was in force on the day it was found, kept whatever becomes of the standard."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from criteria import operations as standards
from criteria.models import Criterion, Standard
from criteria.operations import Item
from hazards import operations
from hazards.filters import hazard_filter
from hazards.models import Hazard
from journal import audit
from journal.refusal import Refused
from tests.factories import NOON, TODAY

pytestmark = pytest.mark.django_db
TEN = "应急管理部令第10号"
MANY = settings(max_examples=40)


@pytest.fixture
def item(db):
    return Criterion.objects.select_related("standard").get(standard__number=TEN, article="第十二条", item="（二）")


@pytest.fixture
def other(db):
    return Criterion.objects.select_related("standard").get(standard__number=TEN, article="第十二条", item="（一）")


@pytest.fixture
def whole(db):
    return Criterion.objects.select_related("standard").get(standard__number="GB 35181-2025", article="")


@pytest.fixture
def begins(safety_office):
    """An item of a standard that is in force from today on."""
    made = standards.enter(by=safety_office, at=NOON, name="新标准", number="试1", effective_on=TODAY)
    standards.load_items(made, by=safety_office, at=NOON, items=[Item("4.1", wording="未设泄爆")])
    return made.criteria.items().select_related("standard").get()


@pytest.fixture
def draft(inspector, enterprise):
    """Writes down a draft: ``draft(criterion=…)``, major unless told otherwise, found today."""

    def make(**facts):
        given = {"level": "major", "found_on": TODAY, "description": "速冻间与包装间相通"} | facts
        return operations.draft(by=inspector, at=NOON + timedelta(days=1), enterprise=enterprise, **given)

    return make


@pytest.fixture
def major(draft, item, inspector):
    """One in the ledger, judged by ``item``."""
    hazard = draft(criterion=item)
    operations.register(hazard, by=inspector, at=NOON + timedelta(days=1))
    return hazard


def correct(hazard, by, **facts):
    return operations.correct(hazard, by=by, at=NOON + timedelta(days=2), reason="核对标准", **facts)


def test_a_blank_basis_is_the_citation(draft, item):
    assert draft(criterion=item).basis == item.citation
    assert TEN in item.citation and "第十二条（二）" in item.citation
    typed = f"{TEN} 第十二条（二），现场 11 人"
    assert draft(criterion=item, basis=typed).basis == typed


@MANY
@given(begin=st.integers(-3, 3) | st.none(), end=st.integers(-3, 3) | st.none(), found=st.integers(-3, 1))
def test_only_what_was_in_force_on_the_day_of_finding_judges(draft, item, begin, end, found):
    if begin is not None and end is not None and end <= begin:
        return
    day = {name: None if days is None else TODAY + timedelta(days=days) for name, days in (("b", begin), ("e", end))}
    Standard.objects.filter(pk=item.standard_id).update(effective_on=day["b"], expires_on=day["e"])
    item.standard.refresh_from_db()
    allowed = (begin is None or begin <= found) and (end is None or found < end)
    if allowed:
        assert draft(criterion=item, found_on=TODAY + timedelta(days=found)).criterion == item
        return
    with pytest.raises(Refused, match=r"不能用来判定.*请改选") as refused:
        draft(criterion=item, found_on=TODAY + timedelta(days=found))
    assert ("起施行" if begin is not None and found < begin else "起废止") in str(refused.value)


def test_it_is_for_major_ones_alone_and_for_a_basis_that_names_it(draft, item, other):
    with pytest.raises(Refused, match="只用于重大隐患"):
        draft(criterion=item, level="general")
    with pytest.raises(Refused, match="没有写所选的"):
        draft(criterion=item, basis=other.citation)
    with pytest.raises(Refused, match="没有写所选的"):
        draft(criterion=item, basis="GB 1-2026 第十二条（二）")


def test_of_a_standard_without_items_the_article_is_typed(draft, whole):
    with pytest.raises(Refused, match="写明所依据的条款"):
        draft(criterion=whole)
    with pytest.raises(Refused, match="写明所依据的条款"):
        draft(criterion=whole, basis=f" {whole.citation}")
    assert draft(criterion=whole, basis=f"{whole.citation}5.1").criterion == whole


def test_a_superseded_item_judges_no_more_but_what_it_judged_keeps_it(draft, item, major, safety_office, manager):
    new = Item(item.article, item.item, item.field, "改写的情形")
    standards.load_items(item.standard, by=safety_office, at=NOON, items=[new])
    with pytest.raises(Refused, match="已有新的表述"):
        draft(criterion=item)
    correct(major, manager, description="速冻间与包装间仍相通")
    major.refresh_from_db()
    assert (major.criterion, major.basis) == (item, item.citation)
    newest = Criterion.objects.items().newest().get(article=item.article, item=item.item)
    assert draft(criterion=newest).basis.endswith("改写的情形")


def test_a_visit_records_what_its_hazards_are_judged_by(inspector, colleague, enterprise, item, begins):
    def record(criterion, day):
        return operations.record_inspection(
            by=inspector, at=NOON + timedelta(days=1), kind="routine", enterprise=enterprise, inspected_on=day,
            inspectors=[inspector, colleague], hazards=[{"description": "相通", "level": "major", "criterion": criterion}],
        )  # fmt: skip

    _, [hazard] = record(item, TODAY)
    assert (hazard.state, hazard.criterion, hazard.basis) == ("registered", item, item.citation)
    with pytest.raises(Refused, match="起施行"):
        record(begins, TODAY - timedelta(days=1))
    assert Hazard.objects.count() == 1
    assert list(audit.breaks([Hazard])) == []


# --- put right ----------------------------------------------------------------------------------------------------


def test_a_correction_to_major_is_judged_by_a_criterion(draft, item, inspector, manager):
    hazard = draft(level="general")
    operations.register(hazard, by=inspector, at=NOON + timedelta(days=1))
    event = correct(hazard, manager, level="major", criterion=item)
    assert (event.kind, hazard.criterion, hazard.basis) == ("upgrade", item, item.citation)
    assert event.changes["判定标准"] == f"无 → {TEN} 第十二条（二）"
    assert event.changes["判定依据"] == f"无 → {item.citation}"


def test_a_correction_to_general_drops_it(major, item, safety_office):
    event = correct(major, safety_office, level="general")
    assert (event.kind, major.criterion, major.basis) == ("downgrade", None, item.citation)
    with pytest.raises(Refused, match="只用于重大隐患"):
        correct(major, safety_office, criterion=item)


def test_another_basis_by_hand_forgets_it_and_more_words_do_not(major, item, manager):
    correct(major, manager, basis=f"{item.citation}；现场 11 人")
    assert major.criterion == item
    correct(major, manager, basis="AQ 7015-2018 第 5.1 条")
    assert major.criterion is None


def test_another_criterion_brings_its_citation_unless_the_basis_names_it(major, other, manager):
    correct(major, manager, criterion=other)
    assert (major.criterion, major.basis) == (other, other.citation)


def test_the_day_is_not_put_right_to_one_on_which_it_was_not_in_force(draft, begins, inspector, manager):
    hazard = draft(criterion=begins)
    operations.register(hazard, by=inspector, at=NOON + timedelta(days=1))
    day = TODAY - timedelta(days=1)
    with pytest.raises(Refused, match="起施行"):
        correct(hazard, manager, found_on=day)
    correct(hazard, manager, found_on=day, basis="按企业标准判定")  # with another basis it is forgotten
    assert (hazard.found_on, hazard.criterion) == (day, None)


def test_a_draft_is_judged_anew(draft, item, other, begins, inspector):
    def redraft(**facts):
        return operations.redraft(hazard, by=inspector, at=NOON + timedelta(days=2), **facts)

    hazard = draft(level="general", found_on=TODAY - timedelta(days=1))
    with pytest.raises(Refused, match="起施行"):
        redraft(level="major", criterion=begins)
    redraft(level="major", criterion=item)
    assert (hazard.criterion, hazard.basis) == (item, item.citation)
    redraft(criterion=other)
    assert (hazard.criterion, hazard.basis) == (other, other.citation)
    redraft(level="general")
    assert hazard.criterion is None
    assert list(audit.breaks([Hazard])) == []


# --- the doors ----------------------------------------------------------------------------------------------------


def posted(hazard, **changes):
    """The whole form of a correction as its page sends it."""
    return {
        "description": hazard.description, "level": hazard.level, "basis": hazard.basis, "found_on": hazard.found_on.isoformat(),
        "criterion": hazard.criterion_id or "", "enterprise": hazard.enterprise.name, "sector": hazard.sector_id,
        "requirement": hazard.requirement, "reason": "核对标准", "version": hazard.version,
    } | changes  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "keeps"),
    [
        ({"description": "另一种写法"}, True),
        ({"basis": "AQ 7015-2018 第 5.1 条"}, False),  # without script the hidden field still holds the old one
        ({"basis": ""}, True),
        ({"level": "general"}, False),
    ],
)
def test_the_page_forgets_what_was_typed_over(client, major, item, safety_office, changes, keeps):
    client.force_login(safety_office)
    answer = client.post(reverse("hazards:act", args=[major.pk, "correct"]), posted(major, **changes))
    assert answer.status_code == 302, answer.context["form"].errors
    major.refresh_from_db()
    assert (major.criterion == item) is keeps


def test_an_edited_standard_takes_nothing_from_what_it_judged(client, major, item, safety_office):
    """The basis that stands there no longer names the number the standard has now."""
    standards.edit(item.standard, by=safety_office, at=NOON, number="令第10号（修正）")
    client.force_login(safety_office)
    client.post(reverse("hazards:act", args=[major.pk, "correct"]), posted(major, description="另一种写法"))
    major.refresh_from_db()
    assert (major.description, major.criterion) == ("另一种写法", item)


def test_the_page_of_a_hazard_and_the_api_say_by_what_it_was_judged(client, major, item, manager):
    client.force_login(manager)
    page = client.get(major.get_absolute_url()).content.decode()
    assert item.standard.get_absolute_url() in page and "2023-05-15" in page
    for address in ("/api/v1/hazards/", f"/api/v1/hazards/{major.pk}/"):
        answer = client.get(address).json()
        assert answer.get("results", [answer])[0]["criterion"] == item.pk


def test_the_ledger_is_asked_by_standard_and_the_standard_counts_what_its_reader_sees(
    client, major, draft, manager, stranger, item
):
    draft(criterion=item)  # in no ledger
    asked = {"standard": str(item.standard_id)}
    assert [row.pk for row in hazard_filter(asked, user=manager, today=TODAY).qs] == [major.pk]
    link = f"{reverse('hazards:ledger')}?standard={item.standard_id}&amp;view=all"
    for person, seen in ((manager, True), (stranger, False)):
        client.force_login(person)
        page = client.get(item.standard.get_absolute_url()).content.decode()
        assert (link in page and "1 条" in page) is seen


def test_a_basis_typed_over_while_registering_forgets_what_was_picked(client, inspector, colleague, enterprise, item):
    """Without script, or where it did not notice, the hidden field still holds it."""
    client.force_login(inspector)
    sent = {
        "enterprise": enterprise.pk, "kind": "routine", "inspected_on": timezone.localdate().isoformat(), "colleague": colleague.pk,
        "hazards-TOTAL_FORMS": "1", "hazards-INITIAL_FORMS": "0", "hazards-0-description": "相通", "hazards-0-level": "major",
        "hazards-0-due": "7", "hazards-0-criterion": item.pk, "hazards-0-basis": "AQ 7015-2018 第 5.1 条",
    }  # fmt: skip
    for basis, judged in (("AQ 7015-2018 第 5.1 条", None), ("", item)):
        answer = client.post(reverse("hazards:register"), sent | {"hazards-0-basis": basis})
        assert answer.status_code == 302
        hazard = Hazard.objects.order_by("pk").last()
        assert (hazard.criterion, hazard.basis) == (judged, basis or item.citation)
