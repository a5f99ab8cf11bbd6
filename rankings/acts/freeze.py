from journal.acts import NOBODY, Act
from rankings import operations
from rankings.models import Freeze

act = Act(record=Freeze, name="freeze", verb=operations.freeze, words="冻结", notices={"freeze": NOBODY})
