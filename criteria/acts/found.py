from criteria import operations
from criteria.models import Standard
from journal.acts import NOBODY, Act

act = Act(record=Standard, name="found", verb=operations.seed_standards, words="随系统建立", notices={"found": NOBODY})
