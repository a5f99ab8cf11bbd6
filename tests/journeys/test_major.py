"""A major hazard as everybody concerned lives it, from the report on the day it is registered to its acceptance."""

import pytest
from django.urls import reverse

from hazards.models import Hazard
from journal.audit import breaks
from tests.journeys.conftest import DESKTOP, PHONE, playwright

pytestmark = [pytest.mark.django_db(transaction=True, serialized_rollback=True), pytest.mark.both]
expect = playwright.expect
PLAN = {
    "目标和任务": "除尘系统具备泄爆和隔爆措施", "方法和措施": "外移除尘器，加装隔爆阀", "经费和物资": "自筹，已列支", "机构和人员": "总经理负责，委托施工",
    "时限和要求": "分三步，月底完成", "安全措施和应急预案": "停产断电，动火审批", "责任怎样落实": "总经理总负责", "措施怎样落实": "按标准逐条整改",
    "资金怎样落实": "自筹四十万元", "时限怎样落实": "月底前", "预案怎样落实": "已演练", "计划投入（元）": "420000", "整改责任人": "孟令山",
    "临时管控措施": "断电上锁，专人看守",
}  # fmt: skip

ASSURED = ("责任", "措施", "资金", "时限", "预案")


def register(inspector, colleague, firm):
    page = inspector.page
    inspector.go(reverse("hazards:register") + f"?enterprise={firm.pk}")
    page.locator("[data-chosen]").wait_for()
    page.get_by_label("另一名检查人").select_option(str(colleague.pk))
    card = page.locator("[data-card]").first
    card.get_by_label("隐患描述").fill("干式除尘系统没有泄爆措施")
    card.locator("label.choice-major").click()
    card.locator("[name$=basis]").fill("令第10号第十一条（三）")
    inspector.take_photos("hazards-0-before", "red")
    expect(card.locator("[data-photo]")).to_have_count(1)
    inspector.press("提交登记")
    inspector.sees("已登记 1 条隐患")


def report(inspector, hazard):
    inspector.go(hazard.get_absolute_url())
    inspector.sees("重大隐患报告还没有报")
    inspector.press("报告重大隐患")
    inspector.page.get_by_label("现状及产生原因").fill("未做防爆设计")
    inspector.page.get_by_label("危害程度和整改难易程度分析").fill("每班 22 人，须停产整改")
    inspector.page.get_by_label("治理方案").fill("外移除尘器，三日内报方案")
    inspector.press("提交报告")
    inspector.sees("报告重大隐患：已送达")


def sign(visitor, hazard):
    visitor.go(reverse("hazards:desk"))
    visitor.press("签收报告")
    visitor.press("签收")
    visitor.sees("签收重大隐患报告：已签收")


def issue(manager, hazard):
    manager.go(reverse("hazards:act", args=[hazard.pk, "issue"]))
    manager.page.get_by_role("radio", name="30 日", exact=True).check()
    manager.page.get_by_label("整改措施与要求").fill("加装泄爆、隔爆装置")
    manager.press("下达整改")
    manager.sees("已下达整改，期限")


def file_plan(enterprise, hazard, finish_by, settled, **said):
    enterprise.go(hazard.get_absolute_url())
    enterprise.press("报整改方案")
    for label, words in (PLAN | said).items():
        enterprise.page.get_by_label(label, exact=False).first.fill(words)
    enterprise.page.get_by_label("计划完成日期").fill(finish_by.isoformat())
    for word in settled:
        enterprise.page.get_by_label(f"{word}已落实").check(force=True)
    enterprise.press("提交方案")
    enterprise.sees("报整改方案：已提交")


def decide_plan(department, hazard, verdict, opinion):
    department.go(hazard.get_absolute_url())
    department.press("审批整改方案")
    department.page.get_by_role("radio", name=verdict, exact=True).check()
    department.page.get_by_label("审批意见").fill(opinion)
    department.press("提交审批意见")
    department.sees("批准整改方案" if verdict == "批准方案" else "退回整改方案")


def tell_progress(enterprise, hazard):
    enterprise.go(reverse("hazards:act", args=[hazard.pk, "report_progress"]))
    enterprise.page.get_by_label("进展情况").fill("除尘器已外移")
    enterprise.page.get_by_label("完成比例（%）").fill("70")
    enterprise.page.get_by_label("累计已用资金（元）").fill("302000")
    enterprise.take_photos("photos", "blue")
    expect(enterprise.page.locator("[data-photo]")).to_have_count(1)
    enterprise.press("提交进展")
    enterprise.sees("报告进展：已提交")


def answer(enterprise, hazard):
    enterprise.go(hazard.get_absolute_url())
    enterprise.press("提交整改反馈")
    enterprise.page.get_by_label("整改情况").fill("已加装泄爆片和隔爆阀")
    enterprise.page.get_by_label("故障归零").fill("泄爆、隔爆装置已装，检测合格")
    enterprise.take_photos("photos", "white")
    expect(enterprise.page.locator("[data-photo]")).to_have_count(1)
    enterprise.press("提交反馈")
    enterprise.sees("请写明管理漏洞和堵塞措施")
    enterprise.page.get_by_label("管理归零").fill("变更未论证，现已建立变更审批制度")
    enterprise.press("提交反馈")
    enterprise.sees("已提交整改反馈")


def accept(officer, hazard, other):
    officer.go(reverse("hazards:desk"))
    officer.press("去验收")
    officer.page.get_by_role("radio", name="通过", exact=True).check()
    officer.page.get_by_label("执法人员二").select_option(str(other.pk))
    officer.page.get_by_label("现场验收意见").fill("逐项核对，符合方案")
    officer.page.get_by_label("专家意见或第三方报告").first.fill("第三方检测合格")
    officer.press("提交验收意见")
    officer.sees("验收通过，已销号")


def test_a_major_hazard_from_its_report_to_its_acceptance(visit, cast):
    visit.expects = ("400",)  # one form is sent too early
    inspector = visit(cast["author"], PHONE)
    register(inspector, cast["colleague"], cast["firm"])
    hazard = Hazard.objects.get()
    report(inspector, hazard)
    department, supervising = visit(cast["department"], DESKTOP), visit(cast["other_department"], DESKTOP)
    sign(department, hazard)
    issue(visit(cast["manager"]), hazard)
    hazard.refresh_from_db()
    enterprise = visit(cast["enterprise"], PHONE)
    enterprise.go(hazard.get_absolute_url())
    enterprise.sees("方案批准前不能提交整改反馈")
    file_plan(enterprise, hazard, hazard.deadline, ASSURED[:-1])
    decide_plan(department, hazard, "退回修改", "预案没有写报警和疏散")
    file_plan(enterprise, hazard, hazard.deadline, ASSURED, 安全措施和应急预案="停产断电；预案写明报警和疏散")
    decide_plan(department, hazard, "批准方案", "六部分齐全")
    tell_progress(enterprise, hazard)
    answer(enterprise, hazard)
    sign(supervising, hazard)
    accept(supervising, hazard, cast["office"])
    hazard.refresh_from_db()
    assert (hazard.state, hazard.rounds, hazard.reviewer_name) == (
        "closed", 1, f"{cast['other_department']}、{cast['office']}",
    )  # fmt: skip
    assert hazard.plans.count() == 2 and hazard.progress.get().percent == 70
    assert [one.unit.code for one in hazard.receipts.filter(at=None).select_related("unit")] == ["4114-AWB"]
    supervising.sees("第三方检测合格")
    assert list(breaks([Hazard])) == []
