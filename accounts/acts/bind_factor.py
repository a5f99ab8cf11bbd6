from accounts import operations
from accounts.models import User
from journal.acts import NOBODY, Act

act = Act(record=User, name="bind_factor", verb=operations.bind_factor, notices={"bind_factor": NOBODY})
