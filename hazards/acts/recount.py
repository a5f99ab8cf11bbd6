from hazards import audience, operations
from hazards.models import Hazard
from journal.acts import Act, Notice

act = Act(
    record=Hazard,
    name="recount",
    verb=operations.recount_unpublished,
    words="重算期限",
    looks={"recount": "auto"},
    notices={
        "recount": Notice(
            "整改期限按公布的放假安排重算为 {deadline}", audience.people(audience.ENTERPRISE, audience.TERRITORIAL)
        )
    },
)
