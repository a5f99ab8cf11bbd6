from inspections import operations
from inspections.models import Sector
from journal.acts import NOBODY, Act

act = Act(record=Sector, name="found", verb=operations.seed_sectors, words="随系统建立", notices={"found": NOBODY})
