from accounts.views.events import account_events, sign_ins, unit_events
from accounts.views.factors import BindApp, BindPasskey, DropFactor, RenewCodes, factors
from accounts.views.own import ChangePassword, SignIn, SignOut, alive, me, resume, sign_in_again
from accounts.views.people import PersonAct, people, person, person_create
from accounts.views.second_step import SecondStep
from accounts.views.sessions import open_sessions, own_end_access, session_end
from accounts.views.tokens import person_token_revoke, token_new, token_revoke, tokens
from accounts.views.units import UnitAct, UnitPage, units
from accounts.views.verifications import verifications, verify

__all__ = [
    "BindApp", "BindPasskey", "ChangePassword", "DropFactor", "PersonAct", "RenewCodes", "SecondStep", "SignIn", "SignOut", "UnitAct", "UnitPage", "account_events", "alive", "factors", "me", "open_sessions", "own_end_access", "people", "person", "person_create", "person_token_revoke", "resume", "session_end", "sign_in_again", "sign_ins", "token_new", "token_revoke", "tokens", "unit_events", "units", "verifications", "verify",
]  # fmt: skip
