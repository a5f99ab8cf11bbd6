from journal.acts import Act, Notice
from responsibilities import audience, operations
from responsibilities.forms import NewLineForm
from responsibilities.models import Line

act = Act(
    record=Line,
    name="appoint",
    verb=operations.appoint_line,
    form=NewLineForm,
    words="确定行业分工",
    button="保存",
    strip="从今天起，新登记的隐患默认由这些部门主管、监管。",
    done="已确定：{record}",
    icon="plus",
    looks={"appoint": "ok"},
    notices={"appoint": Notice("行业分工：主管 {competent}，监管 {supervising}", audience.bodies)},
)
