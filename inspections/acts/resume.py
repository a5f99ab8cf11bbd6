from inspections import operations
from inspections.models import Enterprise
from journal.acts import NOBODY, Act

act = Act(record=Enterprise, name="resume", verb=operations.resume, words="恢复生产经营", notices={"resume": NOBODY})
