"""A law: every figure of a table opens exactly the rows it counts, frozen or running, and only for who reads all of them."""

import random
import re
from datetime import date, datetime, timedelta
from html import unescape
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from hazards.models import Extension, ExtensionDecision, Hazard, Transfer
from rankings.kinds import KINDS
from rankings.links import links_of
from rankings.models import Line, StandingHazard
from rankings.operations import freeze
from rankings.rows import MEASURE, OF, TRANSFER, WORDS, behind
from rankings.shown import may_open, shown
from tests.factories import (
    ZONE,
    EnterpriseFactory,
    HazardFactory,
    InspectionFactory,
    MeasureFactory,
    SectorFactory,
    UnitFactory,
    UserFactory,
)
from workdays.periods import month_of, parse_week, week_of

pytestmark = [pytest.mark.django_db, pytest.mark.once]  # pages, forms and words: no database decides them

TOWNSHIPS = ("411402001", "411402002", "411403001")
LAST = parse_week("2026-W46")
FIRMS = {
    "inspected",
    "finders",
    "missed",
    "punished",
}  # counted once for each firm: rows of the same firm stand together


def day(dice, last, first):
    return first + timedelta(days=dice.randrange((last - first).days + 1))


def random_hazard(dice, enterprise, department, visit, last):
    found = visit.inspected_on
    facts = {
        "registered_by": visit.created_by, "registered_at": datetime.combine(found, datetime.min.time(), ZONE) + timedelta(hours=12),
        "enterprise": enterprise, "competent_unit": department, "found_on": found, "level": dice.choice(["general", "major"]),
        "issued_on": found, "deadline": found + timedelta(days=dice.randrange(20)), "inspection": dice.choice([visit, visit, None]),
        "found_by_unit": visit.unit, "issue_due_on": found + timedelta(days=3),
    }  # fmt: skip
    trait = dice.choice(
        ["registered", "rectifying", "pending", "closed", "closed", "on_spot", "refused", "back", "drafted"]
    )
    if trait in ("registered", "drafted"):
        return HazardFactory(
            **facts | {"issued_on": None, "deadline": None}, **({"drafted": True} if trait == "drafted" else {})
        )
    answered = day(dice, last, found)
    if trait == "refused":
        return HazardFactory(**facts, rectifying=True, refused_on=answered)
    if trait == "back":
        return HazardFactory(**facts, rectifying=True, reopened=1, reopened_on=answered)
    if trait == "pending":
        return HazardFactory(**facts, pending=True, feedback_on=answered)
    if trait == "rectifying":
        return HazardFactory(**facts, rectifying=True)
    if trait == "on_spot":
        facts |= {"issued_on": None, "deadline": None, "original_deadline": None}
        return HazardFactory(**facts, closed=True, rectified_on=found, closed_on=found, fixed_on_spot=True)
    return HazardFactory(
        **facts, closed=True, rectified_on=answered, feedback_on=answered, closed_on=day(dice, last, answered)
    )


def fill(last, first):
    """Random hazards and visits over three townships of two counties, with their bodies."""
    dice = random.Random(46)
    for code in ("4114", "411402", "411403"):
        UnitFactory(code=code)
    departments = [UnitFactory(code=code) for code in ("4114-YJ", "411402-YJ", "411402-JY", "411403-YJ")]
    enterprises = [EnterpriseFactory(township=UnitFactory(code=code)) for code in TOWNSHIPS for _ in range(2)]
    for _ in range(160):
        enterprise = dice.choice(enterprises)
        near = [one for one in departments if enterprise.division_code.startswith(one.division_code)]
        visit = InspectionFactory(
            enterprise=enterprise, unit=dice.choice([enterprise.township, enterprise.township, *near]), inspected_on=day(dice, last, first),
            kind=dice.choice(["routine", "special", "self"]),
        )  # fmt: skip
        random_hazard(dice, enterprise, dice.choice([None, *near]), visit, last)

    passed_by = EnterpriseFactory(township=UnitFactory(code=TOWNSHIPS[0]))
    InspectionFactory(enterprise=passed_by, inspected_on=last - timedelta(days=5), nothing_found=True)
    HazardFactory(enterprise=passed_by, found_on=last, found_by_unit=departments[1])
    moved(dice, departments, last, first)


