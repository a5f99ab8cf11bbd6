from hazards import audience, operations
from hazards.models import Hazard
from journal.acts import Act, Notice

# Made by 拆分, which tells all concerned of the row it was part of; a major one is told at once, like any that is registered.
act = Act(
    record=Hazard,
    name="part",
    verb=operations.split,
    words="拆分登记",
    notices={
        "part": Notice("拆分登记{level}隐患，请按新编号办理", audience.people(audience.TERRITORIAL, audience.AT_ONCE))
    },
)
