"""Everything that changes measures. Pages and API come through these verbs; docs/adr/0024 says why so."""

from datetime import timedelta
from decimal import Decimal

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.timezone import localtime

from accounts.models import User
from accounts.roles import OFFICERS
from enforcement.kinds import Kind
from enforcement.models import Measure, Resumption, ResumptionDecision
from evidence.operations import attach_documents, names_of, sealed_documents
from folding.texts import fold
from hazards.lifecycle import LEDGER_STATES
from hazards.models import Hazard
from inspections import operations as register
from inspections.models import Enterprise, Inspection
from journal import gate
from journal.gate import day_of
from journal.refusal import NotPermitted, Refused
from look.words import full_date, thousands_words
from workdays.operations import load_calendar

OLDEST = 3 * 366  # days: what was decided longer ago is a slip of the year
NO_MORE = {"resumption_due_on": None, "resumption_asked_by": None}  # no application waits for a decision
ONE_OF_THREE = "执法措施须记录在一条隐患、一次检查或一家企业上，请从其中一个的页面进入"
TAKEN = "本单位已记录过这一文号的同种措施，请核对文号；确有错误的，请更正或撤销原来的记录"


def officers_of(unit):
    """Who may stand as an officer in a decision of ``unit``."""
    return User.objects.filter(is_active=True, role__in=OFFICERS, unit=unit).select_related("unit").order_by("pk")


@transaction.atomic
def record_measure(
    *, by, at, kind, on, content, basis, officer=None, second_officer=None, second_officer_name="", hazard=None,
    inspection=None, enterprise=None, number="", amount=None, notified_at=None, cut_at=None, approver="", emergency="",
    documents=(),
):  # fmt: skip
    """Write down one measure that the unit of ``by`` decided; returns it.

    It stands on exactly one of ``hazard``, ``inspection`` and ``enterprise``. Two officers (行政处罚法 §42): ``officer``, the
    person who records it when None, and ``second_officer``, or a typed name where no account bears it. ``documents``: the
    decision and what belongs to it, as uploaded by ``by``. A suspension sets the status of the enterprise.
    """
    gate.check_birth(Measure, "record_measure", by=by)
    firm, since = _firm_of(by, hazard, inspection, enterprise)
    _check_day(on, since, today=day_of(at))
    officer = officer or by
    measure = Measure(
        kind=kind,
        enterprise=firm,
        hazard=hazard,
        inspection=inspection,
        on=on,
        content=content,
        basis=basis,
        unit=by.unit,
        officer=officer,
        second_officer=second_officer,
        second_officer_name=_second(by, officer, second_officer, second_officer_name),
        number=number.strip(),
        recorded_by=by,
        **_of_penalty(kind, number, amount),
        **_of_utilities(kind, on, notified_at, cut_at, approver, emergency, at=at),
    )
    if kind == Kind.SUSPENSION:
        # Held until everything is written: see `_release`.
        firm = Enterprise.objects.select_for_update().get(pk=firm.pk)
        if firm.status == Enterprise.Status.CLOSED:
            raise Refused("该企业已关闭，不用再停产停业整顿")
        measure.status_before = _before(firm)
    try:
        with transaction.atomic():
            changes, evidence = said_of(measure) | {"附件": names_of(documents)}, sealed_documents(documents)
            gate.create(measure, "record_measure", by=by, at=at, note=content, changes=changes, evidence=evidence)
    except IntegrityError as error:
        raise Refused(TAKEN) from error
    attach_documents(measure, documents, by=by)
    if kind == Kind.SUSPENSION:
        register.suspend(firm, by=None, at=at, note=name_of(measure))
    return measure


