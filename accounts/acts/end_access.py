from accounts import operations
from accounts.forms import SeenForm
from accounts.models import User
from journal.acts import NOBODY, Act

act = Act(
    record=User,
    name="end_access",
    verb=operations.end_access,
    form=SeenForm,
    words="退出所有设备",
    strip="此人在所有设备上的登录立即结束，接口令牌全部失效，用过的设备不再记住。此人可以用密码（绑定了二次验证的，还要二次验证）重新登录。",
    done="已退出所有设备：{record}，接口令牌已全部失效",
    icon="logout",
    looks={"end_access": "bad"},
    is_danger=True,
    notices={"end_access": NOBODY},
)
