"""The doors: list and workbook, the page of a report, filing on it, the desk, the panels, the API."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from rankings.operations import freeze
from reporting import operations
from reporting.lifecycle import State
from reporting.models import Report
from reporting.terms import Kind, last_closed
from tests.factories import HazardFactory, InspectionFactory, UnitFactory, UserFactory
from tests.reports import ask_for

pytestmark = [pytest.mark.django_db, pytest.mark.once]  # pages, forms and words: no database decides them
FIGURES = {"report_as": "figures", "words": "", "explanation": ""}


@pytest.fixture
def owed(manager, safety_office, bureau, leader):
    """The report of the township for the newest week, asked for when that was closed."""
    ask_for(Kind.WEEKLY, at=timezone.now())
    return Report.objects.get(unit=manager.unit)


def asked_anew():
    """As if nobody had asked in the last hour: what waits to be frozen is kept that long, and rows made here are older than they are."""
    cache.clear()


def act_of(report, act):
    return reverse("reporting:report_act", args=[report.pk, act])


def test_a_report_is_filed_from_the_desk_with_two_presses(client, owed, manager, inspector, enterprise):
    day = last_closed(Kind.WEEKLY, timezone.now()).first
    InspectionFactory(enterprise=enterprise, inspected_on=day, created_by=inspector)
    freeze("4114", last_closed(Kind.WEEKLY, timezone.now()), at=timezone.now())
    client.force_login(manager)
    assert act_of(owed, "file") in client.get("/").content.decode()
    page = client.get(act_of(owed, "file"))
    text = page.content.decode()
    assert (
        "检查</dt>" in text.replace(" ", "").replace("\n", "")
        and f"/rankings/rows/township/{owed.unit.code}/inspections/" in text
    )
    assert "零报告" not in text, "not offered where something happened"
    answer = client.post(act_of(owed, "file"), FIGURES | {"seen": page.context["form"]["seen"].value()})
    assert (answer.status_code, answer.url) == (302, owed.get_absolute_url())
    owed.refresh_from_db()
    assert owed.state == State.FILED and not owed.is_zero
    detail = client.get(owed.get_absolute_url()).content.decode()
    assert f"已上报：{owed}" in detail and "报送时的台账数据" in detail
    assert act_of(owed, "file") not in client.get("/").content.decode()


def test_what_changed_since_the_page_was_opened_is_shown_before_it_is_confirmed(
    client, owed, manager, inspector, enterprise
):
    client.force_login(manager)
    form = client.get(act_of(owed, "file")).context["form"]
    day = last_closed(Kind.WEEKLY, timezone.now()).first
    InspectionFactory(enterprise=enterprise, inspected_on=day, created_by=inspector)
    asked_anew()
    sent = FIGURES | {"seen": form["seen"].value(), "words": "检查一家"}
    answer = client.post(act_of(owed, "file"), sent)
    assert answer.status_code == 409 and "台账的数据有了变化" in answer.content.decode()
    again = answer.context["form"]
    assert again["words"].value() == "检查一家" and again["seen"].value() != form["seen"].value()
    assert client.post(act_of(owed, "file"), sent | {"seen": again["seen"].value()}).status_code == 302


def test_a_zero_report_is_offered_where_all_is_zero_and_refused_elsewhere(client, owed, manager, inspector, enterprise):
    client.force_login(manager)
    assert "零报告</button>" in client.get(act_of(owed, "file")).content.decode()
    day = last_closed(Kind.WEEKLY, timezone.now()).first
    InspectionFactory(enterprise=enterprise, inspected_on=day, created_by=inspector)
    asked_anew()
    answer = client.post(
        act_of(owed, "file"),
        FIGURES | {"report_as": "zero", "seen": client.get(act_of(owed, "file")).context["form"]["seen"].value()},
    )
    assert answer.status_code == 409 and "不能报零报告" in answer.content.decode()
    for wrong in ({"report_as": ""}, {"report_as": "all"}):
        assert client.post(act_of(owed, "file"), FIGURES | wrong).status_code == 400
    assert client.post(act_of(owed, "file"), FIGURES | {"figures": "9"}).status_code == 400, (
        "figures are no names of the form"
    )
    owed.refresh_from_db()
    assert owed.state == State.PENDING


def test_a_filed_report_says_where_the_ledger_has_moved_on(client, owed, manager, enterprise):
    operations.file_report(owed, by=manager, at=timezone.now())
    HazardFactory(enterprise=enterprise, found_on=owed.span.first, state="registered")
    asked_anew()
    client.force_login(manager)
    assert "台账现为 1" in client.get(owed.get_absolute_url()).content.decode()


def test_the_list_is_asked_by_what_a_report_is(client, owed, safety_office, manager, bureau):
    other = Report.objects.get(unit=bureau.unit)
    client.force_login(safety_office)

    def listed(**asked):
        return {row.pk for row in client.get(reverse("reporting:list"), asked).context["rows"]}

    late = owed.due_at < timezone.now()
    operations.file_report(owed, by=manager, at=owed.due_at, zero=True)
    operations.file_report(other, by=bureau, at=owed.due_at + timedelta(minutes=1))
    operations.return_report(other, by=safety_office, at=owed.due_at + timedelta(minutes=2), reason="请核实")
    assert listed() == {owed.pk, other.pk}
    assert listed(state="zero") == listed(state="on_time") == {owed.pk}
    assert listed(state="returned") == {other.pk} and listed(state="late") == listed(state="excused") == set()
    assert listed(state="missing" if late else "owed") == {other.pk}
    assert listed(period=owed.period) == listed(kind="weekly") == {owed.pk, other.pk}
    assert listed(q=bureau.unit.name) == listed(unit=bureau.unit.code) == {other.pk}
    assert listed(due_from=owed.due_on.isoformat(), due_to=owed.due_on.isoformat()) == {owed.pk, other.pk}
    assert listed(territory=owed.division_code) == {owed.pk} and listed(kind="monthly") == set()
    for wrong in ({"period": "2026-W99"}, {"state": "x"}, {"kind": "daily"}, {"due_from": "昨天"}, {"enterprise": "0"}):
        answer = client.get(reverse("reporting:list"), wrong)
        assert answer.status_code == 400, wrong


def test_the_workbook_holds_what_the_list_shows(client, owed, safety_office, manager, bureau):
    operations.file_report(owed, by=manager, at=owed.due_at, words="=1+1", explanation="一条已办结")
    client.force_login(safety_office)
    answer = client.get(reverse("reporting:export"), {"unit": owed.unit.code})
    [_, heading, row] = [
        list(row)
        for row in load_workbook(BytesIO(b"".join(answer.streaming_content))).active.iter_rows(values_only=True)
    ]
    cells = dict(zip(heading, row, strict=True))
    assert (cells["单位"], cells["情况"], cells["报送人"]) == ("双八镇人民政府", "按时", "郑有田")
    assert "检查（次） 0" in cells["数据"] and cells["数据说明"] == "一条已办结" and "1+1" in cells["工作情况"]
    assert client.get(reverse("reporting:export"), {"state": "x"}).status_code == 400


def test_desks_say_what_is_owed_and_what_is_missing(
    client, owed, manager, safety_office, inspector, bureau, leader, monkeypatch
):
    after = owed.due_at + timedelta(days=2)
    monkeypatch.setattr("django.utils.timezone.now", lambda: after)
    for person, said in ((manager, "逾期 2 天未报"), (safety_office, "2 份")):
        client.force_login(person)
        page = client.get("/").content.decode()
        assert said in page and owed.name in page, person
    for person in (inspector, leader):
        client.force_login(person)
        assert owed.name not in client.get("/").content.decode()
    client.force_login(safety_office)
    assert "逾期 2 天未报" in client.get(reverse("accounts:unit", args=[owed.unit_id])).content.decode()


def test_departments_do_not_read_one_another_s_reports_nor_townships(
    owed, bureau, manager, safety_office, stranger, leader
):
    beside = UserFactory(role="manager", unit=UnitFactory(code="411402-XF"))
    seen = {
        person: set(Report.objects.visible_to(person).values_list("unit__code", flat=True))
        for person in (bureau, beside, manager, stranger, safety_office, leader)
    }
    both = {"411402001", "411402-YJ"}
    assert list(seen.values()) == [{"411402-YJ"}, set(), {"411402001"}, set(), both, both]


def test_a_firm_s_report_is_read_by_the_firm_its_township_and_its_line(
    monthly, enterprise_user, manager, bureau, stranger, enterprise
):
    enterprise.sector.competent_function = "YJ"
    enterprise.sector.save()
    beside = UserFactory(role="manager", unit=UnitFactory(code="411402-XF"))
    seers = [
        person
        for person in (enterprise_user, manager, bureau, beside, stranger)
        if Report.objects.visible_to(person).exists()
    ]
    assert seers == [enterprise_user, manager, bureau]


def test_the_api_reads_files_and_returns(client, owed, manager, safety_office):
    client.force_login(manager)
    path = reverse("api-report-detail", args=[owed.pk])
    assert client.get(path).json()["moves"] == ["file", "file_zero"]
    filed = client.post(f"{path}file/", {"zero": True, "words": "本周无检查"}, content_type="application/json")
    assert filed.status_code == 200, filed.json()
    told = filed.json()
    assert (told["state"], told["is_zero"], len(told["figures"]), told["events"][-1]["kind"]) == (
        "filed",
        True,
        6,
        "file_zero",
    )
    assert client.post(f"{path}file/", {}, content_type="application/json").status_code == 409
    client.force_login(safety_office)
    back = client.post(f"{path}return_report/", {"reason": "请核实"}, content_type="application/json")
    assert back.status_code == 200 and back.json()["state"] == "returned"
    assert client.get(reverse("api-report-list"), {"state": "returned"}).json()["results"][0]["id"] == owed.pk


def test_an_office_chases_several_at_once_and_hears_which_it_could_not(client, owed, safety_office, manager, bureau):
    other, lazy = Report.objects.get(unit=bureau.unit), UserFactory(role="manager", unit=UnitFactory(code="411402008"))
    third = Report.objects.create(
        unit=lazy.unit, kind="weekly", period=owed.period, due_on=owed.due_on, due_at=owed.due_at, state="pending",
        division_code=lazy.unit.division_code,
    )  # fmt: skip
    operations.chase(third, by=safety_office, at=timezone.now(), words="已打电话")
    client.force_login(safety_office)
    listed = client.get(reverse("reporting:list"))
    [bulk] = listed.context["list"].bulks
    assert (bulk.name, bulk.keys) == ("chase", {owed.pk, other.pk})
    page = client.get(bulk.url, {"only": [owed.pk, other.pk, third.pk]}).content.decode()
    assert "办理 2 条" in page and "不办理的 1 条" in page and "今天已经催报过" in page
    operations.file_report(other, by=bureau, at=timezone.now())
    rows = [f"{owed.pk}:{owed.version}", f"{other.pk}:{other.version - 1}"]
    done = client.post(bulk.url, {"row": rows, "words": "请今天报"}).content.decode()
    assert "没有办理 1 条" in done and "催报：已办理 1 条" in done
    assert [report.events.filter(kind="chase").count() for report in (owed, other)] == [1, 0]
    client.force_login(manager)
    assert client.get(reverse("reporting:list")).context["list"].bulks == []
    answer = client.post(bulk.url, {"row": [f"{owed.pk}:2"], "words": "请今天报"}).content.decode()
    assert "没有办理 1 条" in answer and owed.events.filter(kind="chase").count() == 1
    foreign = client.post(bulk.url, {"row": [f"{other.pk}:2"], "words": "请"}, follow=True).content.decode()
    assert "没有选中可以办理的报告，请在信息报送中重新选择" in foreign
    assert client.get(bulk.url.replace("chase", "excuse")).status_code == 404
