from accounts import operations
from accounts.forms import SeenForm
from accounts.models import User
from journal.acts import NOBODY, Act

act = Act(
    record=User,
    name="deactivate",
    verb=operations.deactivate,
    form=SeenForm,
    words="停用账号",
    strip="此人将立即不能登录；已办理的记录不受影响。恢复使用须由安全管理员重新授权。",
    done={
        "deactivate": "已停用账号：{record}，不能再登录",
        "revoke": "已撤销授权：{record}，不能再登录",
    },
    icon="ban",
    looks={"deactivate": "bad", "revoke": "bad"},
    is_danger=True,
    notices={"deactivate": NOBODY, "revoke": NOBODY},
)
