from responsibilities.views.charges import ChargeAct, ChargeBirth, ChargePage, charges
from responsibilities.views.gaps import gaps
from responsibilities.views.lines import LineAct, LineBirth, LinePage, lines
from responsibilities.views.sheets import export, take

__all__ = [
    "ChargeAct", "ChargeBirth", "ChargePage", "LineAct", "LineBirth", "LinePage", "charges", "export", "gaps", "lines", "take",
]  # fmt: skip
