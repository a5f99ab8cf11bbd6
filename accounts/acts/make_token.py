from accounts import operations
from accounts.audience import owner
from accounts.models import User
from journal.acts import Act, Notice

act = Act(
    record=User,
    name="make_token",
    verb=operations.make_token,
    words="生成接口令牌",
    icon="key",
    notices={
        "make_token": Notice(
            "{account}生成了新的接口令牌。不是本人办理的，请马上退出所有设备并更换密码", owner, tells_actor=True
        )
    },
)