def moved(dice, departments, last, first):
    """Measures, longer deadlines and offers to other bodies, on days and hazards at dice."""
    hazards = list(Hazard.objects.exclude(state="draft").order_by("pk"))
    for hazard in dice.sample(hazards, min(40, len(hazards))):
        on = day(dice, last, first)
        kind = dice.choice(["order", "penalty", "suspension", "closure"])
        MeasureFactory(
            enterprise=hazard.enterprise, unit=dice.choice([hazard.enterprise.township, *departments]), kind=kind, on=on
        )
        granted, late = dice.random() < 0.8, dice.randrange(-2, 4)
        handed(hazard, dice.choice(departments), on, granted=granted, late=late)


def handed(hazard, department, on, *, granted=True, late=1):
    """A request for more time decided on, and an offer to ``department`` answered ``late`` days after it was due."""
    at, by = datetime.combine(on, datetime.min.time(), ZONE) + timedelta(hours=9), hazard.registered_by
    asked = Extension.objects.create(
        hazard=hazard, deadline=on, until=on + timedelta(days=9), reason="备件未到", protection="派人看守", due_on=on, by=by, at=at
    )  # fmt: skip
    ExtensionDecision.objects.create(request=asked, granted=granted, opinion="同意", by=by, at=at)
    Transfer.objects.create(
        hazard=hazard, from_unit=hazard.enterprise.township, to_unit=department, reason="不归我管", asked_on=on, due_on=on - timedelta(days=late),
        by=by, at=at, outcome="returned", answered_on=on, answered_by=by, ended_at=at,
    )  # fmt: skip


def tables(period, at):
    for kind in KINDS.values():
        for division in ("4114", *(("411402",) if kind.code in ("township", "department") else ())):
            yield shown("4114", kind, period, division=division, today=timezone.localdate(at), at=at)


@pytest.mark.parametrize("frozen", [True, False], ids=["frozen", "running"])
def test_every_figure_has_exactly_its_rows(frozen):
    today = timezone.localdate()
    period = LAST if frozen else week_of(today)
    last = period.last if frozen else today
    fill(last, last - timedelta(days=50))
    at = timezone.now()
    if frozen:
        freeze("4114", period, at=at)
        Hazard.objects.exclude(state="draft").update(
            state="closed", closed_on=today, rectified_on=today, competent_unit=None
        )  # what is done since moves nothing, whoever is responsible by now
    seen = dict.fromkeys(OF, 0)
    for one in tables(period, at):
        assert one.is_opened and (one.freeze is not None) == frozen
        for line in one.lines:
            for span in ("window", "single"):
                for figure in OF:
                    rows = behind(one, line, figure, span)
                    if rows is None:
                        assert (
                            (figure == "missed" and one.kind.higher is None)
                            or (figure == "register_days" and not one.kind.firm_key)
                            or (OF[figure] in (MEASURE, TRANSFER) and one.kind.code == "sector")
                        )
                        continue
                    counted = line.figures[span][figure]
                    if figure in FIRMS:
                        count = rows.rows.order_by().values("enterprise").distinct().count()
                    elif figure == "register_days":
                        assert (rows.rows.count() > 0) == (counted > 0)
                        continue
                    else:
                        count = rows.rows.count()
                    assert count == counted, (one.kind.code, line.code, span, figure)
                    seen[figure] += count
    assert {name for name, count in seen.items() if not count} <= {"undated", "register_days", "original_on_time"}, seen


def test_the_page_shows_them_as_they_stood_and_as_they_stand(client, safety_office, enterprise):
    UnitFactory(code="4114")
    row = HazardFactory(
        enterprise=enterprise, rectifying=True, found_on=LAST.first, issued_on=LAST.first, deadline=LAST.last
    )
    one = freeze("4114", LAST, at=timezone.now())
    Hazard.objects.update(state="closed", closed_on=timezone.localdate())
    client.force_login(safety_office)
    line = shown("4114", KINDS["township"], LAST, today=timezone.localdate(), at=timezone.now()).lines[0]
    address = links_of(line, {"week": LAST.code, "kind": "township", "revision": one.revision})["overdue"]
    page = client.get(address)
    assert page.status_code == 200
    text = page.content.decode()
    assert row.number in text and "整改中" in text and "已销号" in text and WORDS["overdue"] in text
    assert StandingHazard.objects.get().state == "rectifying"


