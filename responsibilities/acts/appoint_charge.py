from journal.acts import Act, Notice
from responsibilities import audience, operations
from responsibilities.forms import NewChargeForm
from responsibilities.models import Charge

act = Act(
    record=Charge,
    name="appoint",
    verb=operations.appoint_charge,
    form=NewChargeForm,
    words="确定责任人",
    button="保存",
    strip="从今天起，新登记和新下达的隐患默认由此人负责。",
    done="已确定：{record}",
    icon="plus",
    looks={"appoint": "ok"},
    notices={"appoint": Notice("责任分工：责任人 {holder}{deputy}", audience.named)},
)
