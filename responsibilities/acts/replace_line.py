from journal.acts import Act, Notice
from responsibilities import audience, operations
from responsibilities.forms import LineActSerializer, LineForm
from responsibilities.models import Line

act = Act(
    record=Line,
    name="replace",
    verb=operations.replace_line,
    form=LineForm,
    serializer=LineActSerializer,
    words="更换",
    title="更换主管、监管部门",
    button="保存",
    strip="从今天起生效，原来的一条止于今天；已登记的隐患仍写明当时的责任人。",
    done="已更换：{record}",
    icon="refresh",
    notices={"replace": Notice("本单位不再主管或监管", audience.bodies_no_longer)},
)
