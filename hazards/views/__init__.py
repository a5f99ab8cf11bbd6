from hazards.views.actions import act
from hazards.views.desk import desk
from hazards.views.detail import detail
from hazards.views.ledger import export, ledger
from hazards.views.registration import register

__all__ = [
    "act", "desk", "detail", "export", "ledger", "register",
]  # fmt: skip
