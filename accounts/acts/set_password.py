from accounts import operations
from accounts.models import User
from journal.acts import NOBODY, Act

act = Act(
    record=User,
    name="set_password",
    verb=operations.note_set_password,
    words="服务器上设置密码",
    icon="lock",
    notices={"set_password": NOBODY},
)
