from flags import audience, operations
from flags.models import Flag
from journal.acts import Act, Notice

act = Act(
    record=Flag,
    name="raise",
    verb=operations.raise_flags,
    looks={"raise": "auto"},
    notices={"raise": Notice("数据异常提示：{kind}，请在 {due} 前说明", audience.managers)},
)
