"""The pages of the matrix, of units and of people, and the same over the API."""

import pytest
from django.urls import reverse

from accounts.models import User
from hazards.models import Hazard
from responsibilities.models import Charge, Line
from responsibilities.operations import appoint_charge, replace_charge
from tests.factories import EnterpriseFactory, HazardFactory, UnitFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.once]  # pages, forms and words: no database decides them


@pytest.fixture
def charge(manager, inspector, deputy, fireworks, clock):
    return appoint_charge(
        by=manager, at=next(clock), unit=manager.unit, sector=fireworks, holder=inspector, deputy=deputy
    )


def text_of(client, address, status=200):
    response = client.get(address)
    assert response.status_code == status
    return response.content.decode()


def test_a_change_on_its_page_leads_to_the_row_in_force_and_both_tell_of_one_another(client, manager, deputy, charge):
    client.force_login(manager)
    address = reverse("responsibilities:charge_act", args=[charge.pk, "replace"])
    assert "袁立新" in text_of(client, address)
    given = {"holder": deputy.pk, "deputy": "", "reason": "轮岗", "version": charge.version}
    done = client.post(address, given, follow=True)
    now = Charge.objects.current().get()
    assert done.request["PATH_INFO"] == now.get_absolute_url() and "已更换：双八镇 · 烟花爆竹" in done.content.decode()
    assert charge.get_absolute_url() in done.content.decode() and "责任人 袁立新，副职 范守一" in done.content.decode()
    assert now.get_absolute_url() in text_of(client, charge.get_absolute_url())
    assert client.get(address).status_code == 409
    listed = text_of(client, reverse("responsibilities:charges"))
    assert listed.count('data-label="责任人"') == 1 and "范守一" in listed
    ended = text_of(client, f"{reverse('responsibilities:charges')}?view=ended")
    assert "袁立新" in ended and text_of(client, f"{reverse('responsibilities:charges')}?view=all").count("lead") >= 2


def test_a_change_over_the_head_of_another_is_shown_first(client, manager, inspector, deputy, charge, clock):
    client.force_login(manager)
    replace_charge(charge, by=manager, at=next(clock), holder=manager)
    address = reverse("responsibilities:charge_act", args=[charge.pk, "replace"])
    response = client.post(address, {"holder": deputy.pk, "version": 1})
    assert response.status_code == 409 and "已止" in response.content.decode()
    assert Charge.objects.current().get().holder == manager


def test_the_unit_of_a_new_row_is_one_of_the_territory(client, manager, stranger, safety_office, inspector, fireworks):
    address = reverse("responsibilities:charge_new", args=["appoint"])
    client.force_login(stranger)
    assert client.get(f"{address}?unit=411402001").status_code == 404
    sent = {"unit": "411402001", "sector": "YHBZ", "holder": inspector.pk}
    response = client.post(address, sent)
    assert response.status_code == 400 and not Charge.objects.exists()
    client.force_login(safety_office)
    assert "袁立新" in text_of(client, f"{address}?unit=411402001")
    assert client.post(address, sent).status_code == 302
    client.force_login(inspector)
    assert client.get(address).status_code == 403


def test_a_line_on_its_pages(client, safety_office, county, department, fireworks):
    client.force_login(safety_office)
    address = reverse("responsibilities:line_new", args=["appoint"])
    assert "单位411402-GA" in text_of(client, f"{address}?place=411402")
    given = {"place": "411402", "sector": "YHBZ", "competent": department.pk, "supervising": ""}
    text = client.post(address, given, follow=True).content.decode()
    assert "已确定：" in text and "单位411402-GA" in text
    line = Line.objects.get()
    assert "烟花爆竹" in text_of(client, reverse("responsibilities:lines"))
    given = {"competent": "", "supervising": department.pk, "version": line.version}
    act = reverse("responsibilities:line_act", args=[line.pk, "replace"])
    assert client.post(act, given).status_code == 302
    now = Line.objects.current().get()
    assert (now.competent, now.supervising) == (None, department)
    end = reverse("responsibilities:line_act", args=[now.pk, "end"])
    assert client.post(end, {"reason": "按职能确定", "version": now.version}).status_code == 302
    assert not Line.objects.current().exists()


