"""Mail servers with bad habits, put in the place of the real one by EMAIL_BACKEND."""

from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.locmem import EmailBackend as Outbox


class Refusing(BaseEmailBackend):
    def send_messages(self, email_messages):
        raise OSError("连接被拒绝")


class Killed(BaseEmailBackend):
    """The worker dies while it talks to the server: nothing after this line runs."""

    def send_messages(self, email_messages):
        raise SystemExit


class Interrupting(Outbox):
    """While this mail is being sent, another worker starts a run."""

    meanwhile = None

    def send_messages(self, email_messages):
        type(self).meanwhile()
        return super().send_messages(email_messages)
