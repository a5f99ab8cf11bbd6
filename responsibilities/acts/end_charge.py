from journal.acts import Act, Notice
from responsibilities import audience, operations
from responsibilities.forms import ReasonForm, ReasonSerializer
from responsibilities.models import Charge

act = Act(
    record=Charge,
    name="end",
    verb=operations.end,
    form=ReasonForm,
    serializer=ReasonSerializer,
    words="撤销",
    title="撤销责任分工",
    strip="从今天起不再有效，没有别的代替它；已登记的隐患不受影响。",
    done="已撤销：{record}",
    icon="ban",
    looks={"end": "bad"},
    is_danger=True,
    notices={"end": Notice("您不再负责这项分工", audience.no_longer_named)},
)