# --- units, people, enterprises


def test_the_page_of_a_unit_shows_its_people_its_line_and_its_rows(
    client, manager, inspector, charge, enterprise, leader
):
    HazardFactory(enterprise=enterprise, registered_by=inspector, rectifying=True, deadline="2999-01-01")
    HazardFactory(enterprise=enterprise, registered_by=inspector, rectifying=True, deadline="2026-01-01", level="major")
    client.force_login(leader)
    text = text_of(client, reverse("accounts:unit", args=[manager.unit_id]))
    for words in ("袁立新", "范守一", "烟花爆竹", reverse("accounts:person", args=[inspector.pk])):
        assert words in text
    assert "确定责任人" not in text, "a leader keeps no matrix"
    for query, count in (("view=open", 2), ("view=overdue", 1), ("view=major", 1)):
        address = f"{reverse('hazards:ledger')}?territory=411402001&{query}"
        assert address.replace("&", "&amp;") in text
        assert client.get(address).context["total"] == count
    client.force_login(manager)
    assert "确定责任人" in text_of(client, reverse("accounts:unit", args=[manager.unit_id]))


def test_the_page_of_a_department_counts_what_falls_to_it(client, leader, enterprise, inspector):
    department = UnitFactory(code="411402-YJ")
    HazardFactory(enterprise=enterprise, registered_by=inspector, rectifying=True, supervising_unit=department)
    HazardFactory(enterprise=enterprise, registered_by=inspector, rectifying=True)
    client.force_login(leader)
    page = client.get(reverse("accounts:unit", args=[department.pk]))
    [panel] = [panel for panel in page.context["panels"] if "figures" in panel]
    assert next(figure["value"] for figure in panel["figures"]) == 1
    assert client.get(panel["figures"][0]["url"]).context["total"] == 1


def test_the_page_of_a_person_shows_open_work_and_what_they_answer_for(client, manager, inspector, charge, enterprise):
    rows = HazardFactory.create_batch(3, enterprise=enterprise, registered_by=manager, rectifying=True)
    Hazard.objects.filter(pk=rows[0].pk).update(territorial_holder=inspector)
    Hazard.objects.filter(pk=rows[1].pk).update(competent_holder=inspector, state="closed")
    client.force_login(manager)
    page = client.get(reverse("accounts:person", args=[inspector.pk]))
    text = page.content.decode()
    assert charge.get_absolute_url() in text and reverse("hazards:handover", args=[inspector.pk]) in text
    [panel] = [panel for panel in page.context["panels"] if "figures" in panel]
    assert panel["figures"][0]["value"] == 1
    assert client.get(panel["figures"][0]["url"]).context["total"] == 1


def test_people_beyond_the_territory_do_not_exist(client, stranger, manager, inspector, enterprise_user, enterprise):
    HazardFactory(enterprise=enterprise, territorial_holder=inspector, registered_by=manager, rectifying=True)
    client.force_login(stranger)
    assert client.get(reverse("accounts:person", args=[inspector.pk])).status_code == 404
    assert client.get(reverse("accounts:unit", args=[inspector.unit_id])).status_code == 404
    assert client.get(f"{reverse('hazards:ledger')}?holder={inspector.pk}").status_code == 400
    client.force_login(enterprise_user)
    assert client.get(reverse("accounts:person", args=[inspector.pk])).status_code == 403


