from accounts import operations
from accounts.models import User
from journal.acts import NOBODY, Act

act = Act(record=User, name="readmit", verb=operations.readmit, words="恢复启用", notices={"readmit": NOBODY})
