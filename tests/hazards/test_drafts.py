"""Drafts: written alone on site, corrected until they are registered, and counted nowhere before."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.models import User
from hazards import operations, registration_rules
from hazards.filters import hazard_filter
from hazards.lifecycle import State
from hazards.models import Hazard
from inspections.models import Inspection
from inspections.operations import TOO_FEW
from inspections.operations import edit as edit_enterprise
from journal.audit import breaks
from journal.refusal import Refused
from rankings.operations.ranking import live_source
from tests.factories import NOON, UnitFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def alone(inspector, enterprise, noon, photo):
    """Two drafts of a visit by one person: ``(visit, [hazard, hazard])``."""
    return operations.record_inspection(
        by=inspector, at=noon, kind="routine", enterprise=enterprise, inspected_on=noon.date(), inspectors=[inspector],
        hazards=[
            {"description": "灭火器被货架遮挡", "before": [photo(inspector)]},
            {"description": "配电箱未上锁", "requirement": "上锁"},
        ],
        as_draft=True,
    )  # fmt: skip


def test_drafts_stand_in_their_authors_list_only_when_asked_for(alone, inspector, today):
    _, [kept, dropped] = alone
    operations.discard(dropped, by=inspector, at=NOON, reason="重复")

    def listed(**asked):
        return set(hazard_filter(asked, user=inspector, today=today).qs)

    assert listed() == listed(view="all") == set(Hazard.objects.ledger_of(inspector)) == set()
    assert listed(view="drafts") == {kept}
    assert listed(state="draft") == {kept} and listed(state="discarded") == {dropped}


def form(enterprise, noon, **more):
    return {
        "enterprise": enterprise.pk, "kind": "routine", "inspected_on": noon.date().isoformat(), "note": "",
        "hazards-TOTAL_FORMS": 1, "hazards-INITIAL_FORMS": 0, "hazards-0-description": "灭火器被货架遮挡",
        "hazards-0-level": "general", "hazards-0-due": "7", **more,
    }  # fmt: skip


def test_a_draft_needs_no_second_inspector_but_its_registration_does(client, inspector, colleague, enterprise, noon):
    client.force_login(inspector)
    page = reverse("hazards:register")
    assert TOO_FEW in client.post(page, form(enterprise, noon)).content.decode()
    assert client.post(page, form(enterprise, noon, draft="1")).status_code == 302

    [draft], [visit] = Hazard.objects.all(), Inspection.objects.all()
    assert (draft.state, visit.is_draft) == (State.DRAFT, True)
    act = reverse("hazards:act", args=[draft.pk, "register"])
    assert "另一名检查人" in client.get(act).content.decode()
    assert client.post(act, {"version": draft.version}).status_code == 400
    assert client.post(act, {"version": draft.version, "colleague": colleague.pk}).status_code == 302
    draft.refresh_from_db()
    visit.refresh_from_db()
    assert (draft.state, draft.inspectors, visit.is_draft) == (State.REGISTERED, f"{inspector}、{colleague}", False)
    assert set(visit.inspectors.all()) == {inspector, colleague}


def test_the_verb_asks_for_the_second_inspector_itself(alone, inspector, enterprise_user, colleague, noon):
    _, [first, second] = alone
    with pytest.raises(Refused, match=TOO_FEW):
        operations.register(first, by=inspector, at=noon)
    with pytest.raises(Refused, match=TOO_FEW):
        operations.register(first, by=inspector, at=noon, colleague=inspector)
    with pytest.raises(Refused, match="检查人须是"):
        operations.register(first, by=inspector, at=noon, colleague=enterprise_user)
    operations.register(first, by=inspector, at=noon, colleague=colleague)
    operations.register(second, by=inspector, at=noon)  # its visit has two by now
    assert second.inspectors == f"{inspector}、{colleague}"
    assert list(breaks([Hazard])) == []


def test_a_draft_visit_is_its_authors_alone_and_counts_nowhere(alone, client, inspector, colleague, manager, noon):
    visit, [first, _] = alone
    for person, seen in ((inspector, True), (colleague, False), (manager, False)):
        client.force_login(person)
        assert client.get(reverse("inspections:detail", args=[visit.pk])).status_code == (200 if seen else 404)
        assert Inspection.objects.visible_to(person).exists() is seen
        assert client.get("/api/v1/inspections/").json()["results"] == []
    assert not live_source("4114").visits.exists()

    operations.register(first, by=inspector, at=noon, colleague=colleague)
    assert live_source("4114").visits.get() == visit
    assert Inspection.objects.visible_to(manager).get() == visit


def test_a_draft_visit_left_behind_is_read_by_whom_its_hazards_fall_to(
    alone, client, inspector, colleague, manager, safety_office, stranger
):
    """Their pages lead to it."""
    visit, [first, _] = alone
    User.objects.filter(pk=inspector.pk).update(is_active=False, state="stopped")
    for person in (colleague, manager, safety_office, stranger):
        client.force_login(person)
        statuses = {client.get(one).status_code for one in (first.get_absolute_url(), page_of(visit))}
        assert statuses == {200 if person in (manager, safety_office) else 404}, person.role
    client.force_login(manager)
    assert f'href="{page_of(visit)}"' in client.get(first.get_absolute_url()).content.decode()
    assert not live_source("4114").visits.exists()


def page_of(visit):
    return reverse("inspections:detail", args=[visit.pk])


def test_no_draft_enters_the_ledger_of_a_township_that_its_enterprise_has_left(
    alone, client, inspector, colleague, safety_office, enterprise, noon
):
    visit, [first, second] = alone
    there = UnitFactory(code="411402002", short_name="李庄乡")
    edit_enterprise(enterprise, by=safety_office, at=noon, township=there)
    with pytest.raises(Refused, match="属地已改为李庄乡，草稿仍按原来的属地"):
        operations.register(first, by=inspector, at=noon, colleague=colleague)
    visit.refresh_from_db()
    assert visit.is_draft and not Hazard.objects.exclude(state=State.DRAFT).exists()
    operations.discard(first, by=inspector, at=noon, reason="属地变更")

    enterprise.refresh_from_db()
    edit_enterprise(enterprise, by=safety_office, at=noon, township=inspector.unit)
    operations.register(second, by=inspector, at=noon, colleague=colleague)
    enterprise.refresh_from_db()
    with pytest.raises(Refused, match="还有未销号的隐患"):
        edit_enterprise(enterprise, by=safety_office, at=noon, township=there)


def test_nothing_found_is_no_draft(inspector, enterprise, noon):
    with pytest.raises(Refused, match="不用存草稿"):
        operations.record_inspection(
            by=inspector, at=noon, kind="routine", enterprise=enterprise, inspected_on=noon.date(),
            inspectors=[inspector], hazards=[], as_draft=True,
        )  # fmt: skip
    assert not Inspection.objects.exists()


def test_a_draft_is_corrected_on_its_page(alone, client, inspector, picture):
    _, [draft, _] = alone
    client.force_login(inspector)
    page = reverse("hazards:act", args=[draft.pk, "redraft"])
    assert "灭火器被货架遮挡</textarea>" in client.get(page).content.decode()
    sent = {"version": draft.version, "description": "灭火器被货架遮挡，压力不足", "location": "二楼"}
    major = client.post(page, sent | {"level": "major"})
    assert (major.status_code, registration_rules.BASIS.words in major.content.decode()) == (400, True)
    assert client.post(page, sent | {"level": "general", "photos": [picture("red")]}).status_code == 302

    draft.refresh_from_db()
    assert (draft.description, draft.location, draft.state) == ("灭火器被货架遮挡，压力不足", "二楼", State.DRAFT)
    assert draft.photos.filter(stage="before").count() == 2
    event = draft.events.order_by("-sequence").first()
    assert event.changes["隐患描述"] == "灭火器被货架遮挡 → 灭火器被货架遮挡，压力不足"
    assert list(breaks([Hazard])) == []


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"level": "major"}, registration_rules.BASIS.words),
        ({"proposed_deadline": -1}, registration_rules.PAST_DEADLINE),
        ({"proposed_deadline": registration_rules.FARTHEST + 1}, registration_rules.FAR_DEADLINE),
    ],
)
def test_drafting_and_redrafting_are_judged_alike(alone, inspector, enterprise, noon, facts, words):
    _, [draft, _] = alone
    given = {
        name: noon.date() + timedelta(days=value) if isinstance(value, int) else value for name, value in facts.items()
    }
    with pytest.raises(Refused, match=words):
        operations.redraft(draft, by=inspector, at=noon, **given)
    with pytest.raises(Refused, match=words):
        operations.draft(
            by=inspector, at=noon, enterprise=enterprise, found_on=noon.date(), description="配电箱未上锁", **given
        )


def test_an_unchanged_draft_makes_no_event(alone, inspector, noon):
    _, [draft, _] = alone
    assert operations.redraft(draft, by=inspector, at=noon, description=draft.description) is None
    assert draft.events.count() == 1


def test_an_order_says_what_is_to_be_done(alone, inspector, colleague, manager, noon):
    _, [bare, with_requirement] = alone
    for draft in (bare, with_requirement):
        operations.register(draft, by=inspector, at=noon, colleague=colleague)
    with pytest.raises(Refused, match=registration_rules.NO_REQUIREMENT):
        operations.issue(bare, by=manager, at=noon, days=3)
    operations.issue(bare, by=manager, at=noon, days=3, requirement="移开货架")
    operations.issue(with_requirement, by=manager, at=noon, days=3)
    assert (bare.requirement, with_requirement.requirement) == ("移开货架", "上锁")