def _firm_of(by, hazard, inspection, enterprise):
    """``(the enterprise, the first day that a measure on what was found there can have)``; refuses what ``by`` does not see."""
    if sum(one is not None for one in (hazard, inspection, enterprise)) != 1:
        raise Refused(ONE_OF_THREE)
    if hazard is not None:
        gate.see(hazard, by=by)
        if hazard.state not in LEDGER_STATES:
            raise Refused(f"该隐患现在是“{hazard.state_label}”，不能记录执法措施")
        return hazard.enterprise, hazard.found_on
    if inspection is not None:
        if not Inspection.objects.visible_to(by).filter(pk=inspection.pk).exists():
            raise NotPermitted("该检查不存在，或不在您的管辖范围内")
        if inspection.is_draft:
            raise Refused("这次检查还是草稿，登记后才能记录执法措施")
        return inspection.enterprise, inspection.inspected_on
    gate.see(enterprise, by=by)
    return enterprise, None


def _check_day(on, since, *, today):
    if on > today:
        raise Refused("决定日期不能晚于今天")
    if since is not None and on < since:
        raise Refused(f"决定日期不能早于发现问题的日期 {full_date(since)}")
    if on < today - timedelta(days=OLDEST):
        raise Refused("决定日期不能早于三年前，请核对年份")


def _second(by, officer, second, name):
    """The name of the second officer, who is another person than ``officer``."""
    name = name.strip()
    for person in (officer, second):
        if person is not None and not officers_of(by.unit).filter(pk=person.pk).exists():
            raise Refused("执法人员须是本单位在职的检查人员、安全负责人或安委办人员")
    if second is None and not name:
        raise Refused("执法人员不得少于两人，请选择另一名执法人员，或填写其姓名")
    if second is not None and name not in ("", str(second)):
        raise Refused("选择了另一名执法人员就不用再填写姓名；请清空其中一项")
    if second == officer or fold(name) == fold(str(officer)):
        raise Refused("两名执法人员不能是同一人，请重新选择")
    return name or str(second)


def _of_penalty(kind, number, amount):
    if kind != Kind.PENALTY:
        if amount is not None:
            raise Refused("只有行政处罚填写罚款金额；请清空金额，或改选行政处罚")
        return {}
    if not number.strip():
        raise Refused("行政处罚须填写决定书文号")
    if amount is None:
        raise Refused("行政处罚须填写罚款金额；没有罚款的填 0")
    return {"amount": Decimal(amount)}


def _of_utilities(kind, on, notified_at, cut_at, approver, emergency, *, at):
    """安全生产法 §70: approved by the principal of the body, notice in writing 24 hours before, but in an emergency."""
    given = {"notified_at": notified_at, "cut_at": cut_at, "approver": approver.strip(), "emergency": emergency.strip()}
    if kind != Kind.UTILITIES:
        if any(given.values()):
            raise Refused("通知时间、停供时间、批准人和紧急情形只在停水停电时填写；请清空，或改选停水停电")
        return {}
    if not (notified_at and cut_at and given["approver"]):
        raise Refused("停水停电须填写通知时间、停供时间和批准的主要负责人（安全生产法第七十条）")
    if cut_at > at or day_of(cut_at) != on:
        raise Refused("停供时间应在决定日期当天，且不能晚于现在")
    if notified_at > cut_at:
        raise Refused("通知时间不能晚于停供时间")
    hours = settings.UTILITY_NOTICE_HOURS
    if cut_at - notified_at < timedelta(hours=hours) and not given["emergency"]:
        raise Refused(
            f"停水停电须提前 {hours} 小时通知企业（安全生产法第七十条）；属于危及生产安全的紧急情形的，请写明情形"
        )
    return given


def _before(firm):
    """What a suspended enterprise was before the first of the suspensions that are in force."""
    if firm.status != Enterprise.Status.SUSPENDED:
        return firm.status
    earlier = firm.measures.suspending().order_by("pk").values_list("status_before", flat=True).first()
    return earlier or Enterprise.Status.OPERATING


