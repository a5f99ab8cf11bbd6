from accounts import operations
from accounts.audience import owner_and_security_administrators
from accounts.models import User
from journal.acts import Act, Notice

act = Act(
    record=User,
    name="clear_factor",
    verb=operations.clear_factor,
    notices={"clear_factor": Notice("在服务器上重置了{account}的二次验证", owner_and_security_administrators)},
)
