from django.db.models import Q
from django.utils import timezone

from accounts.roles import Role
from flags import audience, operations
from flags.forms import DecideForm
from flags.lifecycle import State
from flags.models import Flag
from flags.rules import judged_by
from journal.acts import Act, Notice


def waits_for(user):
    """The committee office that decides: what was answered, and what was not answered in time."""
    if not (user.is_manager and user.role == Role.SAFETY_OFFICE):
        return None
    late = Q(state=State.RAISED, answer_due_on__lt=timezone.localdate())
    return (late | Q(state=State.ANSWERED)) & judged_by(user)


act = Act(
    record=Flag,
    name="decide",
    verb=operations.decide,
    form=DecideForm,
    words="认定",
    title="认定数据异常提示",
    button="提交认定",
    strip="看过单位的说明和下面列出的记录，撤销或维持。除漏查外，提示不扣分；维持的在三个月内列在该单位的提示里。",
    done={"dismiss": "已撤销提示，已通知该单位", "uphold": "已维持提示，已通知该单位"},
    icon="clipboard-check",
    looks={"dismiss": "ok", "uphold": "bad"},
    group="数据异常待认定",
    waiting="等待安委办认定",
    waits_for=waits_for,
    waits_since="answer_due_on",
    notices={
        "dismiss": Notice("提示已撤销：{kind}", audience.managers),
        "uphold": Notice("提示维持：{kind}", audience.managers),
    },
)
