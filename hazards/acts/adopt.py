from hazards import operations
from hazards.models import Hazard
from journal.acts import NOBODY, Act

# A workbook of old rows would flood every inbox; the deadline ladder takes over from here.
act = Act(record=Hazard, name="adopt", verb=operations.adopt, words="台账导入", notices={"adopt": NOBODY})
