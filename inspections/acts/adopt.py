from inspections import operations
from inspections.models import Enterprise
from journal.acts import NOBODY, Act

act = Act(record=Enterprise, name="adopt", verb=operations.adopt, words="随台账导入", notices={"adopt": NOBODY})
