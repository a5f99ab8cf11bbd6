from accounts import operations
from accounts.forms import SeenForm
from accounts.models import Unit
from journal.acts import NOBODY, Act

act = Act(
    record=Unit,
    name="restore",
    verb=operations.restore_unit,
    form=SeenForm,
    words="恢复单位",
    strip="恢复后可以再供选择。",
    done="已恢复单位：{record}",
    icon="refresh",
    looks={"restore": "ok"},
    notices={"restore": NOBODY},
)
