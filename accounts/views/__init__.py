from accounts.views.events import account_events, sign_ins, unit_events
from accounts.views.factors import BindApp, BindPasskey, DropFactor, RenewCodes, factors
from accounts.views.own import ChangePassword, SignIn, SignOut, alive, me, resume, sign_in_again
from accounts.views.people import PersonAct, people, person, person_create
from accounts.views.second_step import SecondStep
from accounts.views.units import UnitAct, UnitPage, units
from accounts.views.verifications import verifications, verify

__all__ = [
    "BindApp", "BindPasskey", "ChangePassword", "DropFactor", "PersonAct", "RenewCodes", "SecondStep", "SignIn", "SignOut", "UnitAct", "UnitPage",
    "account_events", "alive", "factors", "me", "people", "person", "person_create", "resume", "sign_in_again", "sign_ins", "unit_events", "units",
    "verifications", "verify",
]  # fmt: skip
