from accounts import operations
from accounts.models import Unit
from journal.acts import NOBODY, Act

act = Act(record=Unit, name="found", verb=operations.init_city, words="建立单位", notices={"found": NOBODY})
