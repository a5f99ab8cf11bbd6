from hazards import operations
from hazards.models import Hazard
from journal.acts import NOBODY, Act

# Written down by the page that registers a visit and by the API's inspections.
act = Act(record=Hazard, name="draft", verb=operations.draft, words="存草稿", notices={"draft": NOBODY})
