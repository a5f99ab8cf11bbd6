from inspections import operations
from inspections.models import Sector
from journal.acts import NOBODY, Act
from journal.forms import ActForm
from look.fields import TextField


class RetireForm(ActForm):
    reason = TextField(
        label="停用理由", max_length=500, rows=3, help_text="停用后不能再选；已属于它的企业和隐患保持不变"
    )


act = Act(
    record=Sector,
    name="retire",
    verb=operations.retire_sector,
    form=RetireForm,
    words="停用",
    title="停用行业领域",
    strip="停用后登记企业和隐患时不能再选；已属于它的保持不变。",
    done="已停用：{record}",
    icon="ban",
    looks={"retire": "bad"},
    notices={"retire": NOBODY},
    is_danger=True,
)
