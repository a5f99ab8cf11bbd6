from django.db.models import Q

from flags import audience, operations
from flags.forms import AnswerForm
from flags.lifecycle import State
from flags.models import Flag
from journal.acts import Act, Notice


def waits_for(user):
    """The managers of the unit."""
    return Q(state=State.RAISED, unit=user.unit_id) if user.is_manager else None


act = Act(
    record=Flag,
    name="answer",
    verb=operations.answer,
    form=AnswerForm,
    words="说明",
    title="说明情况",
    button="提交说明",
    strip="核对下面列出的记录，写明情况；确有问题的，写明怎样改。除漏查外，提示不扣分；说明和认定都留在这里。",
    done="说明已提交，等待安委办认定",
    icon="message",
    group="数据异常待说明",
    waiting="等待单位说明",
    waits_for=waits_for,
    waits_since="answer_due_on",
    notices={"answer": Notice("{unit}已说明：{kind}，请认定", audience.deciders)},
)
