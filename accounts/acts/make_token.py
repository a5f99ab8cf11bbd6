from accounts import operations
from accounts.models import User
from journal.acts import NOBODY, Act

act = Act(
    record=User,
    name="make_token",
    verb=operations.make_token,
    words="生成接口令牌",
    icon="key",
    notices={"make_token": NOBODY},
)
