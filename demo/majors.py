"""What a major hazard has besides, in the demonstration: report and receipts, plan and decision, progress, acceptance."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from accounts.roles import Role
from demo.people import made_up_uid
from hazards.models import MajorReport, PlanDecision, Progress, Receipt, RectificationPlan
from hazards.models.major import ASSURANCES
from hazards.operations.owing import plan_due
from hazards.operations.plans import UNFILED, next_progress
from journal.gate import day_of

NONE, FILED, RETURNED, APPROVED = "none", "filed", "returned", "approved"  # how far a plan gets
UNSIGNED_SHARE, RETURNED_SHARE = 0.3, 0.25
LATELY = timedelta(days=12)  # older reports were signed for long since
LACKS = (
    "应急预案没有写明报警和疏散路线，请补齐后重报",
    "资金来源不明，请写明由谁出、何时到位",
    "没有分步时限，请按设计、施工、验收分别写明",
)
FAULTS = (
    "按方案完成改造，现场已没有原来的隐患现象",
    "设备更换后试运行正常，检测合格",
    "隐患部位已拆除重建，逐点核对无遗漏",
)
GAPS = (
    "原来没有专人管理，现已定岗定责，每周自查一次并记录",
    "变更没有经过安全论证，现已建立变更审批制度",
    "班组培训不到位，已全员重新培训并考核",
)
EXPERTS = (
    "两名专家现场查验，符合判定标准和方案要求",
    "第三方检测机构出具报告，结论合格",
    "行业专家组意见：整改到位，同意销号",
)
DOUBTS = ("专家意见：仍有一处未按方案施工", "第三方检测：一项指标不合格")


@dataclass(frozen=True)
class Seniors:
    """Who answers for a major hazard above the place: ``receivers`` of its report as (unit, manager), by their codes; who approves
    plans; two officers who accept it."""

    receivers: tuple
    approver: object
    officers: tuple


def seniors_of(cast, hazard, reporter):
    """The `Seniors` of an unsaved ``hazard`` that ``reporter`` registers."""
    county, city = (cast.units[f"{code}-AWB"] for code in (hazard.division_code[:6], cast.city))
    bodies = {unit.pk: unit for unit in (hazard.supervising_unit, hazard.competent_unit, county, city) if unit}
    units = sorted((unit for pk, unit in bodies.items() if pk != reporter.unit_id), key=lambda unit: unit.code)
    supervising = hazard.supervising_unit or hazard.competent_unit or city
    return Seniors(
        receivers=tuple((unit, cast.officers[unit.pk][0]) for unit in units),
        approver=cast.officers[(hazard.competent_unit or county).pk][0],
        officers=tuple(cast.officers[supervising.pk][:2]),
    )


def report(life, seniors, at, walker):
    """The report on the day of registering, and who signs for it the same day; returns when that was done."""
    hazard, author, rng = life.record, life.record.registered_by, walker.rng
    lately = walker.now - at < LATELY
    at += timedelta(minutes=rng.randrange(15, 60))
    made = MajorReport(
        uid=made_up_uid(rng), hazard=hazard, cause=f"{hazard.description}。现场检查时发现，企业没有及时消除。",
        harm="一旦发生事故可能造成群死群伤；整改需要停用有关设施，难度中等。",
        treatment=f"{hazard.requirement}。整改方案在下达整改后三日内报送。", by=author, at=at,
    )  # fmt: skip
    receipts = [Receipt(uid=made_up_uid(rng), hazard=hazard, unit=unit) for unit, _ in seniors.receivers]
    life.happen(
        "report_major", by=author, at=at, note=made.cause, beside=[made, *receipts],
        changes={"报送": "、".join(unit.short_name for unit, _ in seniors.receivers)},
        report_owed_on=None, receipts_since=day_of(at) if receipts else None,
    )  # fmt: skip
    open_ones = len(receipts)
    for (unit, manager), receipt in zip(seniors.receivers, receipts, strict=True):
        if lately and rng.random() < UNSIGNED_SHARE:
            continue
        at, open_ones = at + timedelta(minutes=rng.randrange(5, 40)), open_ones - 1
        _sign(life, receipt, unit, manager, at, open_ones)
    return at


def _sign(life, receipt, unit, manager, at, left):
    """Within a life the rows beside it are written once, as they stand in the end."""
    receipt.by, receipt.at = manager, at
    # The rule asks the row for its receipts; it has none in the database yet, nor a key to ask by.
    life.record.pk, life.record._prefetched_objects_cache = -1, {"receipts": [Receipt(unit=unit)]}
    event = life.happen(
        "acknowledge_report", by=manager, at=at, beside=[receipt], changes={"签收单位": unit},
        receipts_since=life.record.receipts_since if left else None,
    )  # fmt: skip
    life.beside.pop()
    life.record.pk, life.record._prefetched_objects_cache = None, {}
    event.record = life.record


def settle_plan(life, filer, seniors, at, *, fate, walker):
    """The plan as far as ``fate`` says and time allows: ``(when, the approved plan or None)``."""
    rng, number = walker.rng, 0
    while fate != NONE:
        at = walker.office_hour(day_of(at) + timedelta(days=rng.randrange(1, 3)), at)
        if at >= walker.now or day_of(at) > life.record.deadline:
            return at, None
        number += 1
        plan = _file(life, filer, at, number, rng)
        at = walker.office_hour(day_of(at) + timedelta(days=rng.randrange(1, 3)), at)
        if fate == FILED or at >= walker.now:
            return at, None
        approved = not (number == 1 and (fate == RETURNED or plan.unsettled or rng.random() < RETURNED_SHARE))
        _decide(life, seniors.approver, at, plan, approved, rng)
        if approved or fate == RETURNED:
            return at, plan if approved else None
    return at, None


def _file(life, filer, at, number, rng):
    hazard, money = life.record, Decimal(rng.randrange(20, 900) * 1000)
    unsettled = "emergency" if number == 1 and rng.random() < 0.2 else ""
    person = hazard.enterprise_person or "企业负责人"
    how = {
        "responsibility": f"{person}总负责，落实到班组", "measures": "按判定标准逐条整改", "funds": f"自筹 {money / 10000:g} 万元，已列支",
        "time": f"{hazard.deadline} 前完成", "emergency": "已修订现场处置方案并演练",
    }  # fmt: skip
    plan = RectificationPlan(
        uid=made_up_uid(rng), hazard=hazard, number=number,
        goals=f"消除“{hazard.description}”，达到判定标准要求。", methods=hazard.requirement,
        resources=f"投入 {money / 10000:g} 万元，用于设备、施工和检测。", organisation=f"{person}任组长，聘请有资质的单位施工和检测。",
        schedule=f"分设计、施工、检测三步，{hazard.deadline} 前全部完成。", safety="施工期间停用有关设施，专人监护；出现险情立即撤人、报警。",
        money=money, responsible=person, finish_by=hazard.deadline, protection="停用隐患部位，设警戒线，专人看守，每班巡查记录。",
        by=filer, at=at,
        **{f"{name}_settled": name != unsettled for name in ASSURANCES},
        **{f"{name}_how": "正在修订，演练时间未定" if name == unsettled else how[name] for name in ASSURANCES},
    )  # fmt: skip
    settled = [word for word, is_settled, _ in plan.assurances if is_settled]
    life.happen(
        "file_plan", by=filer, at=at, note=plan.goals, beside=[plan],
        changes={
            "方案": f"第 {number} 版", "计划投入（元）": f"{money:.2f}", "计划完成": plan.finish_by, "已落实": "、".join(settled) or "无",
        },
        plan_filed_on=day_of(at), plan_filed_by=filer, plan_due_on=None,
    )  # fmt: skip
    return plan


def _decide(life, approver, at, plan, approved, rng):
    opinion = (
        "六部分齐全，五落实到位，同意按方案整改" if approved else LACKS[0] if plan.unsettled else rng.choice(LACKS)
    )
    decision = PlanDecision(uid=made_up_uid(rng), plan=plan, approved=approved, opinion=opinion, by=approver, at=at)
    today, approval = day_of(at), {}
    if approved:
        approval = {
            "plan_approved_on": today,
            "progress_due_on": next_progress(today),
            "longer_approved": life.record.longer_approved or approver.role == Role.SAFETY_OFFICE,
        }
    else:
        approval = {"plan_due_on": plan_due(today)}
    life.happen(
        "approve_plan" if approved else "return_plan", by=approver, at=at, note=opinion, beside=[decision],
        changes={"方案": str(plan)}, **UNFILED, **approval,
    )  # fmt: skip


def advance(life, filer, plan, at, until, *, every, walker):
    """Reports of progress every so many days from ``at`` to before ``until``; returns when the last of them was."""
    hazard, rng = life.record, walker.rng
    began, span = day_of(at), max((hazard.deadline - day_of(at)).days, 1)
    while True:
        then = walker.office_hour(day_of(at) + timedelta(days=every), at)
        if then >= min(until, walker.now):
            return at
        at, percent = then, min(95, 5 * round(20 * (day_of(then) - began).days / span))
        progress = Progress(
            uid=made_up_uid(rng), hazard=hazard, content=f"按方案推进：{hazard.requirement}，已完成约 {percent}%。", percent=percent,
            spent=(plan.money * percent / 100).quantize(Decimal("0.01")), by=filer, at=at,
        )  # fmt: skip
        due = next_progress(day_of(at))
        life.happen(
            "report_progress", by=filer, at=at, note=progress.content, beside=[progress],
            evidence=life.shoot(by=filer, at=at, fixed=False, part=progress.uid, stage="during"),
            changes={
                "完成比例": f"{percent}%", "累计已用资金（元）": f"{progress.spent:.2f}", "照片": "1 张", "下次进展应报日": due,
            },
            progress_due_on=due,
        )  # fmt: skip


def zeros(rng):
    """双归零 as a firm writes it."""
    return {"fault_cleared": rng.choice(FAULTS), "gap_closed": rng.choice(GAPS)}


def acceptance(seniors, passed, rng):
    """``(columns of the review, what the event says)`` of an acceptance by the two officers."""
    first, second = seniors.officers
    words = rng.choice(EXPERTS if passed else DOUBTS)
    said = {"expert_opinion": words, "first_officer": first, "second_officer": second}
    return said, {"执法人员": f"{first}、{second}", "专家意见或第三方报告": words}
