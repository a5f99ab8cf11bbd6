from criteria import operations
from criteria.forms import StandardForm
from criteria.models import Standard
from journal.acts import NOBODY, Act

act = Act(
    record=Standard,
    name="enter",
    verb=operations.enter,
    form=StandardForm,
    words="登记标准",
    title="登记判定标准",
    button="保存",
    strip="新的标准或新的版本施行前登记在这里；一个文号一项，旧版本填上废止日期。",
    done="已登记标准：{record}",
    icon="plus",
    notices={"enter": NOBODY},
)
