from inspections import operations
from inspections.models import Enterprise
from journal.acts import NOBODY, Act

act = Act(
    record=Enterprise,
    name="enlist",
    verb=operations.enlist,
    words="登记企业",
    done="已登记：{record}",
    notices={"enlist": NOBODY},
)
