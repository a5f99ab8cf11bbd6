from accounts import operations
from accounts.audience import security_administrators
from accounts.forms import SeenForm
from accounts.models import User
from journal.acts import Act, Notice

act = Act(
    record=User,
    name="reset_password",
    verb=operations.reset_password,
    form=SeenForm,
    words="重置密码",
    strip="将生成新密码并只显示一次；原密码和现有登录立即失效。本人用它登录后须先换成自己的密码，安全管理员会收到通知。",
    done="已重置密码，原来的登录全部失效",
    icon="lock",
    notices={"reset_password": Notice("重置了{account}的密码", security_administrators)},
)
