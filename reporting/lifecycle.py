"""The law page of reports: their states and the moves between them; see `journal.lifecycle`.

That a report is late is no state: it follows from when it was filed, or was not, and when it was due.
"""

from django.db import models

from journal.lifecycle import STAYS, UNBORN, Lifecycle, Move, by_system
from reporting import rules


class State(models.TextChoices):
    PENDING = "pending", "待报"
    FILED = "filed", "已报"
    RETURNED = "returned", "退回重报"
    EXCUSED = "excused", "免报"


PENDING, FILED, RETURNED, EXCUSED = State
OPEN = (PENDING, RETURNED)  # what somebody still owes

LAW = Lifecycle(
    State,
    Move("open",          "下发",     (UNBORN,), PENDING,  by_system),
    Move("file",          "上报",     OPEN,      FILED,    rules.files),
    Move("file_zero",     "零报告",   OPEN,      FILED,    rules.files, act="file"),
    Move("return_report", "退回重报", (FILED,),  RETURNED, rules.receives),
    Move("chase",         "催报",     OPEN,      STAYS,    rules.receives),
    Move("excuse",        "免报",     OPEN,      EXCUSED,  rules.receives),
)  # fmt: skip
