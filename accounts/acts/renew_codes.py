from accounts import operations
from accounts.models import User
from journal.acts import NOBODY, Act

act = Act(record=User, name="renew_codes", verb=operations.renew_codes, notices={"renew_codes": NOBODY})
