from inspections import operations
from inspections.forms import EnterpriseForm
from inspections.models import Enterprise
from journal.acts import NOBODY, Act

act = Act(
    record=Enterprise,
    name="enlist",
    verb=operations.enlist,
    form=EnterpriseForm,
    words="登记企业",
    button="保存",
    strip="把企业登记到名录；登记后就可以为它登记检查和隐患。",
    icon="plus",
    done="已登记企业：{record}",
    notices={"enlist": NOBODY},
)
