from accounts.views.events import account_events
from accounts.views.own import ChangePassword, SignIn, me
from accounts.views.people import people, person, person_create, person_edit, person_grant, person_password, person_stop

__all__ = [
    "ChangePassword", "SignIn", "account_events", "me", "people", "person", "person_create", "person_edit", "person_grant",
    "person_password", "person_stop",
]  # fmt: skip
