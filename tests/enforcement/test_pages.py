"""The doors: the form that records, the list, its workbook, the panels, the API."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from enforcement import operations
from enforcement.models import Measure
from tests.factories import TODAY, HazardFactory, InspectionFactory, MeasureFactory, UnitFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.once]  # pages, forms and words: no database decides them
NEW = "/measures/new/"


@pytest.fixture
def typed(colleague, inspector, enterprise):
    """The form as a page without the script sends it, every box there."""
    return {
        "enterprise": enterprise.pk, "hazard": "", "inspection": "", "kind": "penalty", "on": timezone.localdate().isoformat(),
        "number": "（梁）应急罚〔2026〕12号", "amount": "20000.50", "notified_at": "", "cut_at": "", "approver": "", "emergency": "",
        "content": "未按期整改", "basis": "《安全生产法》第一百零二条", "officer": inspector.pk, "second_officer": colleague.pk,
        "second_officer_name": "",
    }  # fmt: skip


def test_the_form_says_what_it_stands_on_and_leads_to_the_measure(client, registered, inspector, typed):
    client.force_login(inspector)
    page = client.get(NEW, {"hazard": registered.pk}).content.decode()
    assert registered.number in page and registered.description in page
    assert f'name="hazard" value="{registered.pk}"' in page
    answer = client.post(NEW, typed | {"enterprise": "", "hazard": registered.pk})
    made = Measure.objects.get()
    assert (answer.status_code, answer.url) == (302, made.get_absolute_url())
    assert (made.hazard, made.number, str(made.amount)) == (registered, typed["number"], "20000.50")
    detail = client.get(answer.url).content.decode()
    assert "已记录执法措施：行政处罚" in detail
    for words in ("20,000.50", "袁立新、贺春生", registered.number, "《安全生产法》第一百零二条"):
        assert words in detail


def test_without_a_place_the_form_says_where_to_begin(client, inspector, typed):
    client.force_login(inspector)
    for query in ({}, {"hazard": "99"}, {"enterprise": "x"}, {"inspection": "9" * 30}):
        assert "请从隐患、检查或企业页面" in client.get(NEW, query).content.decode()
    answer = client.post(NEW, typed | {"enterprise": ""})
    assert answer.status_code == 400 and "一条隐患、一次检查或一家企业" in answer.content.decode()


def test_what_is_refused_comes_back_as_it_was_typed(client, inspector, typed):
    client.force_login(inspector)
    for wrong, words in (
        ({"amount": ""}, "没有罚款的填 0"),
        ({"amount": "-1"}, "不能小于 0"),
        ({"amount": "1.234"}, "小数"),
        ({"kind": "utilities", "notified_at": "0001-01-01T00:00", "cut_at": "9999-12-31T23:59", "approver": "佟", "amount": ""}, "停供时间"),
        ({"notified_at": "昨天"}, "通知企业的时间"),
        ({"second_officer": ""}, "不得少于两人"),
        ({"officer": UserFactory(unit=UnitFactory(code="411403001")).pk}, "执法人员"),
    ):  # fmt: skip
        answer = client.post(NEW, typed | wrong)
        page = answer.content.decode()
        assert answer.status_code in (400, 409), wrong
        assert words in page and typed["number"] in page and "未按期整改" in page, wrong
    assert not Measure.objects.exists()


def test_every_page_of_what_bears_measures_shows_them(client, registered, inspector, leader, decide):
    made = decide("order", hazard=registered, at=timezone.now())
    pages = [
        registered.get_absolute_url(),
        registered.enterprise.get_absolute_url(),
        reverse("inspections:detail", args=[registered.inspection_id]),
    ]
    for person, may in ((inspector, True), (leader, False)):
        client.force_login(person)
        for page, shown in zip(pages, (True, True, False), strict=True):
            text = client.get(page).content.decode()
            assert (made.get_absolute_url() in text) is shown, page
            assert ("记录执法措施" in text) is may, page
    visit = decide("on_spot", inspection=registered.inspection, at=timezone.now())
    client.force_login(inspector)
    assert visit.get_absolute_url() in client.get(pages[2]).content.decode()


def test_a_draft_and_a_void_row_offer_no_measure(client, inspector, enterprise):
    own = {"enterprise": enterprise, "registered_by": inspector, "found_by_unit": inspector.unit}
    client.force_login(inspector)
    for row in (HazardFactory(drafted=True, **own), HazardFactory(state="voided", voided_on=TODAY, **own)):
        page = client.get(row.get_absolute_url())
        assert page.status_code == 200 and "记录执法措施" not in page.content.decode()
    visit = InspectionFactory(enterprise=enterprise, is_draft=True, created_by=inspector)
    page = client.get(reverse("inspections:detail", args=[visit.pk]))
    assert page.status_code == 200 and "记录执法措施" not in page.content.decode()


def test_a_long_panel_ends_and_leads_to_the_list(client, enterprise, inspector):
    for _ in range(12):
        MeasureFactory(enterprise=enterprise)
    client.force_login(inspector)
    page = client.get(enterprise.get_absolute_url()).content.decode()
    assert len(re.findall(r'"/measures/\d+/"', page)) == 10
    assert f"/measures/?enterprise={enterprise.pk}" in page


def test_a_department_sees_what_it_decided_and_what_it_reads(client, enterprise, registered, decide):
    unit = UnitFactory(code="411402-XF")
    one, two, other = (UserFactory(role="inspector", unit=unit) for _ in range(3))
    assert not Measure.objects.visible_to(one).exists()
    type(registered).objects.filter(pk=registered.pk).update(found_by_unit=unit)
    on_hazard = decide(hazard=registered)
    own = decide(by=one, second_officer=two, hazard=registered)
    decide()  # on the firm, which it does not read
    assert set(Measure.objects.visible_to(other)) == {on_hazard, own}
    type(registered).objects.filter(pk=registered.pk).update(found_by_unit=enterprise.township)
    assert set(Measure.objects.visible_to(other)) == {own}
    assert Measure.objects.visible_to(UserFactory(role="sysadmin")).count() == 0


def test_the_list_finds_and_exports_what_is_asked(client, enterprise, inspector, manager):
    on = timezone.localdate()
    fine = MeasureFactory(enterprise=enterprise, on=on, number="=A1+1", amount="1234.50")
    MeasureFactory(enterprise=enterprise, on=on - timedelta(days=9), kind="order")
    withdrawn = MeasureFactory(enterprise=enterprise, on=on, state="withdrawn")
    client.force_login(manager)
    page = client.get("/measures/")
    assert page.context["rows"][0].pk == fine.pk and page.context["total"] == 2
    asked = {"kind": "penalty", "on_from": on.isoformat(), "q": "豫盛"}
    assert [row.pk for row in client.get("/measures/", asked).context["rows"]] == [fine.pk]
    assert [row.pk for row in client.get("/measures/", {"state": "withdrawn"}).context["rows"]] == [withdrawn.pk]
    book = load_workbook(BytesIO(b"".join(client.get("/measures/export/", asked).streaming_content)))
    rows = list(book.active.iter_rows(min_row=2, values_only=True))
    head, line = rows[0], dict(zip(rows[0], rows[1], strict=True))
    assert len(rows) == 2 and "罚款金额（元）" in head
    assert (line["措施"], line["决定书文号"], float(line["罚款金额（元）"]), line["状态"]) == (
        "行政处罚",
        "=A1+1",
        1234.5,
        "已作出",
    )
    assert client.get("/measures/export/", {"kind": "fine"}).status_code == 400
    for bad in ({"on_from": "2026-02-30"}, {"enterprise": "x"}, {"waiting": "you"}, {"unit": "长" * 40}):
        assert client.get("/measures/", bad).status_code == 400, bad


def test_what_waits_for_me_is_on_my_desk_and_behind_its_link(
    client, decide, enterprise_user, manager, safety_office, colleague
):
    now = timezone.now()
    early, late = decide("suspension", at=now - timedelta(days=60)), decide("equipment", at=now - timedelta(days=3))
    operations.apply_resumption(early, by=enterprise_user, at=now - timedelta(days=50), text="已整改")
    operations.apply_resumption(late, by=manager, at=now - timedelta(days=1), text="代企业申请")
    for person, rows in (
        (manager, {early.pk}),
        (safety_office, {late.pk}),
        (colleague, set()),
        (enterprise_user, set()),
    ):
        client.force_login(person)
        listed = client.get("/measures/", {"waiting": "me"}).context["rows"]
        desk = client.get(reverse("hazards:desk")).content.decode()
        assert {row.pk for row in listed} == rows, person.role
        for row in (early, late):
            assert (reverse("enforcement:measure_act", args=[row.pk, "decide_resumption"]) in desk) is (row.pk in rows)
        assert bool(re.search(r"逾期 4\d 天", desk)) is (early.pk in rows)
    client.force_login(manager)
    assert {row.pk for row in client.get("/measures/", {"waiting": "all"}).context["rows"]} == {early.pk, late.pk}


def test_an_application_is_read_and_decided_on_one_page(client, decide, enterprise, enterprise_user, manager):
    row = decide("suspension", at=timezone.now() - timedelta(days=9))
    page = reverse("enforcement:measure_act", args=[row.pk, "apply_resumption"])
    client.force_login(enterprise_user)
    assert "停产停业整顿" in client.get(reverse("enforcement:measure", args=[row.pk])).content.decode()
    assert client.post(page, {"text": "已加装报警装置", "version": 1}).status_code == 302
    client.force_login(manager)
    page = reverse("enforcement:measure_act", args=[row.pk, "decide_resumption"])
    assert "已加装报警装置" in client.get(page).content.decode()
    answer = client.post(page, {"granted": "grant", "opinion": "已核实", "version": 2}, follow=True)
    text = answer.content.decode()
    assert "同意复工，已通知企业" in text and "审查：同意复工" in text and "已解除" in text
    enterprise.refresh_from_db()
    assert enterprise.status == "resumed"


def test_the_api_records_reads_and_acts(client, inspector, colleague, manager, enterprise, enterprise_user):
    def send(person, url, **body):
        client.force_login(person)
        return client.post(url, body, content_type="application/json")

    told = {
        "enterprise": enterprise.pk, "kind": "suspension", "on": timezone.localdate().isoformat(), "content": "停产", "basis": "第六十五条",
        "second_officer_name": "马六",
    }  # fmt: skip
    url = "/api/v1/measures/"
    assert send(inspector, url, **told, kinds="x").json()["kinds"] == ["没有这一项，请核对写法"]
    assert send(inspector, url, **told | {"enterprise": None}).status_code == 409
    made = send(inspector, url, **told)
    assert (made.status_code, made.json()["kind_label"], made.json()["unit"]) == (201, "停产停业整顿", "411402001")
    own = f"{url}{made.json()['id']}/"
    assert send(enterprise_user, f"{own}apply_resumption/", text="已整改").status_code == 200
    refused = send(enterprise_user, f"{own}decide_resumption/", granted=True, opinion="可")
    assert refused.status_code == 403 and "不能审查自己的申请" in refused.json()["detail"]
    done = send(manager, f"{own}decide_resumption/", granted=True, opinion="可")
    assert (done.json()["state"], done.json()["resumptions"][0]["granted"]) == ("lifted", True)
    assert send(manager, f"{own}lift_measure/", on="2026-11-20", reason="x").status_code == 409
    assert [row["id"] for row in client.get(url, {"kind": "suspension"}).json()["results"]] == [made.json()["id"]]
    assert client.get(url, {"kinds": "x"}).status_code == 400
