from journal.acts import NOBODY, Act
from rankings import operations
from rankings.models import Formula

act = Act(record=Formula, name="found", verb=operations.seed_formula, words="随系统建立", notices={"found": NOBODY})
