from journal.acts import Act, Notice
from rankings import audience, operations
from rankings.models import Freeze

act = Act(
    record=Freeze,
    name="freeze",
    verb=operations.freeze,
    words="冻结",
    notices={"freeze": Notice("{kind}已冻结{again}", audience.frozen)},
)