def said_of(measure):
    return {
        "措施": measure.get_kind_display(),
        "企业": measure.enterprise,
        "决定日期": measure.on,
        "依据条款": measure.basis,
        "执法人员": f"{measure.officer}、{measure.second_officer_name}",
        "决定书文号": measure.number,
        "罚款金额（元）": "" if measure.amount is None else thousands_words(measure.amount),
        "通知时间": _moment(measure.notified_at),
        "停供时间": _moment(measure.cut_at),
        "批准人": measure.approver,
        "紧急情形": measure.emergency,
    }


def _moment(at):
    return "" if at is None else f"{full_date(day_of(at))} {localtime(at):%H:%M}"


def name_of(measure):
    """The decision, as the history of the enterprise names it."""
    number = f"（{measure.number}）" if measure.number else ""
    return f"{measure.unit}{full_date(measure.on)}{measure.get_kind_display()}{number}"


@transaction.atomic
def lift_measure(measure, *, by, at, on, reason, documents=()):
    """End what has an end, on the day ``on``, with ``documents`` such as the decision to lift it. A suspension, or equipment out
    of use, ends by `decide_resumption` alone."""
    gate.check(measure, "lift_measure", by=by)
    if on > day_of(at):
        raise Refused("解除日期不能晚于今天")
    if on < measure.on:
        raise Refused(f"解除日期不能早于决定日期 {full_date(measure.on)}")
    changes, evidence = {"解除日期": on, "附件": names_of(documents)}, sealed_documents(documents)
    event = gate.move(
        measure, "lift_measure", by=by, at=at, note=reason, changes=changes, evidence=evidence, lifted_on=on
    )
    attach_documents(measure, documents, by=by)
    return event


@transaction.atomic
def apply_resumption(measure, *, by, at, text, documents=()):
    """Ask to take up production, or use, again: what was done, with ``documents`` that show it. To be decided within the working
    days that the settings say."""
    gate.check(measure, "apply_resumption", by=by)
    due_on = load_calendar().add_working_days(day_of(at), settings.RESUMPTION_WORKING_DAYS).date
    asked = Resumption(measure=measure, text=text, due_on=due_on, by=by, at=at)
    event = gate.move(
        measure,
        "apply_resumption",
        by=by,
        at=at,
        note=text,
        beside=[asked],
        evidence=sealed_documents(documents, part=asked.uid),
        changes={"审查期限": due_on, "附件": names_of(documents)},
        resumption_due_on=due_on,
        resumption_asked_by=by,
    )
    attach_documents(measure, documents, by=by, part=asked.uid)
    return event


@transaction.atomic
def decide_resumption(measure, *, by, at, granted, opinion, documents=()):
    """Consent, which lifts the measure and lets the enterprise resume, or not, with ``documents`` such as the record of the
    inspection; never by the person who applied.

    安全生产法 §65: 重大事故隐患排除后，经审查同意，方可恢复. While the hazard it stands on is open, or what it became, consent is
    refused; to production also while any major hazard of the enterprise is.
    """
    name = "grant_resumption" if granted else "refuse_resumption"
    gate.check(measure, name, by=by)
    asked = gate.waiting(measure.resumptions.filter(decision=None), "这次复工申请")
    decision = ResumptionDecision(application=asked, granted=granted, opinion=opinion, by=by, at=at)
    late = max((day_of(at) - asked.due_on).days, 0)
    if granted and (still := _unmended(measure)):
        what = "所依据的隐患" if still.level != Hazard.Level.MAJOR else "重大隐患"
        raise Refused(f"{what} {still} 还没有销号（{still.state_label}），不能同意复工；请先销号，或选择不同意")
    event = gate.move(
        measure,
        name,
        by=by,
        at=at,
        note=opinion,
        beside=[decision],
        evidence=sealed_documents(documents, part=decision.uid),
        changes={"逾期（天）": late or "", "附件": names_of(documents)},
        **({"lifted_on": day_of(at)} if granted else {}),
        **NO_MORE,
    )
    attach_documents(measure, documents, by=by, part=decision.uid)
    if granted:
        _release(measure, Enterprise.Status.RESUMED, at=at, why="同意复工")
    return event


