from accounts import operations
from accounts.models import User
from journal.acts import NOBODY, Act

act = Act(record=User, name="add", verb=operations.add_person, words="建立账号并启用", notices={"add": NOBODY})
