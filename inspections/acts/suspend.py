from inspections import operations
from inspections.models import Enterprise
from journal.acts import NOBODY, Act

act = Act(record=Enterprise, name="suspend", verb=operations.suspend, words="停业整顿", notices={"suspend": NOBODY})
