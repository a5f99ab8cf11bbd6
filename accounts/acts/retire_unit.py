from accounts import operations
from accounts.forms import SeenForm
from accounts.models import Unit
from journal.acts import NOBODY, Act

act = Act(
    record=Unit,
    name="retire",
    verb=operations.retire_unit,
    form=SeenForm,
    words="停用单位",
    strip="停用后不再供选择；已有的记录不受影响。还有启用的人员时不能停用。",
    done="已停用单位：{record}",
    icon="ban",
    looks={"retire": "bad"},
    is_danger=True,
    notices={"retire": NOBODY},
)