def _unmended(measure):
    """An open hazard that keeps the enterprise from resuming, or None: the one ``measure`` stands on, what it was split into, or what
    it repeated; of a suspension also any major one of the enterprise."""
    keeps = Q(pk__in=_became(measure.hazard_id))
    if measure.kind == Kind.SUSPENSION:
        keeps |= Q(enterprise=measure.enterprise_id, level=Hazard.Level.MAJOR)
    return Hazard.objects.open().filter(keeps).order_by("pk").first()


def _became(hazard_id):
    """The ids of a hazard and of all that it was split into or that it repeated, and so on. A query for each step."""
    found, new = set(), {hazard_id} - {None}
    while new:
        found |= new
        next_ones = Hazard.objects.filter(Q(split_from__in=new) | Q(duplicates__in=new))
        new = set(next_ones.values_list("pk", flat=True)) - found
    return found


@transaction.atomic
def correct_measure(measure, *, by, at, reason, documents=(), **facts):
    """Put right the ``number`` or the ``amount``, or add ``documents``; returns the event, None where all is so already."""
    gate.check(measure, "correct_measure", by=by)
    facts = {name: value.strip() if name == "number" else value for name, value in facts.items()}
    number, amount = facts.get("number", measure.number), facts.get("amount", measure.amount)
    facts |= _of_penalty(measure.kind, number, amount)
    changed, words = gate.differences(measure, facts)
    if not changed and not documents:
        return None
    words, evidence = words | {"补充附件": names_of(documents)}, sealed_documents(documents)
    try:
        with transaction.atomic():
            event = gate.move(
                measure, "correct_measure", by=by, at=at, note=reason, changes=words, evidence=evidence, **changed
            )
    except IntegrityError as error:
        raise Refused(TAKEN) from error
    attach_documents(measure, documents, by=by)
    return event


@transaction.atomic
def withdraw_measure(measure, *, by, at, reason):
    """Annul it (复议, 诉讼, recorded in error), by somebody else than who recorded it: it counts nowhere from now on."""
    gate.check(measure, "withdraw_measure", by=by)
    held = measure.kind == Kind.SUSPENSION and measure.lifted_on is None
    event = gate.move(measure, "withdraw_measure", by=by, at=at, note=reason, withdrawn_on=day_of(at), **NO_MORE)
    if held:
        _release(measure, measure.status_before, at=at, why="撤销")
    return event


def _release(measure, status, *, at, why):
    """Give the enterprise ``status``, where it was this suspension that still held it.

    Its row is locked before the others are looked for, here and where one is recorded: of two that end at the same time the
    second sees the first.
    """
    if measure.kind != Kind.SUSPENSION:
        return
    firm = Enterprise.objects.select_for_update().get(pk=measure.enterprise_id)
    if not firm.measures.suspending().exists():
        register.resume(firm, by=None, at=at, note=f"{why}：{name_of(measure)}", status=status)


def objection(enterprise, changed):
    """Why the entry of ``enterprise`` cannot be edited by hand as ``changed`` ({column: value}) says; "" when it can."""
    status = changed.get("status")
    if status == Enterprise.Status.SUSPENDED:
        return "“停业整顿”不能直接修改；请在企业页面记录执法措施“停产停业整顿”，状态随之变更"
    if "status" not in changed and "township" not in changed:
        return ""
    held = enterprise.measures.suspending().exists()
    if held and status not in (None, Enterprise.Status.CLOSED):
        return "该企业有未解除的停产停业整顿，须申请复工、经审查同意后恢复，状态不能直接修改"
    if held and "township" in changed:
        return "该企业有未解除的停产停业整顿，恢复后才能改属地"
    return ""
