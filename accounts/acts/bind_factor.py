from accounts import operations
from accounts.audience import owner
from accounts.models import User
from journal.acts import Act, Notice

act = Act(
    record=User,
    name="bind_factor",
    verb=operations.bind_factor,
    notices={
        "bind_factor": Notice(
            "{account}绑定了新的二次验证。不是本人办理的，请马上退出所有设备并更换密码", owner, tells_actor=True
        )
    },
)
