import time

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self):
        user_logged_in.connect(note_sign_in, dispatch_uid="accounts.note_sign_in")


def note_sign_in(sender, request, user, **kwargs):
    """Whatever door somebody came in by: the session begins now, and knows from where."""
    from accounts import devices, sessions  # needs the models

    session = request.session
    session.pop(sessions.WHY, None)
    session["began_at"] = session["touched_at"] = int(time.time())
    session["peer"] = request.META.get("REMOTE_ADDR", "")[:45]
    session["device"] = devices.called(request.META.get("HTTP_USER_AGENT", ""))
