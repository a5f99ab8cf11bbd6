from journal.acts import Act, Notice
from responsibilities import audience, operations
from responsibilities.forms import ChargeActSerializer, ChargeForm
from responsibilities.models import Charge

act = Act(
    record=Charge,
    name="replace",
    verb=operations.replace_charge,
    form=ChargeForm,
    serializer=ChargeActSerializer,
    words="更换",
    title="更换责任人",
    button="保存",
    strip="从今天起生效，原来的一条止于今天；已登记的隐患仍写明当时的责任人。",
    done="已更换：{record}",
    icon="refresh",
    notices={"replace": Notice("您不再负责这项分工", audience.no_longer_named)},
)
