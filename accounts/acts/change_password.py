from accounts import operations
from accounts.models import User
from journal.acts import NOBODY, Act

act = Act(
    record=User,
    name="change_password",
    verb=operations.change_own_password,
    words="更换密码",
    icon="lock",
    notices={"change_password": NOBODY},
)