def test_what_was_decided_and_handed_over_opens_too(client, safety_office, enterprise):
    """A penalty, a longer deadline and a late answer: each on its page with its own columns, however the hazard has gone on since."""
    office, department = UnitFactory(code="4114"), UnitFactory(code="411402-YJ")
    row = HazardFactory(
        enterprise=enterprise, rectifying=True, found_on=LAST.first, deadline=LAST.last, competent_unit=department
    )
    handed(row, department, LAST.last)
    MeasureFactory(enterprise=enterprise, unit=department, kind="order", on=LAST.last)
    one = freeze("4114", LAST, at=timezone.now())
    Hazard.objects.update(competent_unit=None)
    client.force_login(safety_office)
    asked = {"week": LAST.code, "county": office.code, "revision": one.revision, "kind": "department"}
    line = shown("4114", KINDS["department"], LAST, today=timezone.localdate(), at=timezone.now()).lines[0]
    links = links_of(line, asked)
    for figure, words in (("extensions", "延期至"), ("transfers_late", "答复期限")):
        page = client.get(links[figure])
        assert page.status_code == 200 and line.figures["window"][figure] == 1
        assert row.number in page.content.decode() and words in page.content.decode()
    page = client.get(links["orders"])
    assert page.status_code == 200 and line.figures["window"]["orders"] == 1
    assert enterprise.name in page.content.decode()


ROWS_LINK = re.compile(r'<a[^>]*href="(/rankings/rows/[^"]+)"[^>]*>\s*([0-9,]+)\s*</a>')


def test_every_number_of_the_page_opens_as_many_rows(client, safety_office):
    """What the page shows beside a link, read from its text: the list says the same number, of the period and of its window."""
    fill(LAST.last, LAST.last - timedelta(days=50))
    freeze("4114", LAST, at=timezone.now())
    client.force_login(safety_office)
    followed = set()
    for span in ("window", "single"):
        asked = {"week": LAST.code, "kind": "township", "county": "4114", "span": span}
        page = client.get(reverse("rankings:index"), asked).content.decode()
        one = shown("4114", KINDS["township"], LAST, today=timezone.localdate(), at=timezone.now())
        for address, told in ROWS_LINK.findall(page):
            path, _, query = unescape(address).partition("?")
            code, figure = path.split("/")[-3:-1]
            line = next(line for line in one.lines if line.code == code)
            rows = behind(one, line, figure, QueryDict(query)["span"]).rows.order_by()
            count = rows.values("enterprise").distinct().count() if figure in FIRMS else rows.count()
            assert count == int(told.replace(",", "")), (span, code, figure)
            followed.add(figure)
    assert {"found", "closed", "inspections", "inspected", "overdue", "unissued", "refused", "punished"} <= followed


def test_rows_cost_the_same_for_one_and_for_three(client, safety_office, township):
    today, department = timezone.localdate(), UnitFactory(code="411402-YJ")
    UnitFactory(code="4114")
    client.force_login(safety_office)
    asked = {"week": week_of(today).code, "county": "4114"}

    def cost():
        firm = EnterpriseFactory(township=township, sector=SectorFactory(competent_function="YJ"))
        for unit in (township, department):
            InspectionFactory(enterprise=firm, unit=unit, inspected_on=today)
            MeasureFactory(enterprise=firm, unit=unit, kind="order", on=today)
        handed(
            HazardFactory(enterprise=firm, found_on=today, rectifying=True, deadline=today, competent_unit=department),
            department,
            today,
        )
        found = {}
        for kind, code in (("department", department.code), ("township", township.code)):
            line = Line(code=code)
            for figure, address in links_of(line, asked | {"kind": kind}).items():
                if figure in ("found", "inspections", "register_days", "orders", "extensions", "transfers_late"):
                    with CaptureQueriesContext(connection) as queries:
                        page = client.get(address)
                    if page.status_code == 200:
                        found[kind, figure] = len(queries), page.content.decode().count("<tr") - 1
        return found

    cost()
    one, more, most = cost(), cost(), cost()
    assert {name: queries for name, (queries, _) in most.items()} == {
        name: queries for name, (queries, _) in more.items()
    }
    assert all(most[name][1] == one[name][1] + 2 for name in most if name != ("township", "transfers_late")), most
    assert len(most) == 11, "of a department no register"


READERS = {
    "4114": (True, True, True),
    "411402": (True, True, False),
    "411402001": (True, False, False),
    "411402-YJ": (False,) * 3,
}


