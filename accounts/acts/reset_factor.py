from accounts import operations
from accounts.audience import owner_and_security_administrators
from accounts.forms import SeenForm
from accounts.models import User
from journal.acts import Act, Notice

act = Act(
    record=User,
    name="reset_factor",
    verb=operations.reset_factor,
    form=SeenForm,
    words="重置二次验证",
    strip="验证器、通行密钥和恢复码全部清除，现有登录立即失效；此后只凭密码登录，须有二次验证的角色登录后先重新绑定。请先当面核实是本人，本人和安全管理员会收到通知。",
    done="重置二次验证已完成：{record}，原来的登录全部失效",
    icon="shield-check",
    notices={"reset_factor": Notice("重置了{account}的二次验证", owner_and_security_administrators)},
)
