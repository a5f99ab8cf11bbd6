"""Taking a row out of the counts that should not be there: asked for by one person, decided by another. Nothing is deleted."""

from django.db import transaction

from hazards.lifecycle import State
from hazards.models import Hazard, VoidDecision, VoidRequest
from hazards.operations.extension import UNASKED
from hazards.operations.plans import UNFILED
from hazards.operations.transfer import lapse
from journal import gate
from journal.gate import day_of
from journal.refusal import NotPermitted, Refused

ERROR, DUPLICATE = VoidRequest.Ground
UNDOUBTED = {"void_asked_on": None, "void_asked_by": None}  # no request waits for a decision


def request_void(hazard, *, by, at, ground, reason, duplicate_of=None):
    """Ask that the row be void: registered in error, or a duplicate of another one that ``by`` sees and that is not void itself.

    Meanwhile everything goes on.
    """
    gate.check(hazard, "request_void", by=by)
    if (ground == DUPLICATE) is (duplicate_of is None):
        raise Refused("重复登记的请填写重复的是哪一条；登记有误的不填")
    if duplicate_of is not None:
        _judge(hazard, duplicate_of, by)
    asked = VoidRequest(hazard=hazard, ground=ground, duplicate_of=duplicate_of, reason=reason, by=by, at=at)
    return gate.move(
        hazard,
        "request_void",
        by=by,
        at=at,
        note=reason,
        beside=[asked],
        changes={"作废原因": asked.get_ground_display(), "重复的隐患": duplicate_of},
        void_asked_on=day_of(at),
        void_asked_by=by,
    )


def _judge(hazard, other, by):
    if not Hazard.objects.visible_to(by).filter(pk=other.pk).exists():
        raise NotPermitted("重复的那一条不存在，或不在您的管辖范围内；请核对编号")
    if other.pk == hazard.pk:
        raise Refused("不能与自己重复；请填写另一条的编号")
    if other.state in (State.DRAFT, State.DISCARDED):
        raise Refused("重复的那一条还是草稿，没有编号；请填写台账里另一条的编号")
    if other.state == State.VOIDED:
        raise Refused(f"{other} 已作废，不能作为重复的依据；请核对编号")


@transaction.atomic
def decide_void(hazard, *, by, at, granted, opinion):
    """Make the row void, or leave it as it is; never by the person who asked.

    A void row keeps its number, its photos and its chain. Of two that are called duplicates of each other one stays: both are
    held while either is decided.
    """
    name = "void" if granted else "refuse_void"
    gate.check(hazard, name, by=by)
    asked = gate.waiting(hazard.void_requests.filter(decision=None).select_related("duplicate_of"), "这次作废申请")
    decision = VoidDecision(request=asked, granted=granted, opinion=opinion, by=by, at=at)
    if not granted:
        return gate.move(hazard, name, by=by, at=at, note=opinion, beside=[decision], **UNDOUBTED)
    if hazard.referred_on is not None:
        raise Refused("该隐患已移送其他机关，尚未登记答复；请先登记移送答复，或选择不同意")
    if asked.duplicate_of is not None:
        held = Hazard.objects.filter(pk__in=[hazard.pk, asked.duplicate_of_id]).select_for_update().order_by("pk")
        if State.VOIDED in [row.state for row in held if row.pk != hazard.pk]:
            raise Refused(f"{asked.duplicate_of} 已作废，两条不能都作废；只能选择不同意，请重新核对")
    ended = lapse(hazard, at=at, cause="作废")
    return gate.move(
        hazard,
        name,
        by=by,
        at=at,
        note=opinion,
        beside=[decision, *ended["beside"]],
        changes={
            "作废原因": asked.get_ground_display(),
            "重复的隐患": asked.duplicate_of,
            **ended["changes"],
        },
        duplicate_of=asked.duplicate_of,
        voided_on=day_of(at),
        reply_due_on=None,
        report_owed_on=None,
        receipts_since=None,
        progress_due_on=None,
        closed_on=None,  # it is void, and counts as closed no more
        **UNASKED,
        **UNFILED,
        **UNDOUBTED,
        **ended["fields"],
    )
