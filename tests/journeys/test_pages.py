"""Every page people work on, on a phone and at a desk: nothing spills over, axe finds nothing, the console is quiet."""

import pytest
from django.urls import reverse

from hazards import operations
from notifications.models import Notification
from rankings.models import Formula
from safetyledger.npm import NODE_MODULES
from tests.factories import UnitFactory
from tests.journeys.conftest import DESKTOP, PHONE

AXE = NODE_MODULES / "axe-core" / "axe.min.js"
pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.skipif(not AXE.is_file(), reason="axe-core is not installed: run npm ci"),
]
RULES = "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice']})"
SPILLING = """() => [...document.querySelectorAll("body *")]
  .filter(one => one.getBoundingClientRect().right > innerWidth + 1 && !one.closest(".table-wrap, .tabs, .sr-only"))
  .slice(0, 3).map(one => one.outerHTML.slice(0, 100))"""


@pytest.fixture
def addresses(people, last_week):
    """A ledger with a bit of everything, and the pages to look at."""
    inspectors = [people["inspector"], people["colleague"]]
    visit, hazards = operations.record_inspection(
        by=people["inspector"],
        at=last_week,
        kind="routine",
        enterprise=people["firm"],
        inspected_on=last_week.date(),
        inspectors=inspectors,
        hazards=[
            {
                "description": "快速冻结装置未设置在单独的作业间内，与包装间共用一处，作业人员经常往来",
                "level": "major",
                "basis": "工贸企业重大事故隐患判定标准",
            },
            {"description": "安全出口上锁"},
            {"description": "配电箱无盖板"},
        ],
    )
    UnitFactory(code="411402002", name="平台街道办事处", short_name="平台街道")
    operations.issue(hazards[0], by=people["manager"], at=last_week, days=2, requirement="立即隔开")
    operations.issue(hazards[1], by=people["manager"], at=last_week, working_days=20, requirement="拆除门锁")
    Notification.objects.create(
        recipient=people["manager"],
        key="1",
        title="已提交整改反馈，请复查",
        body="经办：孟令山",
        url=hazards[0].get_absolute_url(),
        created_at=last_week,
        next_try_at=last_week,
    )
    return {
        "desk": reverse("hazards:desk"),
        "ledger": reverse("hazards:ledger"),
        "empty ledger": reverse("hazards:ledger") + "?q=没有这样的",
        "hazard": hazards[0].get_absolute_url(),
        "issue": reverse("hazards:act", args=[hazards[2].pk, "issue"]),
        "feedback": reverse("hazards:act", args=[hazards[1].pk, "submit_feedback"]),
        "plan": reverse("hazards:act", args=[hazards[0].pk, "file_plan"]),
        "register": reverse("hazards:register"),
        "register for a firm": reverse("hazards:register") + f"?enterprise={people['firm'].pk}",
        "ranking": reverse("rankings:index"),
        "formulas": reverse("rankings:formulas"),
        "formula": reverse("rankings:formula", args=[Formula.objects.get().pk]),
        "staff": reverse("rankings:staff_list"),
        "import": reverse("imports:upload"),
        "inbox": reverse("notifications:inbox"),
        "visits": reverse("inspections:list"),
        "visit": reverse("inspections:detail", args=[visit.pk]),
        "enterprises": reverse("inspections:enterprises"),
        "enterprise": reverse("inspections:enterprise", args=[people["firm"].pk]),
        "enterprise form": reverse("inspections:enterprise_act", args=[people["firm"].pk, "edit"]),
        "me": reverse("accounts:me"),
        "password": reverse("accounts:password"),
    }


@pytest.mark.parametrize("device", [PHONE, DESKTOP], ids=["phone", "desk"])
def test_pages_fit_and_are_accessible(visit, people, addresses, device):
    person = visit(people["manager"], device)
    problems = {}
    for name, address in addresses.items():
        person.go(address)
        wide = person.page.evaluate("document.scrollingElement.scrollWidth")
        if wide > device["width"]:
            problems[name, "width"] = (wide, person.page.evaluate(SPILLING))
        person.page.evaluate(AXE.read_text(encoding="utf-8"))
        found = person.page.evaluate(
            f"{RULES}.then(report => report.violations.map(one => [one.id, one.nodes[0].html.slice(0, 160)]))"
        )
        if found:
            problems[name, "axe"] = found
    assert problems == {}