@pytest.mark.parametrize("unit", READERS)
def test_rows_open_only_for_who_reads_all_of_them(client, unit, enterprise):
    """Every reader sees the line; its rows are a question of the ledger's scope: 404 outside."""
    for code in ("4114", "411402", "411402002", "411403001", "411402-YJ"):
        UnitFactory(code=code)
    for code in TOWNSHIPS:
        HazardFactory(enterprise=EnterpriseFactory(township=UnitFactory(code=code)), found_on=LAST.first)
    freeze("4114", LAST, at=timezone.now())
    user = UserFactory(role="leader", unit=UnitFactory(code=unit))
    client.force_login(user)
    one = shown("4114", KINDS["township"], LAST, today=timezone.localdate(), at=timezone.now())
    lines = {line.code: line for line in one.lines}
    for code, opens in zip(TOWNSHIPS, READERS[unit], strict=True):
        assert may_open(user, one.kind, lines[code]) is opens
        url = links_of(lines[code], {"week": LAST.code, "kind": "township", "county": "4114"})["found"]
        page = client.get(url)
        assert page.status_code == (200 if opens else 404)
    page = client.get(reverse("rankings:index"), {"week": LAST.code, "kind": "township", "county": "4114"})
    figures = {row["line"].code: (row["figures"]["found"], bool(row["links"]["found"])) for row in page.context["rows"]}
    assert figures == {code: (1, opens) for code, opens in zip(TOWNSHIPS, READERS[unit], strict=True)}


def test_a_department_opens_its_own_line_alone(enterprise):
    for code in ("411402-YJ", "411402-JY"):
        UnitFactory(code=code)
    freeze("4114", LAST, at=timezone.now())
    user = UserFactory(role="manager", unit=UnitFactory(code="411402-YJ"))
    one = shown("4114", KINDS["department"], LAST, today=timezone.localdate(), at=timezone.now())
    assert {line.code: may_open(user, one.kind, line) for line in one.lines} == {"411402-YJ": True, "411402-JY": False}


@pytest.mark.parametrize(
    "change", [{"figure": "score"}, {"figure": "amount"}, {"unit": "411499001"}, {"kind": "city"}, {"revision": "2"}]
)
def test_what_has_no_rows_is_not_there(client, safety_office, enterprise, change):
    freeze("4114", LAST, at=timezone.now())
    client.force_login(safety_office)
    named = {"kind": "township", "unit": "411402001", "figure": "found"}
    asked = {"week": LAST.code} | named | change
    place = reverse("rankings:rows", args=[asked.pop(name) for name in named])
    assert client.get(place, asked).status_code == 404


def test_a_link_says_the_period_the_table_and_the_revision(enterprise):
    freeze("4114", LAST, at=timezone.now())
    line = shown("4114", KINDS["township"], LAST, today=date(2026, 11, 20), at=timezone.now()).lines[0]
    url = links_of(line, {"week": LAST.code, "kind": "township", "revision": 1, "span": "single"})["due"]
    assert urlsplit(url).path == "/rankings/rows/township/411402001/due/"
    assert QueryDict(urlsplit(url).query).dict() == {"week": "2026-W46", "revision": "1", "span": "single"}
    assert month_of(LAST.last).code == "2026-11"


def test_a_row_that_went_to_another_body_since_is_counted_and_not_shown(client, enterprise):
    one, other = (UnitFactory(code=code) for code in ("411402-YJ", "411402-JY"))
    row = HazardFactory(enterprise=enterprise, found_on=LAST.first, competent_unit=one)
    freeze("4114", LAST, at=timezone.now())
    user = UserFactory(role="manager", unit=one)
    client.force_login(user)
    place = reverse("rankings:rows", args=["department", one.code, "found"])
    assert row.number in client.get(place, {"week": LAST.code}).content.decode()
    Hazard.objects.update(competent_unit=other)
    page = client.get(place, {"week": LAST.code}).content.decode()
    assert row.number not in page and "另有 1 条现在已不归您所在单位管辖" in page


def test_what_cannot_be_meant_is_said(client, safety_office, enterprise):
    freeze("4114", LAST, at=timezone.now())
    client.force_login(safety_office)
    page = client.get(reverse("rankings:rows", args=["township", "411402001", "found"]), {"week": "2026-W60"})
    assert page.status_code == 400 and "没有第 60 周" in page.content.decode()
