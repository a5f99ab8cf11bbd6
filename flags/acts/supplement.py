from flags import operations
from flags.forms import AnswerForm
from flags.models import Flag
from journal.acts import NOBODY, Act

act = Act(
    record=Flag,
    name="supplement",
    verb=operations.supplement,
    form=AnswerForm,
    words="补充说明",
    button="提交说明",
    strip="认定之前可以补充或改写说明，原来的说明留在办理记录里。",
    done="补充说明已提交，等待安委办认定",
    icon="message",
    notices={"supplement": NOBODY},
)
