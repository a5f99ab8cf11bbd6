"""The cost of a list does not grow with its rows: as many queries for three rows as for one."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts import operations as accounts
from accounts.models import SignIn
from accounts.operations import signing_in
from accounts.operations.signing_in import Source
from enforcement import operations as enforcement
from flags.operations import supplement as answer_again
from hazards import operations
from hazards.models import Hazard
from look.lists import ListPage
from notifications.models import Notification
from reporting import operations as reporting
from reporting.models import Report
from reporting.terms import Kind
from responsibilities.models import Charge, Line
from responsibilities.operations import appoint_charge, replace_charge
from tests import reports
from tests.factories import NOON, EnterpriseFactory, SectorFactory, UnitFactory, UserFactory
from tests.flagged import flag

pytestmark = pytest.mark.django_db

# Every page and API list that shows rows, with the most queries it may take (session and user included).
LISTS = {
    "hazards:desk": 30,
    "hazards:ledger": 16,
    "hazards:export": 12,
    "hazards:export_form": 13,
    "hazards:register": 16,
    "inspections:list": 12,
    "inspections:enterprises": 12,
    "inspections:sectors": 8,
    "enforcement:list": 12,
    "enforcement:export": 8,
    "enforcement:closing": 12,
    "flags:list": 8,
    "flags:rows": 8,
    "responsibilities:charges": 9,
    "responsibilities:lines": 9,
    "responsibilities:gaps": 14,
    "responsibilities:export": 10,
    "reporting:list": 12,
    "reporting:export": 8,
    "criteria:standards": 10,
    "criteria:items": 10,
    "notifications:inbox": 10,
    "bulletins:list": 9,
    "bulletins:receipts": 8,
    "rankings:index": 50,
    "rankings:export": 48,
    "rankings:official": 14,
    "rankings:official_export": 12,
    "rankings:formulas": 8,
    "rankings:staff_list": 12,
    "rankings:trend": 11,
    "rankings:map": 50,
    "rankings:wall": 20,
    "rankings:leader": 16,
    "api-hazard-list": 12,
    "api-inspection-list": 10,
    "api-measure-list": 8,
    "api-enterprise-list": 10,
    "api-charge-list": 8,
    "api-line-list": 8,
    "api-report-list": 8,
    "api-unit-list": 6,
    "api-person-list": 6,
    "api-sector-list": 4,
    "api-standard-list": 5,
    "api-criterion-list": 5,
    "api-bulletin-list": 6,
    "api-rankings": 48,
}
# Those of the administrators: who reads each, and its most queries.
ADMINISTRATION = {
    "accounts:people": ("sysadmin", 8),
    "accounts:units": ("sysadmin", 8),
    "accounts:account_events": ("auditor", 8),
    "accounts:unit_events": ("auditor", 8),
    "accounts:sign_ins": ("auditor", 8),
    "disclosures:list": ("auditor", 8),
    "accounts:verifications": ("auditor", 8),
    "hazards:desk": ("sysadmin", 16),
}
DETAILS = {
    "hazards:detail": 22, "api-hazard-detail": 18, "inspections:detail": 13, "inspections:enterprise": 17, "accounts:unit": 24,
    "accounts:person": 18, "responsibilities:charge": 14, "enforcement:measure": 12, "api-measure-detail": 10,
    "flags:flag": 16,
    "reporting:report": 50, "api-report-detail": 10,
}  # fmt: skip


@pytest.fixture
def grow(township, manager, inspector, colleague, noon, photo):
    """Adds one of everything: a firm, a township, a person, a visit with a hazard under review, a message."""

    def add(number):
        firm = EnterpriseFactory(township=township)
        member = UserFactory(role="enterprise", unit=None)
        firm.members.add(member)
        UserFactory(unit=UnitFactory(code=f"411402{900 + number}"))
        UserFactory(unit=township)
        sector, county = SectorFactory(competent_function="YJ"), UnitFactory(code="411402")
        EnterpriseFactory(township=township, sector=sector)
        body, facts = UnitFactory(code="411402-YJ"), {"sector": sector, "state": "current", "valid_from": noon.date()}
        Charge.objects.create(unit=township, holder=manager, deputy=inspector, **facts)
        Line.objects.create(place=county, competent=body, **facts)
        EnterpriseFactory(township=township, sector=SectorFactory())
        _, [hazard] = operations.record_inspection(
            by=inspector,
            at=noon,
            kind="routine",
            enterprise=firm,
            inspected_on=noon.date(),
            inspectors=[inspector, colleague],
            hazards=[{"description": "通道堆放货物", "before": [photo(inspector), photo(inspector)]}],
        )
        operations.issue(hazard, by=manager, at=noon, days=7, requirement="清理通道")
        for opinion in ("未隔开", ""):
            operations.submit_feedback(hazard, by=member, at=noon, content="已改", photos=[photo(member)])
            if opinion:
                operations.review(hazard, by=inspector, at=noon, passed=False, opinion=opinion)
        enforcement.record_measure(
            by=inspector, at=noon, kind="suspension", on=noon.date(), content="停产", basis="第六十五条", second_officer=colleague,
            hazard=hazard,
        )  # fmt: skip
        flag(township, manager=manager, office=None, stage="answered", hazards=[hazard])
        reports.ask_for(Kind.WEEKLY, at=noon + timedelta(weeks=number))
        Notification.objects.create(
            recipient=manager, key=f"{number}", title="请复查", created_at=noon, next_try_at=noon
        )
        return hazard

    return add


def queries_of(client, address):
    """How many queries one reading of ``address`` takes with nothing remembered from an earlier one."""
    cache.clear()
    with CaptureQueriesContext(connection) as queries:
        response = client.get(address)
        if response.streaming:
            b"".join(response.streaming_content)
    assert response.status_code == 200
    return len(queries)


def test_lists_cost_the_same_for_one_row_and_for_three(client, manager, grow):
    client.force_login(manager)
    for name in ["hazards:desk", *(name for name in LISTS if name.startswith("api-"))]:
        client.get(reverse(name))  # the first request of a session, and that of a list of the API in a day, also writes
    grow(1)
    one = {name: queries_of(client, reverse(name)) for name in LISTS}
    grow(2)
    grow(3)
    three = {name: queries_of(client, reverse(name)) for name in LISTS}
    assert {name: (one[name], three[name]) for name in LISTS if one[name] != three[name]} == {}
    assert {name: cost for name, cost in three.items() if cost > LISTS[name]} == {}


def test_the_administrators_lists_cost_the_same_for_one_row_and_for_three(client, township):
    keepers = {role: UserFactory(role=role, unit=None) for role in ("sysadmin", "secadmin", "auditor")}

    def add(number):
        person, _ = accounts.open_account(
            by=keepers["sysadmin"], at=NOON, username=f"new{number}", full_name=f"新人{number}", unit=township
        )
        accounts.grant(person, by=keepers["secadmin"], at=NOON, role="leader")
        accounts.open_account(by=keepers["sysadmin"], at=NOON, username=f"wait{number}", full_name="待授权")
        accounts.edit_unit(township, by=keepers["sysadmin"], at=NOON, short_name=f"双八{number}")
        signing_in.note(person, SignIn.Result.SIGN_OUT, Source("127.0.0.1"), at=NOON)
        UnitFactory(code=f"411402{900 + number}", parent=township)

    def cost():
        found = {}
        for name, (role, _) in ADMINISTRATION.items():
            client.force_login(keepers[role])
            client.get(reverse(name))  # the first request of a session also writes it
            found[name] = queries_of(client, reverse(name))
        return found

    add(1)
    one = cost()
    add(2)
    add(3)
    three = cost()
    assert three == one
    assert {name: number for name, number in three.items() if number > ADMINISTRATION[name][1]} == {}


def test_every_list_is_counted():
    """Whatever is drawn by look.lists; what else shows rows is entered by hand."""
    todo, lists = [ListPage], set()
    while todo:
        for kind in todo.pop().__subclasses__():
            todo.append(kind)
            if not kind.__module__.startswith("tests"):
                lists.add(kind.url_name)
    assert len(lists) > 8
    # Rows behind a figure are counted in tests/rankings/test_links.py: their address names the figure.
    assert lists - {*LISTS, *ADMINISTRATION} == {"rankings:rows"}


def test_details_cost_the_same_however_much_happened(client, manager, inspector, grow, photo, document, noon):
    client.force_login(manager)
    client.get(reverse("hazards:desk"))
    hazard = grow(1)
    member, measure = hazard.feedback_by, hazard.measures.get()
    enforcement.apply_resumption(measure, by=member, at=noon, text="已隔开", documents=[document(member)])
    enforcement.decide_resumption(measure, by=manager, at=noon, granted=False, opinion="未隔开")
    member = hazard.feedback_by
    charge = appoint_charge(by=manager, at=noon, unit=manager.unit, holder=inspector)
    noticed = flag(manager.unit, manager=manager, office=None, stage="answered", hazards=[hazard])
    answer_again(noticed, by=manager, at=timezone.now(), text="附说明", documents=[document(manager)])
    report, office = (
        Report.objects.get(unit=manager.unit),
        UserFactory(role="safety_office", unit=UnitFactory(code="4114-AWB")),
    )
    reporting.file_report(report, by=manager, at=noon)
    addresses = {
        "hazards:detail": [hazard.pk],
        "api-hazard-detail": [hazard.pk],
        "inspections:detail": [hazard.inspection_id],
        "inspections:enterprise": [hazard.enterprise_id],
        "enforcement:measure": [measure.pk],
        "api-measure-detail": [measure.pk],
        "flags:flag": [noticed.pk],
        "reporting:report": [report.pk],
        "api-report-detail": [report.pk],
        "accounts:unit": [manager.unit_id],
        "accounts:person": [inspector.pk],
        "responsibilities:charge": [charge.pk],
    }
    assert set(addresses) == set(DETAILS)
    before = {name: queries_of(client, reverse(name, args=args)) for name, args in addresses.items()}
    for _ in range(2):
        operations.review(hazard, by=inspector, at=noon, passed=False, opinion="仍未隔开")
        operations.submit_feedback(hazard, by=member, at=noon, content="再改", photos=[photo(member), photo(member)])
        enforcement.apply_resumption(measure, by=member, at=noon, text="已隔开", documents=[document(member)])
        operations.comment(hazard, by=inspector, at=noon, text="检测报告", documents=[document(inspector)])
        enforcement.decide_resumption(measure, by=manager, at=noon, granted=False, opinion="仍未隔开")
        reporting.return_report(report, by=office, at=noon, reason="请核实")
        reporting.file_report(report, by=manager, at=noon)
    operations.record_inspection(
        by=inspector,
        at=noon,
        kind="self",
        enterprise=hazard.enterprise,
        inspected_on=noon.date(),
        inspectors=[inspector],
        hazards=[{"description": "线路老化"}, {"description": "灭火器过期"}],
    )
    assert Hazard.objects.count() == 3
    for _ in range(2):
        answer_again(noticed, by=manager, at=timezone.now(), text="附说明", documents=[document(manager)])
        replace_charge(charge, by=manager, at=noon, holder=charge.deputy or manager, deputy=charge.holder)
        charge = Charge.objects.current().get(sector=None)
    after = {name: queries_of(client, reverse(name, args=args)) for name, args in addresses.items()}
    assert after == before
    assert {name: cost for name, cost in after.items() if cost > DETAILS[name]} == {}
