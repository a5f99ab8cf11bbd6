from flags import audience, operations
from flags.forms import RelentForm
from flags.models import Flag
from journal.acts import Act, Notice

act = Act(
    record=Flag,
    name="relent",
    verb=operations.relent,
    form=RelentForm,
    words="改为撤销",
    button="撤销",
    strip="有了新的情况，原来的认定不再成立的，写明理由后撤销。",
    done="已改为撤销，已通知该单位",
    icon="circle-check",
    looks={"relent": "ok"},
    notices={"relent": Notice("提示已撤销：{kind}", audience.managers)},
)
