from inspections import operations
from inspections.models import Sector
from journal.acts import NOBODY, Act
from journal.forms import ActForm


class RestoreForm(ActForm):
    """Nothing to type."""


act = Act(
    record=Sector,
    name="restore",
    verb=operations.restore_sector,
    form=RestoreForm,
    words="恢复启用",
    title="恢复启用行业领域",
    strip="恢复后登记企业和隐患时可以再选它。",
    done="已恢复启用：{record}",
    icon="check",
    looks={"restore": "ok"},
    notices={"restore": NOBODY},
)
