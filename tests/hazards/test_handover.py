"""All the open work of who has left, handed to another in one act."""

import pytest
from django.urls import reverse

from accounts.models import User
from hazards.models import Hazard
from tests.factories import HazardFactory, UserFactory

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
