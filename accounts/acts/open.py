from accounts import operations
from accounts.models import User
from journal.acts import NOBODY, Act

act = Act(
    record=User, name="open", verb=operations.open_account, words="建立账号", icon="plus", notices={"open": NOBODY}
)
