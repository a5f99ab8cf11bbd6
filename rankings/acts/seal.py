from journal.acts import NOBODY, Act
from rankings import operations
from rankings.models import Freeze

act = Act(
    record=Freeze, name="seal", verb=operations.freeze, words="封存", looks={"seal": "auto"}, notices={"seal": NOBODY}
)
