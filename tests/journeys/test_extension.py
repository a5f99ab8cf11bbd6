"""More time: the firm asks on a phone, the township decides, and both deadlines stand on the hazard."""

from datetime import timedelta

import pytest
from django.utils import timezone

from hazards.models import Hazard
from journal.audit import breaks
from look.words import day_words, full_day_words
from tests.journeys.conftest import PHONE

pytestmark = [pytest.mark.django_db(transaction=True, serialized_rollback=True), pytest.mark.both]


def ask(enterprise, hazard, until):
    enterprise.go(hazard.get_absolute_url())
    enterprise.page.locator(".next summary").click()
    enterprise.press("申请延期")
    enterprise.page.get_by_label("申请延期至").fill(until.isoformat())
    enterprise.page.get_by_label("延期原因").fill("隔板须定制，两周后到货")
    enterprise.fits()
    enterprise.press("提交申请")
    enterprise.sees("请写明临时管控措施")
    enterprise.page.get_by_label("临时管控措施").fill("停用该装置，专人看守")
    enterprise.press("提交申请")
    enterprise.sees("申请延期已提交，等待批复")
    enterprise.fits()


def decide(manager, verdict, opinion):
    manager.go("/")
    manager.sees("延期待批复")
    manager.press("批复延期")
    manager.sees("停用该装置，专人看守")
    manager.page.get_by_role("radio", name=verdict, exact=True).check()
    manager.page.get_by_label("批复意见").fill(opinion)
    manager.press("提交批复")


def test_an_extension_is_refused_asked_for_again_and_granted(visit, people, ordered):
    visit.expects = ("400",)  # the form is sent too early
    today = timezone.localdate()
    first, until = ordered.deadline, ordered.deadline + timedelta(days=20)
    enterprise, manager = visit(people["enterprise"], PHONE), visit(people["manager"])
    ask(enterprise, ordered, until)
    decide(manager, "不同意延期", "先装临时隔板")
    manager.sees(f"不同意延期，整改期限仍为 {day_words(first, today)}")
    ask(enterprise, ordered, until)
    decide(manager, "批准延期", "管控到位")
    manager.sees(f"批准延期，新的整改期限 {day_words(until, today)}")
    for visitor in (manager, enterprise):
        visitor.go(ordered.get_absolute_url())
        visitor.sees(f"{full_day_words(until)} 原定 {full_day_words(first)}")
    enterprise.fits()
    ordered.refresh_from_db()
    assert (ordered.original_deadline, ordered.deadline, ordered.extensions) == (first, until, 1)
    assert list(breaks([Hazard])) == []