def test_the_page_of_a_firm_counts_its_rows_and_names_who_answers(
    client, manager, inspector, enterprise_user, enterprise
):
    enterprise.safety_manager, enterprise.safety_manager_phone = "柳安", "13600000001"
    enterprise.save()
    HazardFactory.create_batch(2, enterprise=enterprise, registered_by=inspector, rectifying=True)
    HazardFactory(enterprise=enterprise, registered_by=inspector, closed=True)
    HazardFactory(enterprise=EnterpriseFactory(), registered_by=inspector, closed=True)
    for visitor in (manager, enterprise_user):
        client.force_login(visitor)
        page = client.get(reverse("inspections:enterprise", args=[enterprise.pk]))
        assert "柳安" in page.content.decode()
        [panel] = [one for one in page.context["panels"] if "figures" in one]
        assert [figure["value"] for figure in panel["figures"]][::2] == [2, 1]
        for figure in panel["figures"]:
            assert client.get(figure["url"]).context["total"] == figure["value"]


# --- API


def test_the_api_reads_names_replaces_and_ends(client, manager, inspector, deputy, stranger, fireworks):
    client.force_login(manager)
    given = {"unit": "411402001", "sector": "YHBZ", "holder": inspector.pk}
    made = client.post(reverse("api-charge-list"), given, content_type="application/json")
    assert made.status_code == 201 and made.json()["state"] == "current"
    again = client.post(reverse("api-charge-list"), given, content_type="application/json")
    assert again.status_code == 409 and "已有现行的分工" in again.json()["detail"]
    address = reverse("api-charge-replace", args=[made.json()["id"]])
    outside = client.post(address, {"holder": stranger.pk, "deputy": None}, content_type="application/json")
    assert outside.status_code == 400
    changed = client.post(address, {"holder": deputy.pk, "deputy": inspector.pk}, content_type="application/json")
    assert changed.json()["valid_to"] is not None
    [listed] = client.get(reverse("api-charge-list")).json()["results"]
    assert (listed["holder"], listed["deputy"], listed["valid_to"]) == (deputy.pk, inspector.pk, None)
    ended = client.post(
        reverse("api-charge-end", args=[listed["id"]]), {"reason": "撤并"}, content_type="application/json"
    )
    assert (ended.status_code, ended.json()["state"]) == (200, "ended")
    assert len(client.get(f"{reverse('api-charge-list')}?view=all").json()["results"]) == 2
    client.force_login(inspector)
    assert client.post(reverse("api-charge-list"), given, content_type="application/json").status_code == 403
    client.force_login(stranger)
    assert client.get(reverse("api-charge-detail", args=[listed["id"]])).status_code == 404


def test_lines_over_the_api(client, safety_office, manager, county, department):
    given = {"place": "411402", "sector": "YHBZ", "competent": department.pk}
    client.force_login(manager)
    assert client.post(reverse("api-line-list"), given, content_type="application/json").status_code == 403
    client.force_login(safety_office)
    made = client.post(reverse("api-line-list"), given, content_type="application/json")
    assert made.status_code == 201
    address = reverse("api-line-replace", args=[made.json()["id"]])
    body = {"competent": None, "supervising": department.pk}
    assert client.post(address, body, content_type="application/json").status_code == 200
    client.force_login(manager)
    [listed] = client.get(reverse("api-line-list")).json()["results"]
    assert (listed["competent"], listed["supervising"]) == (None, department.pk)


def test_whoever_left_is_marked_on_list_page_and_unit(client, manager, inspector, charge):
    User.objects.filter(pk=inspector.pk).update(is_active=False, state="stopped")
    client.force_login(manager)
    for address in (
        reverse("responsibilities:charges"),
        charge.get_absolute_url(),
        reverse("accounts:unit", args=[manager.unit_id]),
    ):
        assert "已离岗" in text_of(client, address)


def test_a_firms_people_and_administrators_read_no_matrix(client, enterprise_user, charge):
    for visitor in (enterprise_user, UserFactory(role="sysadmin", unit=charge.unit)):
        client.force_login(visitor)
        assert client.get(charge.get_absolute_url()).status_code == 404
        assert client.get(reverse("responsibilities:gaps")).status_code == 403
        assert client.get(reverse("responsibilities:export")).status_code == 403
        assert client.get(reverse("responsibilities:take")).status_code == 403
