from inspections import operations
from inspections.forms import SectorForm
from inspections.models import Sector
from journal.acts import NOBODY, Act

act = Act(
    record=Sector,
    name="edit",
    verb=operations.edit_sector,
    form=SectorForm,
    words="修改",
    title="修改行业领域",
    button="保存",
    strip="更正名称，或改由其他部门主管、监管。",
    done="已修改：{record}",
    icon="edit",
    notices={"edit": NOBODY},
)
