from accounts import operations
from accounts.forms import SeenForm
from accounts.models import User
from journal.acts import NOBODY, Act

act = Act(
    record=User,
    name="reset_password",
    verb=operations.reset_password,
    form=SeenForm,
    words="重置密码",
    strip="将生成新密码并只显示一次；原密码和现有登录立即失效。",
    done="已重置密码，原来的登录全部失效",
    icon="lock",
    notices={"reset_password": NOBODY},
)
