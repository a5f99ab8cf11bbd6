from accounts import operations
from accounts.models import User
from journal.acts import NOBODY, Act

act = Act(record=User, name="drop_factor", verb=operations.drop_factor, notices={"drop_factor": NOBODY})
