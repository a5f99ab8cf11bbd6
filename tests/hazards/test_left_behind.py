"""Who left is said on the row. A draft whose author has left is somebody's: the managers of the unit and the safety offices above see it and may end it."""

import pytest
from django.db import transaction
from django.urls import reverse
from hypothesis import given, settings, strategies

from accounts.models import Unit, User
from accounts.roles import OFFICERS, Role
from hazards import operations
from hazards.filters import hazard_filter
from hazards.models import Hazard
from hazards.responsibility import KINDS, flags_of_left, people_behind
from journal import acts
from journal.refusal import Refused
from tests.factories import NOON, TODAY, EnterpriseFactory, HazardFactory, UnitFactory, UserFactory
from tests.hazards.test_audience import FEW, PLACES, STAFF, make, undone

pytestmark = pytest.mark.django_db
SEATS = ("411402001", "411402002", "411402-AWB", "4114-AWB", "411403-AWB")


@pytest.fixture
def drafted(inspector, enterprise):
    return operations.draft(by=inspector, at=NOON, enterprise=enterprise, found_on=TODAY, description="配电箱无盖")


def sees(person):
    return Hazard.objects.visible_to(User.objects.get(pk=person.pk)).exists()


LEFT = [{"is_active": False, "state": "stopped"}, {"unit": "411402002"}, {"role": "leader"}, {"role": "auditor"}]


@pytest.mark.parametrize("change", LEFT)
@pytest.mark.parametrize("act", ["register", "discard"])
def test_a_draft_left_behind_is_the_managers_to_register_or_discard(
    drafted, inspector, colleague, manager, stranger, safety_office, change, act
):
    assert [sees(one) for one in (inspector, manager, safety_office)] == [True, False, False]
    if "unit" in change:
        change = {"unit": UnitFactory(code=change["unit"])}
    User.objects.filter(pk=inspector.pk).update(**change)
    assert [sees(one) for one in (colleague, stranger, manager, safety_office)] == [False, False, True, True]
    waiting = Hazard.objects.visible_to(manager).filter(acts.named(Hazard, "register").waits_for(manager))
    assert drafted in waiting, "on the manager's desk"
    assert drafted in hazard_filter({"view": "drafts"}, user=manager, today=TODAY).qs

    told = {"reason": "记录人已离岗"} if act == "discard" else {}
    drafted.refresh_from_db()
    getattr(operations, act)(drafted, by=manager, at=NOON, **told)
    drafted.refresh_from_db()
    assert drafted.state == {"register": "registered", "discard": "discarded"}[act]
    assert drafted.registered_by == inspector, "who wrote it down stays written"


def test_nobody_else_touches_a_draft_whose_author_is_there(drafted, manager, safety_office):
    for person in (manager, safety_office):
        with pytest.raises(Refused):
            operations.discard(drafted, by=person, at=NOON, reason="x")


@given(strategies.lists(strategies.tuples(strategies.sampled_from(SEATS), strategies.sampled_from(sorted(OFFICERS))), max_size=4),
       strategies.sampled_from(("411402001", "411402-AWB")), strategies.booleans())  # fmt: skip
@settings(max_examples=25)
def test_a_draft_is_never_nobodys_while_the_city_has_a_safety_officer(staff, seat, author_leaves):
    def check():
        units = {code: UnitFactory(code=code) for code in SEATS}
        for code, role in staff:
            UserFactory(unit=units[code], role=role)
        office = UserFactory(unit=units["4114-AWB"], role=Role.SAFETY_OFFICE)
        author = UserFactory(unit=units[seat], role=Role.INSPECTOR)
        firm = EnterpriseFactory(township=units["411402001"])
        row = operations.draft(by=author, at=NOON, enterprise=firm, found_on=TODAY, description="x")
        if author_leaves:
            User.objects.filter(pk=author.pk).update(is_active=False, state="stopped")
        readers = [one for one in User.objects.filter(is_active=True) if Hazard.objects.visible_to(one).exists()]
        assert readers and (author_leaves or readers == [author])
        able = [one for one in readers if acts.named(Hazard, "discard").refusal(one, row) is None]
        assert set(able) == set(readers), "who sees it may end it"
        assert not author_leaves or office in able

    with transaction.atomic():
        try:
            check()
        finally:
            transaction.set_rollback(True)


@given(STAFF, PLACES, strategies.randoms(use_true_random=False))
@FEW
def test_a_holder_has_left_exactly_when_nobody_would_choose_them_now(staff, places, dice):
    def check():
        _, hazards = make(staff, places, dice)
        found = set()
        for row in Hazard.objects.annotate(**flags_of_left()):
            for kind in KINDS:
                holder = getattr(row, f"{kind}_holder_id")
                gone = holder is not None and not people_behind(row, kind).filter(pk=holder).exists()
                assert getattr(row, f"left_{kind}") == gone, kind
                found |= {row.pk} if gone else set()
        office = UserFactory(unit=Unit.objects.get(code="4114"), role=Role.SAFETY_OFFICE)
        asked = hazard_filter({"left": "1"}, user=office, today=TODAY)
        assert set(asked.qs.values_list("pk", flat=True)) == found
        assert len(hazards) == Hazard.objects.count()

    undone(check)


def test_ledger_and_page_say_that_the_named_person_has_left(client, enterprise, manager, safety_office):
    row = HazardFactory(
        enterprise=enterprise, territorial_holder=manager, territorial_person="郑有田", registered_by=manager
    )
    client.force_login(safety_office)
    pages = [f"{reverse('hazards:ledger')}?view=all", row.get_absolute_url()]
    assert not any("已离岗</b>" in client.get(url).content.decode() for url in pages)
    assert "责任人已离岗" not in client.get(pages[1]).content.decode()
    User.objects.filter(pk=manager.pk).update(is_active=False, state="stopped")
    assert "已离岗</b>" in client.get(pages[0]).content.decode()
    assert "责任人已离岗" in client.get(pages[1]).content.decode()
    page = client.get(f"{pages[0]}&left=1")
    assert page.status_code == 200 and row.number in page.content.decode()
    Hazard.objects.update(state="closed", closed_on=TODAY)
    assert "已离岗</b>" not in client.get(pages[0]).content.decode(), "nothing more is to be done"
