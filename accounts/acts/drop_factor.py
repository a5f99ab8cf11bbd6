from accounts import operations
from accounts.audience import owner
from accounts.models import User
from journal.acts import Act, Notice

act = Act(
    record=User,
    name="drop_factor",
    verb=operations.drop_factor,
    notices={
        "drop_factor": Notice(
            "{account}移除了一种二次验证。不是本人办理的，请马上退出所有设备并更换密码", owner, tells_actor=True
        )
    },
)
