from accounts import operations
from accounts.models import User
from journal.acts import NOBODY, Act

act = Act(
    record=User,
    name="revoke_token",
    verb=operations.revoke_token,
    words="撤销接口令牌",
    icon="x",
    looks={"revoke_token": "bad"},
    notices={"revoke_token": NOBODY},
)
