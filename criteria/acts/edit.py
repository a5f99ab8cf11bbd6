from criteria import operations
from criteria.forms import StandardForm
from criteria.models import Standard
from journal.acts import NOBODY, Act

act = Act(
    record=Standard,
    name="edit",
    verb=operations.edit,
    form=StandardForm,
    words="修改",
    title="修改判定标准",
    button="保存",
    strip="更正名称、文号、行业领域，补填施行或废止日期；已按它判定的隐患不变。",
    done="已修改：{record}",
    icon="edit",
    notices={"edit": NOBODY},
)
