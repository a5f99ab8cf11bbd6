from criteria import operations
from criteria.forms import ItemsForm
from criteria.models import Standard
from journal.acts import NOBODY, Act

act = Act(
    record=Standard,
    name="load_items",
    verb=operations.load_items,
    form=ItemsForm,
    words="导入条目",
    button="导入",
    strip="用表格导入判定条目；再次导入只增加新条目、改写有变化的，不影响已判定的隐患。",
    done="已导入条目：{record}",
    icon="upload",
    notices={"load_items": NOBODY},
)
