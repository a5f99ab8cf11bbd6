"""All the open work of who has left, handed to another in one act."""

import pytest
from django.urls import reverse

from accounts.models import User
from hazards.models import Hazard
from tests.factories import HazardFactory, UnitFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def gone(manager):
    person = UserFactory(role="manager", unit=manager.unit, full_name="黄启明")
    HazardFactory.create_batch(
        3, rectifying=True, territorial_holder=person, territorial_person="黄启明", territorial_unit=manager.unit
    )
    HazardFactory(closed=True, territorial_holder=person, territorial_person="黄启明", territorial_unit=manager.unit)
    User.objects.filter(pk=person.pk).update(is_active=False, state="stopped")
    return person


def test_everything_open_goes_to_the_successor_and_what_is_closed_stays(client, gone, manager):
    client.force_login(manager)
    row = Hazard.objects.filter(state="rectifying").first()
    address = reverse("hazards:handover", args=[gone.pk])
    assert address in client.get(row.get_absolute_url()).content.decode()
    page = client.get(address)
    assert (page.context["total"], len(page.context["rows"])) == (3, 3)
    told = client.post(address, {"to": manager.pk, "reason": "调离"}, follow=True)
    assert f"已将 3 条隐患移交给{manager}" in told.content.decode()
    assert set(Hazard.objects.values_list("state", "territorial_holder")) == {
        ("rectifying", manager.pk),
        ("closed", gone.pk),
    }
    assert [event.note for event in row.events.filter(kind="reassign")] == ["调离"]
    assert client.get(address).status_code == 404, "nothing is left to hand over"


def test_only_somebody_of_the_same_body_takes_over_and_a_reason_is_asked_for(client, gone, manager, stranger):
    client.force_login(manager)
    address = reverse("hazards:handover", args=[gone.pk])
    answer = client.post(address, {"to": stranger.pk, "reason": ""})
    assert answer.status_code == 400 and set(answer.context["form"].errors) == {"to", "reason"}
    assert not Hazard.objects.filter(territorial_holder=stranger).exists()


def test_of_whom_moved_the_people_left_behind_take_over_body_by_body(client, gone, manager, township):
    """What is offered is never refused: who answers for rows of two bodies is followed by one of each."""
    other = UnitFactory(code="411402002")
    User.objects.filter(pk=gone.pk).update(is_active=True, state="active", unit=other)
    HazardFactory(rectifying=True, territorial_holder=gone, territorial_unit=other)
    there = UserFactory(role="inspector", unit=other)
    office = UserFactory(role="safety_office", unit=UnitFactory(code="4114-AWB"))
    client.force_login(office)
    address = reverse("hazards:handover", args=[gone.pk])
    offered = set(client.get(address).context["form"].fields["to"].queryset)
    assert {one.unit for one in offered} == {township, other} and gone not in offered
    told = client.post(address, {"to": manager.pk, "reason": "调离"}, follow=True).content.decode()
    assert (
        f"已将 3 条隐患移交给{manager}" in told and "还有 1 条由其他单位或企业负责" in told and "没有移交" not in told
    )
    told = client.post(address, {"to": there.pk, "reason": "调离"}, follow=True).content.decode()
    assert f"已将 1 条隐患移交给{there}" in told and "没有移交" not in told
    assert not Hazard.objects.filter(state="rectifying", territorial_holder=gone).exists()


def test_of_a_parted_person_of_a_firm_another_takes_over(client, rectifying, enterprise, enterprise_user, manager):
    Hazard.objects.update(enterprise_holder=enterprise_user, enterprise_person=str(enterprise_user))
    successor = UserFactory(role="enterprise", unit=None)
    enterprise.members.set([successor])
    client.force_login(manager)
    told = client.post(
        reverse("hazards:handover", args=[enterprise_user.pk]), {"to": successor.pk, "reason": "离职"}, follow=True
    )
    assert f"已将 1 条隐患移交给{successor}" in told.content.decode()
    assert Hazard.objects.get(pk=rectifying.pk).enterprise_holder == successor


def test_who_may_not_reassign_a_row_is_not_shown_it(client, gone, manager):
    """A department reads what it found; that does not make it its own."""
    finder = UserFactory(role="manager", unit=UnitFactory(code="411402-XF"))
    Hazard.objects.update(found_by_unit=finder.unit)
    client.force_login(finder)
    address = reverse("hazards:handover", args=[gone.pk])
    assert client.get(address).status_code == 404
    page = client.get(Hazard.objects.filter(state="rectifying").first().get_absolute_url()).content.decode()
    assert "责任人已离岗" in page and address not in page


def test_a_page_of_ten_rows_costs_no_more_queries_than_one_of_three(
    client, gone, manager, django_assert_max_num_queries
):
    client.force_login(manager)
    address = reverse("hazards:handover", args=[gone.pk])
    client.get(address)
    HazardFactory.create_batch(7, rectifying=True, territorial_holder=gone, territorial_unit=manager.unit)
    with django_assert_max_num_queries(9):
        assert client.get(address).context["total"] == 10


@pytest.mark.parametrize(
    ("who", "status"), [("inspector", 403), ("leader", 403), ("stranger", 404), ("safety_office", 200)]
)
def test_who_may_hand_over_and_whose_work_is_seen(client, gone, request, who, status):
    client.force_login(request.getfixturevalue(who))
    assert client.get(reverse("hazards:handover", args=[gone.pk])).status_code == status
